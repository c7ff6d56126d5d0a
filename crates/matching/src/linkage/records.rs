//! The records of all lists, made ready to be compared: for each field the number of a folded value.

use std::borrow::Cow;

use names::fold;

use super::blocking::Made;
use super::fields::{Field, JOIN, Remark};
use super::kind::{self, Kind};
use super::reading::{Form, Part, forms};
use super::sheet::Sheet;
use super::texts::Texts;
use super::written::{self, Order, Written};

/// All records of some lists, one after the other, with what is compared of each.
#[derive(Debug)]
pub struct Records<'a> {
    pub sheets: &'a [Sheet],
    /// The compared fields; record numbers are not among them.
    pub fields: Vec<Field>,
    /// The number of the first record of each list, and that of the end.
    pub starts: Vec<usize>,
    pub(super) values: Vec<Values>,
    /// For each record the numbers of its values, one for each field; 0 is missing.
    pub(super) codes: Vec<u32>,
    pub(super) made: Made,
}

/// The distinct values of a field.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    pub(super) texts: Texts,
    /// How many records have each.
    pub(super) counts: Vec<u32>,
    /// Records that have any.
    pub(super) filled: u64,
    pub(super) more: More,
}

/// What is known of each value beside its text.
#[derive(Clone, Debug, Default)]
pub(super) enum More {
    #[default]
    Nothing,
    /// Forms of names, and for each value where its forms start; the texts of their parts.
    Names {
        parts: Texts,
        forms: Vec<Form>,
        starts: Vec<u32>,
    },
    Dates(Vec<Written>),
    Numbers(Vec<i32>),
    Positions(Vec<(f32, f32)>),
}

impl Values {
    pub(super) fn forms(&self, value: u32) -> &[Form] {
        let More::Names { forms, starts, .. } = &self.more else {
            return &[];
        };
        let at = |value: u32| {
            starts
                .get(value as usize)
                .map_or(forms.len(), |at| *at as usize)
        };
        forms.get(at(value)..at(value + 1)).unwrap_or_default()
    }
}

/// A record by its list and its row, each from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub list: usize,
    pub row: usize,
}

impl<'a> Records<'a> {
    /// Reads the cells of all lists by what the fields say they are.
    #[must_use]
    pub fn new(sheets: &'a [Sheet], fields: &[Field]) -> (Self, Vec<Remark>) {
        let fields: Vec<Field> = fields
            .iter()
            .filter(|f| f.kind != Kind::Record)
            .cloned()
            .collect();
        let mut starts = vec![0];
        let mut rows = 0;
        for sheet in sheets {
            rows += sheet.rows();
            starts.push(rows);
        }
        let mut records = Self {
            sheets,
            starts,
            values: Vec::new(),
            codes: vec![0; rows * fields.len()],
            fields: Vec::new(),
            made: Made::default(),
        };
        let mut remarks = Vec::new();
        let width = fields.len();
        for (at, field) in fields.iter().enumerate() {
            let mut reader = Reader::new(field.kind);
            for (sheet, start) in sheets.iter().zip(&records.starts) {
                let columns = columns(sheet, field, &mut remarks);
                let row = |row: usize, value: u32| {
                    if let Some(code) = records.codes.get_mut((start + row) * width + at) {
                        *code = value;
                    }
                };
                reader.read(sheet, &columns, field, row, &mut remarks);
            }
            let mut values = reader.values;
            values.counts = vec![0; values.texts.len()];
            for code in records.codes.iter().skip(at).step_by(width) {
                if let Some(count) = values.counts.get_mut(*code as usize) {
                    *count += 1;
                }
            }
            values.filled = values.counts.iter().skip(1).map(|c| u64::from(*c)).sum();
            records.values.push(values);
        }
        records.fields = fields;
        (records, remarks)
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of a record's values, one for each field.
    pub(super) fn codes(&self, record: u32) -> &[u32] {
        let width = self.fields.len();
        let at = record as usize * width;
        self.codes.get(at..at + width).unwrap_or_default()
    }

    /// Where a record stands.
    #[must_use]
    pub fn place(&self, record: u32) -> Place {
        let record = record as usize;
        let list = self
            .starts
            .partition_point(|start| *start <= record)
            .saturating_sub(1);
        Place {
            list,
            row: record - self.starts.get(list).copied().unwrap_or(0),
        }
    }

    /// The record at a place, if there is one.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<u32> {
        let (start, end) = (
            self.starts.get(place.list)?,
            self.starts.get(place.list + 1)?,
        );
        let record = start.checked_add(place.row).filter(|record| record < end)?;
        u32::try_from(record).ok()
    }

    /// The list of a record.
    pub(super) fn list_of(&self, record: u32) -> usize {
        self.place(record).list
    }

