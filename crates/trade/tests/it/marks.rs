//! Numbers, units and dates.

use trade::day::{self, Style, Wrong};
use trade::number::{Marks, Unit, number};

fn check_days(column: &[&str], expected: &[&str]) {
    let style = Style::of(column.iter().copied());
    let read: Vec<String> = column
        .iter()
        .map(|cell| match day::days(cell, &style) {
            Ok((days, false)) => day::written(days),
            Ok((days, true)) => format!("{} unclear", day::written(days)),
            Err(Wrong::Year(year)) => format!("year {year}"),
            Err(Wrong::NotADate) => "no date".to_owned(),
        })
        .collect();
    assert_eq!(read, expected, "{column:?}");
}

#[test]
fn a_range_may_have_days_at_its_ends() {
    check_days(
        &[
            "2023-02-10..2023-03-31",
            "2023-02-10..2023-03",
            "2023..2023-03-31",
            "13/02/2023 to 28/02/2023",
            "2023-03-31..2023-02-10",
        ],
        &[
            "2023-02-10..2023-03-31",
            "2023-02-10..2023-03-31",
            "2023-01-01..2023-03-31",
            "2023-02-13..2023-02-28",
            "no date",
        ],
    );
}

#[test]
fn dates_in_the_forms_of_the_trade() {
    check_days(
        &[
            "2023-01-05",
            "2023/1/5",
            "5 Jan 2023",
            "05-Jan-23",
            "January 5, 2023",
            "20230105",
            "44931",
            "2023年1月5日",
            "2023년 1월 5일",
            "2023-01-05T10:20:30Z",
            "2023-01-05 00:00:00",
            "05.01.2023",
        ],
        &["2023-01-05"; 12],
    );
    check_days(
        &[
            "2023-06",
            "Jun 2023",
            "2023",
            "Q2 2023",
            "early 2023",
            "Feb-Jun 2023",
            "2023-02..2023-06",
        ],
        &[
            "2023-06-01..2023-06-30",
            "2023-06-01..2023-06-30",
            "2023-01-01..2023-12-31",
            "2023-04-01..2023-06-30",
            "2023-01-01..2023-04-30",
            "2023-02-01..2023-06-30",
            "2023-02-01..2023-06-30",
        ],
    );
    check_days(
        &[
            "2203-01-05",
            "05/06/2203",
            "soon",
            "2023-02-30",
            "31/31/2023",
            "7",
        ],
        &[
            "year 2203",
            "year 2203",
            "no date",
            "no date",
            "no date",
            "no date",
        ],
    );
}

#[test]
fn a_column_decides_between_day_and_month() {
    check_days(&["03/04/2023", "13/04/2023"], &["2023-04-03", "2023-04-13"]);
    check_days(&["03/04/2023", "04/13/2023"], &["2023-03-04", "2023-04-13"]);
    // Nothing decides: the interval stays.
    check_days(
        &["03/04/2023", "05/05/2023"],
        &["2023-03-04..2023-04-03 unclear", "2023-05-05"],
    );
    // The column contradicts itself: what is clear by itself is read, what is not stays open.
    check_days(
        &["03/04/2023", "13/04/2023", "04/13/2023"],
        &["2023-03-04..2023-04-03 unclear", "2023-04-13", "2023-04-13"],
    );
    // Each separator is a style of its own.
    check_days(
        &["03/04/2023", "13-04-2023", "04/13/2023"],
        &["2023-03-04", "2023-04-13", "2023-04-13"],
    );
}

fn check_numbers(column: &[&str], unit: Option<Unit>, expected: &[(f64, f64)]) {
    let marks = Marks::of(column.iter().copied());
    let read: Vec<(f64, f64)> = column
        .iter()
        .map(|cell| {
            let number = number(cell, marks, unit).expect("a number");
            (number.low, number.high)
        })
        .collect();
    assert_eq!(read, expected, "{column:?}");
}

#[test]
fn a_column_decides_what_its_marks_mean() {
    check_numbers(
        &["1.234,5", "12.500"],
        None,
        &[(1234.5, 1234.5), (12500.0, 12500.0)],
    );
    check_numbers(
        &["1,234.5", "12,500"],
        None,
        &[(1234.5, 1234.5), (12500.0, 12500.0)],
    );
    check_numbers(
        &["10000,5", "12,500"],
        None,
        &[(10000.5, 10000.5), (12.5, 12.5)],
    );
    check_numbers(
        &["12 500", "1'234'567", "1,234,567"],
        None,
        &[
            (12500.0, 12500.0),
            (1_234_567.0, 1_234_567.0),
            (1_234_567.0, 1_234_567.0),
        ],
    );
    // Nothing decides.
    check_numbers(&["12.500"], None, &[(12.5, 12500.0)]);
    check_numbers(&["12,500"], None, &[(12500.0, 12500.0)]);
    // Pounds are written with a point.
    check_numbers(&["12,500"], Some(Unit::Pound), &[(12500.0, 12500.0)]);
    check_numbers(
        &["950.000", "12500.000"],
        None,
        &[(950.0, 950.0), (12500.0, 12500.0)],
    );
    for wrong in ["", "kg", "1.2.3,4,5", "--", "12,50,00.1.2"] {
        assert!(number(wrong, Marks::default(), None).is_none(), "{wrong}");
    }
}

#[test]
fn units_of_vendors_and_of_the_un() {
    for (written, unit) in [
        ("KGS", Some(Unit::Kilogram)),
        ("Kg.", Some(Unit::Kilogram)),
        ("LBS", Some(Unit::Pound)),
        ("M/T", Some(Unit::Tonne)),
        ("TNE", Some(Unit::Tonne)),
        ("CBM", Some(Unit::CubicMetre)),
        ("公斤", Some(Unit::Kilogram)),
        ("톤", Some(Unit::Tonne)),
        ("CTN", None),
        ("", None),
    ] {
        assert_eq!(Unit::parse(written), unit, "{written}");
    }
}

proptest::proptest! {
    #[test]
    fn any_cell_is_read_or_refused(cell in "\\PC{0,40}") {
        let style = Style::of([cell.as_str()].into_iter());
        if let Ok((days, _)) = day::days(&cell, &style) {
            assert!(days.first <= days.last);
        }
        if let Some(read) = number(&cell, Marks::of([cell.as_str()].into_iter()), None) {
            assert!(read.low <= read.high);
        }
    }

    #[test]
    fn a_written_day_reads_back(day in -7_000_i32..40_000) {
        let written = supply::iso(day);
        assert_eq!(day::days(&written, &Style::default()), Ok((supply::Days::on(day), false)));
    }

    #[test]
    fn a_written_second_reads_back(second in 0_i64..4_000_000_000) {
        let written = trade::clock::written(second);
        assert_eq!(trade::clock::time(&written), Some(second));
    }
}
