//! Where the readers of this crate put what they find: blocks into sections, bytes into members.

use casefile::{
    BlockKind, Emit, Limits, Member, MemberKind, Outcome, Piece, Problem, Reading, Stop,
    TextBuilder,
};

/// Characters after which a section without pages is handed on, so that no text is held whole.
const SECTION_CHARS: u32 = 1 << 20;
const CHUNK: usize = 1 << 20;

pub(crate) type Blocks = Vec<(BlockKind, String)>;

pub(crate) struct Sink<'a> {
    pub(crate) out: TextBuilder,
    emit: Emit<'a>,
    limits: Limits,
    handed_on: u64,
    members: u64,
    member_bytes: u64,
    whole: bool,
    /// Why something was left out, if a cap was reached.
    pub(crate) capped: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(limits: Limits, emit: Emit<'a>) -> Self {
        Self {
            out: TextBuilder::new(),
            emit,
            limits,
            handed_on: 0,
            members: 0,
            member_bytes: 0,
            whole: false,
            capped: None,
            problems: Vec::new(),
        }
    }

    /// Keeps the text in one section.
    pub(crate) const fn keep_whole(&mut self) {
        self.whole = true;
    }

    /// Adds a block unless it is blank.
    pub(crate) fn block(&mut self, kind: BlockKind, text: &str) -> Result<(), Stop> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let so_far = self.handed_on + u64::from(self.out.chars());
        if so_far + text.len() as u64 > self.limits.text_chars {
            let most = self.limits.text_chars;
            self.capped.get_or_insert_with(|| {
                format!("its text is longer than {most} characters; the beginning was kept")
            });
            return Ok(());
        }
        self.out.block(kind, true, text.trim_matches(['\n', '\r']));
        if !self.whole && self.out.page_mut().is_none() && self.out.chars() > SECTION_CHARS {
            self.hand_on()?;
        }
        Ok(())
    }

    pub(crate) fn blocks(&mut self, blocks: Blocks) -> Result<(), Stop> {
        blocks
            .into_iter()
            .try_for_each(|(kind, text)| self.block(kind, &text))
    }

    /// A page break that the author set, where the format has no pages of its own.
    pub(crate) fn page_break(&mut self) {
        self.out.end();
        if !self.out.is_blank() {
            self.out.push("\u{c}");
        }
    }

    pub(crate) fn has_text(&self) -> bool {
        self.handed_on > 0 || !self.out.is_blank()
    }

    pub(crate) fn hand_on(&mut self) -> Result<(), Stop> {
        if self.out.chars() == 0 && self.out.page_mut().is_none() {
            return Ok(());
        }
        self.handed_on += u64::from(self.out.chars());
        let section = self.out.take_section();
        (self.emit)(Piece::Section(section))
    }

    pub(crate) fn problem(&mut self, code: &str, message: impl Into<String>) {
        if self.problems.len() < 100 {
            self.problems.push(Problem::new(code, message));
        }
    }

    /// Adds a member with its bytes; `early` is the outcome of one that is not whole.
    pub(crate) fn member(
        &mut self,
        member: Member,
        bytes: &[u8],
        early: Option<(Outcome, String)>,
    ) -> Result<(), Stop> {
        let total = self.member_bytes.saturating_add(bytes.len() as u64);
        if self.members >= self.limits.members || total > self.limits.member_bytes {
            self.capped.get_or_insert_with(|| {
                "it holds more embedded files than are read; the first were kept".into()
            });
            return Ok(());
        }
        self.members += 1;
        self.member_bytes = total;
        (self.emit)(Piece::Member(member))?;
        for chunk in bytes.chunks(CHUNK) {
            (self.emit)(Piece::Bytes(chunk.to_vec()))?;
        }
        (self.emit)(Piece::MemberEnd(early))
    }

    /// A picture or file inside the document under a name for people.
    pub(crate) fn embedded(&mut self, name: &str, bytes: &[u8]) -> Result<(), Stop> {
        self.member(
            Member::new(clean_path(name), MemberKind::Embedded),
            bytes,
            None,
        )
    }

    /// Hands on the rest and settles the outcome.
    pub(crate) fn finish(mut self, mut reading: Reading) -> Result<Reading, Stop> {
        self.hand_on()?;
        reading.problems.append(&mut self.problems);
        if let Some(reason) = self.capped
            && reading.outcome == Outcome::Indexed
        {
            reading.outcome = Outcome::Limit;
            reading.reason = Some(reason);
        }
        Ok(reading)
    }
}