    /// The cells that a field has of a record, as they were written.
    #[must_use]
    pub fn written(&self, record: u32, field: usize) -> String {
        let place = self.place(record);
        let (Some(sheet), Some(field)) = (self.sheets.get(place.list), self.fields.get(field))
        else {
            return String::new();
        };
        let mut ignored = Vec::new();
        let columns = columns(sheet, field, &mut ignored);
        cell(sheet, &columns, place.row).into_owned()
    }

    /// How many pairs there are of records that may be compared: of two lists, or, with `within`, any two.
    #[must_use]
    pub fn all_pairs(&self, within: bool) -> u64 {
        let pairs = |n: usize| n as u64 * (n as u64).saturating_sub(1) / 2;
        let sizes = self
            .starts
            .windows(2)
            .map(|w| w.last().unwrap_or(&0) - w.first().unwrap_or(&0));
        let inside: u64 = if within { 0 } else { sizes.map(pairs).sum() };
        pairs(self.len()) - inside
    }
}

/// For each heading of a field in a list: the columns that it joins.
fn columns(sheet: &Sheet, field: &Field, remarks: &mut Vec<Remark>) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    for heading in field.from.get(&sheet.name).into_iter().flatten() {
        let at = |heading: &str| sheet.columns.iter().position(|c| c.heading == heading);
        // A heading may have the joining mark in itself.
        let columns: Option<Vec<usize>> = at(heading)
            .map(|one| vec![one])
            .or_else(|| heading.split(JOIN).map(at).collect());
        match columns {
            Some(columns) => found.push(columns),
            None => remarks.push(Remark::new(
                "no-column",
                format!(
                    "{} has no column `{heading}` for the field `{}`",
                    sheet.name, field.name
                ),
            )),
        }
    }
    found
}

/// The cells of a row that belong to a field, as one text.
fn cell<'s>(sheet: &'s Sheet, columns: &[Vec<usize>], row: usize) -> Cow<'s, str> {
    if let [one] = columns
        && let [column] = one.as_slice()
    {
        return Cow::Borrowed(sheet.cell(row, *column));
    }
    let mut out = String::new();
    for joined in columns {
        let cells: Vec<&str> = joined
            .iter()
            .map(|c| sheet.cell(row, *c).trim())
            .filter(|cell| !kind::is_missing(cell))
            .collect();
        if cells.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(" / ");
        }
        // A comma says which is the surname; characters stand without.
        let letters = cells
            .iter()
            .all(|c| c.chars().any(|c| c.is_ascii_alphabetic()));
        out.push_str(&cells.join(if letters && cells.len() == 2 {
            ", "
        } else {
            " "
        }));
    }
    Cow::Owned(out)
}

/// Reads the cells of one field.
struct Reader {
    kind: Kind,
    values: Values,
}

impl Reader {
    fn new(kind: Kind) -> Self {
        let more = match kind {
            Kind::Name | Kind::Surname | Kind::GivenName => More::Names {
                parts: Texts::default(),
                forms: Vec::new(),
                starts: vec![0, 0],
            },
            Kind::Date => More::Dates(vec![Written::Digits(0)]),
            Kind::Year | Kind::Age => More::Numbers(vec![0]),
            Kind::Position => More::Positions(vec![(0.0, 0.0)]),
            _ => More::Nothing,
        };
        Self {
            kind,
            values: Values {
                more,
                ..Values::default()
            },
        }
    }

    fn read(
        &mut self,
        sheet: &Sheet,
        columns: &[Vec<usize>],
        field: &Field,
        mut set: impl FnMut(usize, u32),
        remarks: &mut Vec<Remark>,
    ) {
        let order = if self.kind == Kind::Date {
            habit(sheet, columns, field, remarks)
        } else {
            Order::default()
        };
        let mut unread: u64 = 0;
        let mut example = String::new();
        let mut tell = |cell: &str, value: u32| {
            if value == 0 && !kind::is_missing(cell) {
                unread += 1;
                if example.is_empty() {
                    example = cell.chars().take(40).collect();
                }
            }
        };
        if let [one] = columns
            && let [column] = one.as_slice()
            && let Some(column) = sheet.columns.get(*column)
        {
            // Each distinct cell is read once.
            let known: Vec<u32> = column
                .texts
                .iter()
                .map(|(_, cell)| self.value(cell, order))
                .collect();
            for (row, number) in column.cells.iter().enumerate() {
                let value = known.get(*number as usize).copied().unwrap_or(0);
                tell(column.texts.get(*number), value);
                set(row, value);
            }
        } else if !columns.is_empty() {
            for row in 0..sheet.rows() {
                let cell = cell(sheet, columns, row);
                let value = self.value(&cell, order);
                tell(&cell, value);
                set(row, value);
            }
        }
        if unread > 0 {
            remarks.push(Remark::new(
                "not-understood",
                format!(
                    "{}: {unread} cells of `{}` are no {} and count as missing, the first is `{example}`",
                    sheet.name,
                    field.name,
                    self.kind.label()
                ),
            ));
        }
    }

