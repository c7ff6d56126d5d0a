//! Which columns of the lists stand beside one another.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::kind::{self, Kind};
use super::sheet::Sheet;

/// One thing that the lists tell of their records, with the columns that tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// `name`, `birth_date`, or the heading.
    pub name: String,
    pub kind: Kind,
    /// For each list, by its name: headings. Several say the same in other words (a name in two scripts); a heading
    /// with ` + ` joins the cells of two columns (`surname + given_name`).
    pub from: BTreeMap<String, Vec<String>>,
}

/// Something that should be known before two lists are linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// `list-twice`, `no-m`, `block-cut` … stable.
    pub code: &'static str,
    pub message: String,
}

impl Remark {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Joins the headings of two columns whose cells are read as one.
pub(super) const JOIN: &str = " + ";

/// Fields beyond this many are not compared.
pub(super) const MOST_FIELDS: usize = 16;

/// Finds out what the columns hold and which of several lists belong together; [`Kind::Record`] fields are given as
/// well, and are not compared. Columns that only one list has are told and left out.
#[must_use]
pub fn recognise(sheets: &[Sheet]) -> (Vec<Field>, Vec<Remark>) {
    let mut remarks = Vec::new();
    // For each list: the name of each of its fields, with its kind and headings.
    let mut lists: Vec<BTreeMap<String, (Kind, Vec<String>)>> =
        sheets.iter().map(of_sheet).collect();
    full_names(&mut lists);
    ages_and_years(&mut lists);
    let mut order: Vec<String> = Vec::new();
    for sheet in sheets.iter().zip(&lists) {
        // In the order of the first list's columns.
        let headings = sheet.0.columns.iter().map(|c| c.heading.as_str());
        for heading in headings {
            let found = sheet.1.iter().find(|(_, (_, from))| {
                from.iter()
                    .any(|f| f.split(JOIN).any(|part| part == heading))
            });
            if let Some((name, _)) = found
                && !order.contains(name)
            {
                order.push(name.clone());
            }
        }
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut alone: Vec<String> = Vec::new();
    for name in order {
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut from = BTreeMap::new();
        for (sheet, list) in sheets.iter().zip(&lists) {
            if let Some((kind, headings)) = list.get(&name) {
                *kinds.entry(*kind).or_default() += sheet.rows().max(1);
                from.insert(sheet.name.clone(), headings.clone());
            }
        }
        let Some((kind, _)) = kinds.into_iter().max_by_key(|(_, rows)| *rows) else {
            continue;
        };
        if from.len() < 2 && sheets.len() > 1 && kind != Kind::Record {
            alone.extend(
                from.iter()
                    .map(|(list, headings)| format!("`{}` of {list}", headings.join("`, `"))),
            );
            continue;
        }
        fields.push(Field { name, kind, from });
    }
    if !alone.is_empty() {
        remarks.push(Remark::new(
            "column-alone",
            format!("only one list has {}; it is not compared", alone.join(", ")),
        ));
    }
    let compared = fields.iter().filter(|f| f.kind != Kind::Record).count();
    if compared > MOST_FIELDS {
        let mut kept = 0;
        let mut left = Vec::new();
        fields.retain(|field| {
            kept += usize::from(field.kind != Kind::Record);
            let stays = kept <= MOST_FIELDS || field.kind == Kind::Record;
            if !stays {
                left.push(field.name.clone());
            }
            stays
        });
        remarks.push(Remark::new(
            "too-many-columns",
            format!(
                "{MOST_FIELDS} columns are compared; left out: {}",
                left.join(", ")
            ),
        ));
    }
    (fields, remarks)
}

fn of_sheet(sheet: &Sheet) -> BTreeMap<String, (Kind, Vec<String>)> {
    let mut fields: BTreeMap<String, (Kind, Vec<String>)> = BTreeMap::new();
    for column in &sheet.columns {
        if column.texts.iter().all(|(_, cell)| kind::is_missing(cell)) {
            continue;
        }
        let known = kind::by_heading(&column.heading);
        let (kind, name) = match known {
            Some((kind, name)) => (settle(kind, column), name.to_owned()),
            None => {
                let kind = kind::by_cells(column);
                let name = match kind {
                    Kind::Name => "name".to_owned(),
                    Kind::Sex => "sex".to_owned(),
                    _ => column.heading.trim().to_lowercase(),
                };
                (kind, name)
            }
        };
        let names = matches!(kind, Kind::Name | Kind::Surname | Kind::GivenName);
        match fields.get_mut(&name) {
            // A name in a second script.
            Some((_, from)) if names && known.is_some() => from.push(column.heading.clone()),
            Some(_) => {
                fields.insert(
                    column.heading.trim().to_lowercase(),
                    (kind, vec![column.heading.clone()]),
                );
            }
            None => {
                fields.insert(name, (kind, vec![column.heading.clone()]));
            }
        }
    }
    fields
}

/// What the heading says is checked by the cells: a `date` of years alone, a `birth date` of words.
fn settle(kind: Kind, column: &super::sheet::Column) -> Kind {
    let cells = kind::by_cells(column);
    match (kind, cells) {
        (Kind::Date, Kind::Year) | (Kind::Year, Kind::Date) | (Kind::Place, Kind::Position) => {
            cells
        }
        (Kind::Date | Kind::Year | Kind::Age | Kind::Position | Kind::Sex, Kind::Text) => {
            Kind::Text
        }
        (Kind::Identifier, _) if column.texts.len() * 20 < column.cells.len() => Kind::Code,
        // A list may number its records by what looks like a number of something else.
        _ => kind,
    }
}

/// One list has full names, another has them in two columns: both get full names. A list that has both keeps the
/// parts where all have them.
fn full_names(lists: &mut [BTreeMap<String, (Kind, Vec<String>)>]) {
    let has = |list: &BTreeMap<String, (Kind, Vec<String>)>, name: &str| list.contains_key(name);
    let parts = |list: &BTreeMap<_, _>| has(list, "surname") && has(list, "given_name");
    if lists.iter().all(parts) {
        for list in lists {
            list.remove("name");
        }
        return;
    }
    for list in lists.iter_mut().filter(|list| parts(list)) {
        let (Some((_, surnames)), Some((_, given))) =
            (list.remove("surname"), list.remove("given_name"))
        else {
            continue;
        };
        let joined = surnames
            .iter()
            .zip(&given)
            .map(|(s, g)| format!("{s}{JOIN}{g}"));
        let joined: Vec<String> = joined.collect();
        list.entry("name".to_owned())
            .or_insert((Kind::Name, Vec::new()))
            .1
            .extend(joined);
    }
}

/// One list has dates of birth and another years of birth: what both tell is the year, and the date says it too.
fn ages_and_years(lists: &mut [BTreeMap<String, (Kind, Vec<String>)>]) {
    let dated: BTreeSet<bool> = lists
        .iter()
        .map(|list| list.contains_key("birth_date"))
        .collect();
    if dated.len() < 2 {
        return;
    }
    for list in lists.iter_mut() {
        if !list.contains_key("birth_date")
            && let Some((_, from)) = list.remove("birth_year")
        {
            // A year is a date that is not known to the day.
            list.insert("birth_date".to_owned(), (Kind::Date, from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(name: &str, headings: &[&str], rows: &[&[&str]]) -> Sheet {
        let mut sheet = Sheet::new(name, headings.iter().copied());
        for row in rows {
            sheet.push(row.iter().copied());
        }
        sheet
    }

    #[test]
    fn columns_of_two_languages_stand_beside_one_another() {
        let left = sheet(
            "a.csv",
            &["no", "성명", "생년월일", "성별", "비고"],
            &[&["1", "김철호", "1970-01-02", "남", "x y"]],
        );
        let right = sheet(
            "b.csv",
            &["Surname", "Given name", "Sex", "Year of birth"],
            &[&["Kim", "Chol Ho", "m", "1970"]],
        );
        let (fields, remarks) = recognise(&[left, right]);
        let told: Vec<String> = fields
            .iter()
            .map(|f| {
                let from = |list: &str| f.from.get(list).map_or("-".to_owned(), |h| h.join("|"));
                format!(
                    "{} {:?}: {} / {}",
                    f.name,
                    f.kind,
                    from("a.csv"),
                    from("b.csv")
                )
            })
            .collect();
        expect_test::expect![[r#"
            record Record: no / -
            name Name: 성명 / Surname + Given name
            birth_date Date: 생년월일 / Year of birth
            sex Sex: 성별 / Sex"#]]
        .assert_eq(&told.join("\n"));
        assert_eq!(remarks.len(), 1);
        assert!(remarks[0].message.contains("비고"), "{remarks:?}");
    }

    #[test]
    fn a_name_in_two_scripts_is_one_field() {
        let list = sheet(
            "a.csv",
            &["name_ko", "name_en", "dob"],
            &[&["김철호", "Kim Chol Ho", "1970"]],
        );
        let (fields, _) = recognise(&[list]);
        assert_eq!(fields[0].from["a.csv"], ["name_ko", "name_en"]);
        assert_eq!(fields[1].kind, Kind::Year);
    }
}
