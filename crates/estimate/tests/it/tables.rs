//! Reading tables, good and bad.

use estimate::{Columns, Table, TableError, TableRead, read};

/// Cells of a text without quotes inside cells.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let line = |line: &str| {
        line.split(',')
            .map(|cell| cell.trim_matches('"').to_owned())
            .collect()
    };
    text.lines().map(line).collect()
}

/// A table of the data folder.
pub(crate) fn table(name: &str) -> Table {
    let path = format!("{}/tests/data/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let read = read(&rows(&text), &Columns::default()).expect("a table");
    read.strata.into_iter().next().expect("one stratum").1
}

fn check(text: &str) -> Result<TableRead, TableError> {
    read(&rows(text), &Columns::default())
}

fn check_error(text: &str, says: &str) {
    let error = check(text).expect_err(text).to_string();
    assert!(error.contains(says), "{error}");
}

fn only(read: Result<TableRead, TableError>) -> Table {
    read.expect("a table").strata.swap_remove(0).1
}

#[test]
fn published_tables_have_their_totals() {
    for (name, lists, observed) in [
        ("Kosovo_silverman", 4, 4400),
        ("Korea_silverman", 3, 123),
        ("UKdat", 6, 2744),
        ("UKdat_5", 5, 2744),
        ("Ned", 6, 8234),
        ("NewOrl", 8, 185),
        ("NewOrl_5_v2", 5, 186),
        ("Western", 5, 345),
        ("Artificial_3", 3, 96),
        ("Rcapture_hare", 6, 68),
        ("Rcapture_HIV", 4, 1896),
    ] {
        let table = table(name);
        assert_eq!(
            (table.width(), table.observed()),
            (lists, observed),
            "{name}"
        );
    }
}

#[test]
fn counts_or_people() {
    let counted = only(check("A,B,n\n1,0,3\n0,1,2\n1,1,1"));
    let people = only(check("A,B\n1,0\n1,0\n1,0\n0,1\n0,1\n1,1"));
    assert_eq!(counted, people);
    // Without a heading that says so, a last column of more than 0 and 1 is a count.
    assert_eq!(only(check("A,B,weight\n1,0,3\n0,1,2\n1,1,1")), people);
    // A heading that says so, even where all counts are 0 or 1.
    let ones = only(check("A,B,Count\n1,0,1\n0,1,1\n1,1,0"));
    assert_eq!(ones.counts(), [0, 1, 1, 0]);
    assert_eq!(
        only(check("A,B,명수\n1,0,1e+05\n0,1,2\n1,1,1")).observed(),
        100_003
    );
}

#[test]
fn strata_and_columns_that_are_no_lists() {
    let text = "id,camp,A,B\np1,north,1,0\np2,south,1,1\np3,north,0,1";
    check_error(text, "column `id`: `p1` is neither 0 nor 1");
    let columns = Columns {
        strata: Some("camp".into()),
        ignore: vec!["id".into()],
        count: None,
    };
    let read = read(&rows(text), &columns).expect("two tables");
    let seen: Vec<(&str, u64)> = read
        .strata
        .iter()
        .map(|(s, t)| (s.as_str(), t.observed()))
        .collect();
    assert_eq!(seen, [("north", 2), ("south", 1)]);
    assert!(read.row_a_person);
}

#[test]
fn what_is_left_out_or_added_is_told() {
    let read = check("A,B,n\n0,0,9\n1,0,3\n1,0,2\n0,1,1\n1,1,1").expect("a table");
    let codes: Vec<&str> = read.problems.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["on-no-list", "rows-added"]);
    assert_eq!(read.strata[0].1.counts(), [0, 5, 1, 1]);
}

#[test]
fn bad_tables_are_told_in_clear_words() {
    check_error("", "empty");
    check_error("A,B,n", "no rows");
    check_error("A,A,n\n1,0,2", "two columns are called `A`");
    check_error("A,B,n\n1,0,-2", "row 1, column `n`: -2 is a negative count");
    check_error(
        "A,B,n\n1,0,2\n1,1,2.5",
        "row 2, column `n`: 2.5 is no whole number",
    );
    check_error("A,B,n\n1,0,many", "`many` is no count");
    check_error("A,B,n\n1,0,inf", "`inf` is no count");
    check_error("A,B,n\n2,0,4", "`2` is neither 0 nor 1");
    check_error("A,B,n\n1,,4", "`` is neither 0 nor 1");
    check_error("A,B,n\n1,0", "row 1 has 2 cells, the heading has 3");
    check_error("A,B,n\n1,0,99999999999999999999", "is no count");
    check_error("A,B,n\n1,0,9000000000000", "more than");
    let wide: Vec<String> = (0..17).map(|j| format!("L{j}")).collect();
    check_error(
        &format!("{}\n{}", wide.join(","), vec!["1"; 17].join(",")),
        "17 lists",
    );
}
