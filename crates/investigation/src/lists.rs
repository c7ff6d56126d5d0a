//! Lists from elsewhere: files of entities, read line by line.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::fs::File;
use std::hash::{Hash, Hasher as _};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use entity::{Entity, Trouble};
use matching::linkage;
use sealing::Hasher;

use crate::{Failure, Whose};

/// What a list is, apart from its entities.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ListRead {
    /// The file's name, without its folder.
    pub name: String,
    /// Of the whole file: the list is pinned by it.
    pub sha256: String,
    pub bytes: u64,
    pub entities: u64,
    /// What a reader should know, line by line; at most [`MOST_NOTES`] are kept, `more` counts the others.
    pub notes: Vec<Note>,
    pub more: u64,
    /// Records that were left out, each with a note.
    pub unread: u64,
    /// Records whose id another list of the case has too: claims about the same.
    pub shared: u64,
}

/// Something about one line of a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// From 1; of a table, the row's first line.
    pub line: u64,
    pub id: Option<String>,
    pub what: String,
}

/// Notes of one list that are kept.
pub const MOST_NOTES: usize = 1_000;

/// A line of JSON lines longer than this is told as a fault and skipped.
const MOST_LINE: usize = 256 << 20;

/// How to read a list.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// The schema of a table that has no column for it.
    pub schema: Option<String>,
    /// The list as it was on this day (`2023-06-13`): records first seen later or last seen earlier are left out.
    pub as_of: Option<String>,
    /// Stands before ids that a table does not have or that are bare numbers, so that row 1 of one table is not taken
    /// for row 1 of another.
    pub prefix: Option<String>,
}

/// Reads a file of entities: FollowTheMoney JSON lines, or a table (comma, semicolon or tab) with a heading, among
/// them the `targets.simple.csv` of OpenSanctions. Each entity is given with its values in canonical form; `told`
/// hears of the bytes read.
///
/// # Errors
/// If the file cannot be read, or is neither.
pub fn read_list(
    path: &Path,
    options: &ListOptions,
    each: impl FnMut(Entity),
    told: impl FnMut(u64, u64),
) -> Result<ListRead, Failure> {
    let file = File::open(path).map_err(|error| unreadable(&path.display().to_string(), &error))?;
    let total = file.metadata().map_or(0, |m| m.len());
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    read_from(file, &name, total, options, each, told)
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(
        Whose::You,
        "unreadable",
        format!("`{name}` cannot be read: {error}"),
    )
}