/// Marks a reading as broken; what was read stands. The first reason stays.
pub(crate) fn damage(reading: &mut Reading, reason: impl Into<String>) {
    if reading.outcome == Outcome::Indexed {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(reason.into());
    }
}

/// A table: each row a block, its cells apart by a tab. A table of one cell is a frame around
/// ordinary text, as in most Korean official documents, and so stays paragraphs. What cannot
/// stand in a row (a table or note inside a cell) follows the row.
pub(crate) fn table(rows: Vec<Vec<Blocks>>, into: &mut Blocks) {
    let mut cells = rows.iter().flatten();
    let single = cells.next().is_some() && cells.next().is_none();
    if single {
        into.extend(rows.into_iter().flatten().flatten());
        return;
    }
    for row in rows {
        let mut line = String::new();
        let mut after = Blocks::new();
        for (column, cell) in row.into_iter().enumerate() {
            if column > 0 {
                line.push('\t');
            }
            let mut first = true;
            for (kind, text) in cell {
                if matches!(
                    kind,
                    BlockKind::TableRow | BlockKind::Footnote | BlockKind::Margin
                ) {
                    after.push((kind, text));
                    continue;
                }
                let text = text.trim();
                if !first && !text.is_empty() {
                    line.push(' ');
                }
                first &= text.is_empty();
                line.extend(text.chars().map(|c| {
                    if matches!(c, '\t' | '\n' | '\r') {
                        ' '
                    } else {
                        c
                    }
                }));
            }
        }
        into.push((BlockKind::TableRow, line));
        into.append(&mut after);
    }
}

/// A name from a file, made safe to show as a path inside its container: the last part of a path
/// of Windows or Unix, without control characters.
pub(crate) fn clean_path(name: &str) -> String {
    let last = name
        .rsplit(['/', '\\'])
        .find(|part| !part.trim().is_empty())
        .unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    match clean.trim() {
        "" | "." | ".." => "object".into(),
        clean => clean.into(),
    }
}

/// The extension that fits the first bytes of a picture or file; `bin` where they say nothing.
pub(crate) fn extension(bytes: &[u8]) -> &'static str {
    let starts = |with: &[u8]| bytes.starts_with(with);
    match () {
        () if starts(b"\x89PNG") => "png",
        () if starts(b"\xff\xd8\xff") => "jpg",
        () if starts(b"GIF8") => "gif",
        () if starts(b"BM") => "bmp",
        () if starts(b"II*\0") || starts(b"MM\0*") => "tif",
        () if starts(b"%PDF") => "pdf",
        () if starts(b"\xd7\xcd\xc6\x9a") || starts(b"\x01\0\x09\0") => "wmf",
        () if starts(b"\x01\0\0\0") && bytes.get(40..44) == Some(b" EMF") => "emf",
        () if starts(b"{\\rtf") => "rtf",
        () if starts(b"PK\x03\x04") => "zip",
        () if starts(crate::ole::MAGIC) => "ole",
        () if starts(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") => "wav",
        () => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_paths() {
        for (name, path) in [
            ("C:\\Users\\a\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..", "object"),
            ("a\u{0}b\n.txt", "ab.txt"),
            ("", "object"),
            ("명단/", "명단"),
        ] {
            assert_eq!(clean_path(name), path);
        }
    }

    #[test]
    fn a_table_is_rows_and_a_frame_is_paragraphs() {
        let para = |text: &str| vec![(BlockKind::Paragraph, text.to_owned())];
        let mut blocks = Blocks::new();
        table(
            vec![
                vec![para("a"), para("b\tc")],
                vec![Blocks::new(), para("d")],
            ],
            &mut blocks,
        );
        table(vec![vec![para("framed")]], &mut blocks);
        assert_eq!(
            blocks,
            [
                (BlockKind::TableRow, "a\tb c".into()),
                (BlockKind::TableRow, "\td".into()),
                (BlockKind::Paragraph, "framed".into()),
            ]
        );
    }
}
