//! Printing answers: JSON lines, tables, numbers for people.

use std::io::Write;

use investigation::{Failure, Whose};
use serde::Serialize;

/// A line on standard error: a remark beside the answer. Nobody may be listening there any more, as after
/// `2>&1 | head`; the command goes on without it, where `eprintln!` would panic.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}
pub(crate) use say;

/// Standard output, buffered; a closed pipe ends the program quietly.
pub(crate) struct Out(std::io::BufWriter<std::io::Stdout>);

impl Out {
    pub(crate) fn new() -> Self {
        Self(std::io::BufWriter::with_capacity(
            64 << 10,
            std::io::stdout(),
        ))
    }

    pub(crate) fn line(&mut self, text: impl std::fmt::Display) -> Result<(), Failure> {
        writeln!(self.0, "{text}").map_err(closed)
    }

    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.0, value).map_err(|error| closed(error.into()))?;
        self.0.write_all(b"\n").map_err(closed)
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.0.write_all(bytes).map_err(closed)
    }

    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.0.flush().map_err(closed)
    }
}

fn closed(error: std::io::Error) -> Failure {
    let code = if error.kind() == std::io::ErrorKind::BrokenPipe {
        "output-closed"
    } else {
        "output"
    };
    Failure::new(
        Whose::Machine,
        code,
        format!("the output cannot be written: {error}"),
    )
}

/// `68,123,456`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `65.0 MB`, decimal as disks are sold.
pub(crate) fn bytes(number: u64) -> String {
    let mut scaled = number as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if scaled < 1000.0 {
            return if unit == "B" {
                format!("{number} B")
            } else {
                format!("{scaled:.1} {unit}")
            };
        }
        scaled /= 1000.0;
    }
    format!("{scaled:.1} TB")
}

/// Columns a text takes on a terminal: Han, Hangul and full-width characters take two.
pub(crate) fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
            '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
            '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}' => 2,
            _ => 1,
        })
        .sum()
}

/// Lines of a table: columns aligned, numbers (as far as a cell begins with a digit) to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide: Vec<usize> = (0..columns)
        .map(|c| {
            rows.iter()
                .filter_map(|row| row.get(c))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line = |row: &Vec<String>| {
        let mut line = String::from(" ");
        for (cell, wide) in row.iter().zip(&wide) {
            let space = " ".repeat(wide.saturating_sub(width(cell)));
            let number = cell.starts_with(|c: char| c.is_ascii_digit());
            line.push(' ');
            line += &if number {
                format!("{space}{cell}")
            } else {
                format!("{cell}{space}")
            };
            line.push(' ');
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// What a stranger's text may do to a terminal: nothing. Control characters become visible.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // A quote may run over lines; here it stands on one.
            '\n' | '\r' | '\t' => ' ',
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => '\u{fffd}',
            // Marks that reverse the order of what follows.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_tables_for_people() {
        assert_eq!(
            [grouped(7), grouped(1_000), grouped(68_123_456)],
            ["7", "1,000", "68,123,456"]
        );
        assert_eq!(
            [bytes(999), bytes(81_234), bytes(68_123_456)],
            ["999 B", "81.2 kB", "68.1 MB"]
        );
        let rows = [["구금", "1,690"], ["no_text", "20"]].map(|r| r.map(String::from).to_vec());
        assert_eq!(table(&rows), ["  구금     1,690", "  no_text     20"]);
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}c"),
            "a\u{fffd}[31mb\u{fffd}c"
        );
    }
}