/// [`read_list`] from wherever the bytes come; `total` of them, if it is known.
pub(crate) fn read_from(
    from: impl Read,
    name: &str,
    total: u64,
    options: &ListOptions,
    mut each: impl FnMut(Entity),
    mut told: impl FnMut(u64, u64),
) -> Result<ListRead, Failure> {
    let unreadable = |error: std::io::Error| unreadable(name, &error);
    let mut input = BufReader::with_capacity(
        1 << 20,
        Hashed {
            inner: from,
            hasher: Hasher::new(),
            bytes: 0,
        },
    );
    let mut list = ListRead {
        name: name.to_owned(),
        sha256: String::new(),
        bytes: 0,
        entities: 0,
        notes: Vec::new(),
        more: 0,
        unread: 0,
        shared: 0,
    };
    let first = loop {
        let seen = input.fill_buf().map_err(unreadable)?;
        let Some(first) = seen
            .iter()
            .position(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b))
        else {
            if seen.is_empty() {
                break None;
            }
            let length = seen.len();
            input.consume(length);
            continue;
        };
        break seen.get(first).copied();
    };
    let mut lines: HashMap<u64, u64> = HashMap::new();
    let mut take = |list: &mut ListRead, line: u64, mut entity: Entity| {
        if options
            .as_of
            .as_deref()
            .is_some_and(|day| !stood_on(&entity, day))
        {
            return;
        }
        for trouble in entity.normalise() {
            // What is missing is no fault of an import; registers often lack what people must give.
            if !matches!(trouble, Trouble::Missing { .. }) {
                list.note(line, Some(&entity.id), trouble.to_string());
            }
        }
        match lines.entry(hash(&entity.id)) {
            Entry::Occupied(first) => {
                let what = format!(
                    "line {} has a record of the same id; both are kept, as claims about one",
                    first.get()
                );
                list.note(line, Some(&entity.id), what);
            }
            Entry::Vacant(place) => {
                place.insert(line);
            }
        }
        list.entities += 1;
        each(entity);
    };
    match first {
        None => {}
        Some(b'{') => {
            let mut line = Vec::new();
            for number in 1.. {
                line.clear();
                let read = (&mut input)
                    .take(MOST_LINE as u64 + 1)
                    .read_until(b'\n', &mut line)
                    .map_err(unreadable)?;
                if read == 0 {
                    break;
                }
                if read > MOST_LINE {
                    list.unread += 1;
                    list.note(
                        number,
                        None,
                        "the line is longer than 256 MiB; it is left out".into(),
                    );
                    input.skip_until(b'\n').map_err(unreadable)?;
                    continue;
                }
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_start_matches('\u{feff}').trim();
                if text.is_empty() {
                    continue;
                }
                match entity::read_line(text) {
                    Ok(entity) => take(&mut list, number, entity),
                    Err(error) => {
                        list.unread += 1;
                        list.note(number, None, format!("left out: {error}"));
                    }
                }
                if number % 4096 == 0 {
                    told(input.get_ref().bytes, total);
                }
            }
        }
        Some(_) => table(&mut input, options, &mut list, &mut take, |bytes| {
            told(bytes, total)
        })?,
    }
    std::io::copy(&mut input, &mut std::io::sink()).map_err(unreadable)?;
    let hashed = input.into_inner();
    list.bytes = hashed.bytes;
    list.sha256 = hashed.hasher.finish().0.to_string();
    Ok(list)
}

impl ListRead {
    fn note(&mut self, line: u64, id: Option<&str>, what: String) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note {
                line,
                id: id.map(str::to_owned),
                what,
            });
        } else {
            self.more += 1;
        }
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Whether a record was on its list on a day, as far as it says when it was first and last seen there.
fn stood_on(entity: &Entity, day: &str) -> bool {
    let at = |name: &str| entity.context.get(name).and_then(|value| value.as_str());
    let cut = |date: &str| date.get(..day.len()).unwrap_or(date).to_owned();
    at("first_seen").is_none_or(|first| cut(first).as_str() <= day)
        && at("last_seen").is_none_or(|last| cut(last).as_str() >= day)
}