    /// The number of the folded value of a cell.
    fn value(&mut self, cell: &str, order: Order) -> u32 {
        if kind::is_missing(cell) {
            return 0;
        }
        let cell = cell.trim();
        match self.kind {
            Kind::Name => self.name(cell, Part::Whole),
            Kind::Surname => self.name(cell, Part::Surname),
            Kind::GivenName => self.name(cell, Part::Given),
            Kind::Date => written::date(cell, order).map_or(0, |date| {
                let More::Dates(dates) = &mut self.values.more else {
                    return 0;
                };
                let value = self.values.texts.intern(&format!("{:08}", date.digits()));
                if value as usize == dates.len() {
                    dates.push(date);
                }
                value
            }),
            Kind::Year => {
                let year = written::date(cell, order).map(Written::year);
                self.number(year.filter(|year| (1000..=9999).contains(year)))
            }
            Kind::Age => {
                let digits: String = cell.chars().take_while(char::is_ascii_digit).collect();
                self.number(digits.parse().ok().filter(|age| (0..=130).contains(age)))
            }
            Kind::Position => kind::position(cell).map_or(0, |(latitude, longitude)| {
                let More::Positions(positions) = &mut self.values.more else {
                    return 0;
                };
                let value = self
                    .values
                    .texts
                    .intern(&format!("{latitude:.4} {longitude:.4}"));
                if value as usize == positions.len() {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "a hundred metres are enough"
                    )]
                    positions.push((latitude as f32, longitude as f32));
                }
                value
            }),
            Kind::Sex => kind::sex(cell).map_or(0, |sex| self.values.texts.intern(sex)),
            Kind::Identifier | Kind::Code => {
                let mut folded = fold::plain(cell);
                folded.retain(char::is_alphanumeric);
                self.values.texts.intern(&folded)
            }
            Kind::Place | Kind::Text => {
                let folded = fold::plain(cell);
                let words: Vec<&str> = folded
                    .split(|c: char| !(c.is_alphanumeric() || c == '\''))
                    .filter(|word| !word.is_empty())
                    .collect();
                self.values.texts.intern(&words.join(" "))
            }
            Kind::Record => 0,
        }
    }

    fn number(&mut self, number: Option<i32>) -> u32 {
        let (Some(number), More::Numbers(numbers)) = (number, &mut self.values.more) else {
            return 0;
        };
        let value = self.values.texts.intern(&number.to_string());
        if value as usize == numbers.len() {
            numbers.push(number);
        }
        value
    }

    fn name(&mut self, cell: &str, part: Part) -> u32 {
        let More::Names {
            parts,
            forms: all,
            starts,
        } = &mut self.values.more
        else {
            return 0;
        };
        let before = all.len();
        forms(cell, part, parts, all);
        let key: Vec<&str> = all
            .iter()
            .skip(before)
            .map(|form| parts.get(form.text))
            .collect();
        let value = self.values.texts.intern(&key.join(" / "));
        if value as usize + 1 == starts.len() {
            starts.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        } else {
            // Known already, or nothing that can be read.
            all.truncate(before);
        }
        value
    }
}

/// Whether day or month stands first in a list's column, as far as its dates tell.
fn habit(sheet: &Sheet, columns: &[Vec<usize>], field: &Field, remarks: &mut Vec<Remark>) -> Order {
    let (mut days, mut months, mut open) = (0u64, 0u64, 0u64);
    for column in columns
        .iter()
        .flatten()
        .filter_map(|c| sheet.columns.get(*c))
    {
        for (_, cell) in column.texts.iter() {
            match written::order_of(cell) {
                Some(Order::DayFirst) => days += 1,
                Some(Order::MonthFirst) => months += 1,
                None => open += u64::from(written::is_open(cell)),
            }
        }
    }
    let order = if months > days {
        Order::MonthFirst
    } else {
        Order::DayFirst
    };
    let habit = if order == Order::DayFirst {
        "day first"
    } else {
        "month first"
    };
    if open > 0 && (days.min(months) > 0 || days + months == 0) {
        remarks.push(Remark::new(
            "day-or-month",
            format!(
                "{}: {open} dates of `{}` can be read with the day or the month first ({days} others say day, {months} month); they are read {habit}, and changed round they count as a level of their own",
                sheet.name, field.name
            ),
        ));
    }
    order
}
