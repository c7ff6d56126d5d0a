//! Trade records as people and vendors write them, and what is understood of them.

mod bills;
mod claims;
mod events;
mod marks;
mod vessels;

use trade::file::{self, Content, Options, Read};
use trade::network::{Joined, Masses, Source, network};

/// A table as its reader gives it: cells separated by tabs.
fn table(rows: &[&[&str]]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
    lines.join("\n") + "\n"
}

fn read(text: &str) -> Read {
    file::read(0, text, &Options::default()).expect("it is understood")
}

/// Codes of problems with their rows; 0 for those of the file.
fn codes(read: &Read) -> Vec<(u32, &'static str)> {
    read.problems
        .iter()
        .map(|problem| (problem.at.map_or(0, |place| place.row), problem.code))
        .collect()
}

fn joined(texts: &[&str]) -> Joined {
    joined_as(texts, &|id| id.to_owned())
}

fn joined_as(texts: &[&str], same: &dyn Fn(&str) -> String) -> Joined {
    let sources: Vec<Source> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| Source {
            key: format!("file {number}"),
            title: format!("file {number}"),
            read: file::read(number, text, &Options::default()).expect("it is understood"),
        })
        .collect();
    network(&sources, Masses::Stated, same)
}

/// A hop as `from → to, departed, kilograms`.
fn hops(joined: &Joined) -> Vec<String> {
    let network = &joined.network;
    let name = |id: supply::HolderId| network.holders[id.at()].name.to_string();
    network
        .hops
        .iter()
        .map(|hop| {
            let kg = hop.mass.map_or_else(
                || "?".to_owned(),
                |mass| match mass.in_kg() {
                    (low, high) if low == high => format!("{low:.0}"),
                    (low, high) => format!("{low:.0}-{high:.0}"),
                },
            );
            format!(
                "{} → {}, {} to {}, {kg}",
                name(hop.from),
                name(hop.to),
                trade::day::written(hop.departure),
                trade::day::written(hop.arrival)
            )
        })
        .collect()
}

fn bills_of(read: &Read) -> &[trade::bill::BillRow] {
    match &read.content {
        Content::Bills(rows) => rows,
        other => panic!("bills, not {other:?}"),
    }
}