/// A heading of ours for a heading of theirs.
fn heading(name: &str) -> String {
    let plain: String = name
        .trim_start_matches('\u{feff}')
        .trim()
        .chars()
        .filter(|c| !matches!(c, '_' | ' ' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect();
    let ours = match plain.as_str() {
        "fullname" | "names" | "성함" | "名字" | "entityname" | "company" | "companyname"
        | "vesselname" | "이름" | "성명" | "姓名" | "名称" => "name",
        "aliases" | "alias" | "aka" | "othernames" | "별칭" | "别名" => "alias",
        "birthdate" | "dob" | "dateofbirth" | "born" | "생년월일" | "생일" | "출생일"
        | "出生日期" | "出生年月日" | "生日" => "birthDate",
        "birthplace" | "placeofbirth" | "pob" | "출생지" | "고향" | "본적" | "出生地" | "籍贯"
        | "籍貫" => "birthPlace",
        "countries" | "country" | "국가" | "国家" => "country",
        "nationality" | "nationalities" | "citizenship" | "국적" | "国籍" => "nationality",
        "addresses" | "address" | "주소" | "地址" => "address",
        "identifiers" | "identifier" | "idnumber" => "idNumber",
        "imo" | "imonumber" => "imoNumber",
        "sex" | "gender" | "성별" | "性别" => "gender",
        "phones" | "phone" => "phone",
        "emails" | "email" => "email",
        "passport" | "passportnumber" => "passportNumber",
        "registrationnumber" | "regnumber" => "registrationNumber",
        "entityid" | "id" | "uid" | "no" | "nr" | "번호" | "연번" | "일련번호" | "序号"
        | "編號" | "编号" => "id",
        "schema" | "type" => "schema",
        _ => return name.trim_start_matches('\u{feff}').trim().to_owned(),
    };
    ours.to_owned()
}

fn table(
    input: &mut BufReader<Hashed<impl Read>>,
    options: &ListOptions,
    list: &mut ListRead,
    take: &mut impl FnMut(&mut ListRead, u64, Entity),
    mut told: impl FnMut(u64),
) -> Result<(), Failure> {
    let bad = |error: csv::Error| {
        Failure::new(Whose::You, "bad-table", format!("`{}` is no table that can be read: {error}", "the list"))
            .hint("give JSON lines of FollowTheMoney, or a table with a heading whose columns are `name`, `schema` and properties")
    };
    let start = input.fill_buf().map_err(|error| bad(error.into()))?;
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|b| **b == mark).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b',');
    // What stands in memory already says how the list writes its dates.
    let beginning = start.to_vec();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(input);
    let columns: Vec<String> = reader
        .byte_headers()
        .map_err(bad)?
        .iter()
        .map(|name| heading(&String::from_utf8_lossy(name)))
        .collect();
    let dates: Vec<Option<Habit>> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            DATES
                .contains(&name.as_str())
                .then(|| habit(&beginning, delimiter, at))
        })
        .collect();
    if !columns.iter().any(|c| c == "name") {
        return Err(Failure::new(
            Whose::You,
            "no-name-column",
            format!("`{}` has no column of names", list.name),
        )
        .hint("its first line must be a heading with a column `name`"));
    }
    let person = columns.iter().any(|c| {
        matches!(
            c.as_str(),
            "birthDate" | "gender" | "nationality" | "passportNumber"
        )
    });
    let default = options
        .schema
        .clone()
        .unwrap_or_else(|| if person { "Person" } else { "LegalEntity" }.to_owned());
    let mut row = csv::ByteRecord::new();
    let mut number = 0u64;
    while reader.read_byte_record(&mut row).map_err(bad)? {
        number += 1;
        let line = row.position().map_or(number + 1, csv::Position::line);
        let cells: Vec<String> = row
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect();
        let cells = dated(cells, &dates, &columns, list, line);
        let mut cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let mut columns = columns.clone();
        let place = columns.iter().position(|c| c == "id");
        let own = place
            .and_then(|at| cells.get(at))
            .map_or("", |cell| cell.trim());
        let id = match &options.prefix {
            Some(prefix) if own.is_empty() => format!("{prefix}-row-{number}"),
            Some(prefix) => of_this_table(prefix, own),
            None if own.is_empty() => format!("row-{number}"),
            None => own.to_owned(),
        };
        match place {
            Some(at) => {
                if let Some(cell) = cells.get_mut(at) {
                    *cell = &id;
                }
            }
            None => {
                columns.push("id".into());
                cells.resize(columns.len().saturating_sub(1), "");
                cells.push(&id);
            }
        }
        match entity::from_row(&columns, &cells, Some(&default)) {
            Ok(mut entity) => {
                for name in [
                    "first_seen",
                    "last_seen",
                    "dataset",
                    "last_change",
                    "sanctions",
                    "program_ids",
                ] {
                    if let Some(values) = entity.properties.remove(name) {
                        entity
                            .context
                            .insert(name.into(), serde_json::Value::String(values.join(";")));
                    }
                }
                rename(&mut entity);
                if let Some(prefix) = &options.prefix {
                    refer_within(&mut entity, prefix);
                }
                take(list, line, entity);
            }
            Err(error) => {
                list.unread += 1;
                list.note(line, None, format!("left out: {error}"));
            }
        }
        if number.is_multiple_of(4096) {
            told(reader.get_ref().get_ref().bytes);
        }
    }
    Ok(())
}

/// Properties of tables that hold dates.
const DATES: &[&str] = &["birthDate", "deathDate", "date", "startDate", "endDate"];

/// Which of two small numbers of its dates a column puts first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    DayFirst,
    MonthFirst,
    /// It does not say, or says both.
    Unknown,
}

fn habit(beginning: &[u8], delimiter: u8, column: usize) -> Habit {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(beginning);
    let mut row = csv::ByteRecord::new();
    let (mut day, mut month) = (false, false);
    while reader.read_byte_record(&mut row).unwrap_or(false) {
        let cell = String::from_utf8_lossy(row.get(column).unwrap_or_default()).into_owned();
        match linkage::day_first(&cell) {
            Some(true) => day = true,
            Some(false) => month = true,
            None => {}
        }
    }
    match (day, month) {
        (true, false) => Habit::DayFirst,
        (false, true) => Habit::MonthFirst,
        _ => Habit::Unknown,
    }
}

/// The cells with dates as ISO 8601: `1962년 5월 8일`, `1962年5月8日`, `22/10/1983`. Where day and month can change
/// places it is told: they are read as the other dates of the column are, or only the year is taken.
fn dated(
    mut cells: Vec<String>,
    dates: &[Option<Habit>],
    columns: &[String],
    list: &mut ListRead,
    line: u64,
) -> Vec<String> {
    for ((cell, habit), column) in cells.iter_mut().zip(dates).zip(columns) {
        let Some(habit) = habit else { continue };
        let read = match linkage::read_date(cell) {
            linkage::DateRead::Date(read) => read,
            // A time of day behind it, or no date: as it stands.
            linkage::DateRead::No => continue,
            linkage::DateRead::Open {
                day_first,
                month_first,
            } => {
                let (read, how) = match habit {
                    Habit::DayFirst => (day_first, "as the others of this column say, day first"),
                    Habit::MonthFirst => {
                        (month_first, "as the others of this column say, month first")
                    }
                    Habit::Unknown => (
                        day_first.get(..4).unwrap_or_default().to_owned(),
                        "no other date of this column says which; only the year is taken",
                    ),
                };
                list.note(
                    line,
                    None,
                    format!("`{}` of `{column}` can have the day or the month first: read as {read}, {how}", cell.trim()),
                );
                read
            }
        };
        if !cell.contains(':') {
            *cell = read;
        }
    }
    cells
}

/// An id with the prefix of its table, if it is a bare number.
fn of_this_table(prefix: &str, id: &str) -> String {
    if id.bytes().all(|b| b.is_ascii_digit()) {
        format!("{prefix}-{id}")
    } else {
        id.to_owned()
    }
}

/// What refers to rows of the same table by their numbers goes on doing so.
fn refer_within(entity: &mut Entity, prefix: &str) {
    let Some(schema) = entity.schema() else {
        return;
    };
    let links = |name: &String| {
        let property = schema.properties.get(name);
        property.is_some_and(|property| property.kind == entity::Kind::Entity)
    };
    for (_, values) in entity.properties.iter_mut().filter(|(name, _)| links(name)) {
        for value in values {
            *value = of_this_table(prefix, value);
        }
    }
}

/// Columns that tables share, under the name that the row's schema has for them.
fn rename(entity: &mut Entity) {
    let Some(schema) = entity.schema() else {
        return;
    };
    for (general, narrow) in [
        ("birthDate", &["incorporationDate", "buildDate"][..]),
        ("country", &["nationality", "jurisdiction", "flag"][..]),
        ("nationality", &["country"][..]),
        ("idNumber", &["registrationNumber"][..]),
    ] {
        if schema.properties.contains_key(general) {
            continue;
        }
        if let Some(to) = narrow
            .iter()
            .find(|name| schema.properties.contains_key(**name))
            && let Some(values) = entity.properties.remove(general)
        {
            for value in values {
                entity.add(to, value);
            }
        }
    }
}

struct Hashed<R> {
    inner: R,
    hasher: Hasher,
    bytes: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let got = buffer.get(..read).unwrap_or_default();
        self.hasher.update(got);
        self.bytes += got.len() as u64;
        Ok(read)
    }
}
