//! The reading in progress: where text goes, what was noticed, how it ends.

use casefile::{
    BlockKind, Emit, Field, Limits, Member, MemberKind, Metadatum, Outcome, Piece, Problem,
    Reading, Stop, TextBuilder,
};

/// Text is handed over in stretches of about this many characters.
const SECTION_CHARS: u32 = 900_000;
/// How many facts of one kind (links, descriptions of pictures) are kept of one document.
const FACTS_OF_A_KIND: usize = 2_000;
const PROBLEMS: usize = 500;
/// The longest block that is written as one; longer ones are cut into several.
const BLOCK_CHARS: usize = 500_000;

/// A block that waits to be written: what stands in a cell, a note, a text box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: BlockKind,
    pub(crate) text: String,
}

impl Item {
    pub(crate) fn new(kind: BlockKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }
}

pub(crate) struct Job<'e> {
    emit: Emit<'e>,
    builder: TextBuilder,
    page: Option<u32>,
    pages: u32,
    written: u64,
    pub(crate) limits: Limits,
    pub(crate) reading: Reading,
    damage: Vec<String>,
    limit: Option<String>,
    members: u64,
}

impl<'e> Job<'e> {
    pub(crate) fn new(format: &str, limits: Limits, emit: Emit<'e>) -> Self {
        Self {
            emit,
            builder: TextBuilder::new(),
            page: None,
            pages: 0,
            written: 0,
            limits,
            reading: Reading::indexed(format),
            damage: Vec::new(),
            limit: None,
            members: 0,
        }
    }

    /// Writes one block; blank ones leave no trace.
    pub(crate) fn block(&mut self, kind: BlockKind, text: &str) -> Result<(), Stop> {
        let text = text.trim_matches(|c: char| c == '\n' || c == '\r');
        let text = match kind {
            // Tabs at the start of a row are empty cells.
            BlockKind::TableRow => text.trim_end(),
            _ => text.trim(),
        };
        if text.trim().is_empty() || self.is_full() {
            return Ok(());
        }
        let mut rest = text;
        while !rest.is_empty() {
            let cut = rest
                .char_indices()
                .nth(BLOCK_CHARS)
                .map_or(rest.len(), |(at, _)| at);
            let (now, later) = rest.split_at_checked(cut).unwrap_or((rest, ""));
            rest = later;
            self.room_for_more()?;
            let span = {
                self.builder.begin(kind, true);
                self.builder.push(now)
            };
            self.builder.end();
            self.written = self.written.saturating_add(u64::from(span.len()));
        }
        if self.written > self.limits.text_chars {
            self.limit(format!(
                "the text is longer than {} characters: what came before was kept",
                self.limits.text_chars
            ));
        }
        Ok(())
    }

    pub(crate) fn items(&mut self, items: &[Item]) -> Result<(), Stop> {
        items
            .iter()
            .try_for_each(|item| self.block(item.kind, &item.text))
    }

    /// Nothing more is taken: a cap was reached.
    pub(crate) const fn is_full(&self) -> bool {
        self.limit.is_some()
    }

    /// Begins a slide or sheet, which has no geometry.
    pub(crate) fn begin_page(&mut self) -> Result<(), Stop> {
        self.end_page();
        if self.pages >= self.limits.pages {
            self.limit(format!(
                "it has more than {} pages: what came before was kept",
                self.limits.pages
            ));
            return Ok(());
        }
        self.pages = self.pages.saturating_add(1);
        self.room_for_more()?;
        self.page = Some(self.pages);
        self.builder.begin_page(self.pages, 0.0, 0.0);
        Ok(())
    }

    pub(crate) fn end_page(&mut self) {
        self.builder.end_page();
        self.page = None;
    }

    fn room_for_more(&mut self) -> Result<(), Stop> {
        if self.builder.chars() < SECTION_CHARS {
            return Ok(());
        }
        self.flush()?;
        // The page goes on in the next stretch under its own number.
        if let Some(number) = self.page {
            self.builder.begin_page(number, 0.0, 0.0);
        }
        Ok(())
    }

    /// Hands over the text so far.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        let section = self.builder.take_section();
        if section.text.is_empty() && section.pages.is_empty() {
            return Ok(());
        }
        (self.emit)(Piece::Section(section))
    }

    pub(crate) fn note(&mut self, field: Field, value: &str, from: &str) {
        self.reading.note(field, value, from);
    }

    /// Keeps a fact once, up to a number of its kind.
    pub(crate) fn note_once(&mut self, field: Field, value: &str, from: &str) {
        let value = value.trim();
        let same = |datum: &&Metadatum| datum.field == field && datum.from == from;
        let known = self.reading.metadata.iter().filter(same);
        let (mut count, mut twice) = (0_usize, false);
        for datum in known {
            count = count.saturating_add(1);
            twice |= datum.value == value;
        }
        if !twice && count < FACTS_OF_A_KIND {
            self.reading.note(field, value, from);
        } else if count == FACTS_OF_A_KIND {
            self.problem(Problem::new(
                "facts-capped",
                format!("only the first {FACTS_OF_A_KIND} are kept of: {from}"),
            ));
        }
    }

    pub(crate) fn problem(&mut self, problem: Problem) {
        let known = &self.reading.problems;
        if known.len() < PROBLEMS && !known.contains(&problem) {
            self.reading.problems.push(problem);
        }
    }

    /// Part of the file cannot be read; what can be is kept.
    pub(crate) fn damage(&mut self, what: impl Into<String>) {
        let what = what.into();
        if self.damage.len() < 20 && !self.damage.contains(&what) {
            self.damage.push(what);
        }
    }

    pub(crate) fn limit(&mut self, what: impl Into<String>) {
        self.limit.get_or_insert_with(|| what.into());
    }

    /// Begins a member, unless a cap on members is reached.
    pub(crate) fn begin_member(
        &mut self,
        path: &str,
        declared: Option<&str>,
    ) -> Result<bool, Stop> {
        if self.members >= self.limits.members {
            self.limit(format!(
                "it embeds more than {} files: the first ones were kept",
                self.limits.members
            ));
            return Ok(false);
        }
        self.flush_for_member()?;
        self.members = self.members.saturating_add(1);
        let mut member = Member::new(clean_path(path), MemberKind::Embedded);
        member.declared_type = declared.map(str::to_owned);
        (self.emit)(Piece::Member(member))?;
        Ok(true)
    }

    fn flush_for_member(&mut self) -> Result<(), Stop> {
        if self.page.is_some() {
            Ok(())
        } else {
            self.flush()
        }
    }

    pub(crate) fn member_bytes(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        bytes
            .chunks(1 << 20)
            .try_for_each(|chunk| (self.emit)(Piece::Bytes(chunk.to_vec())))
    }

    pub(crate) fn end_member(&mut self, early: Option<(Outcome, String)>) -> Result<(), Stop> {
        (self.emit)(Piece::MemberEnd(early))
    }

    /// A member that is held in memory.
    pub(crate) fn member(
        &mut self,
        path: &str,
        declared: Option<&str>,
        bytes: &[u8],
    ) -> Result<(), Stop> {
        if self.begin_member(path, declared)? {
            self.member_bytes(bytes)?;
            self.end_member(None)?;
        }
        Ok(())
    }

    /// Hands over what is left and says how it went.
    pub(crate) fn finish(mut self) -> Result<Reading, Stop> {
        self.end_page();
        self.flush()?;
        let mut reading = self.reading;
        if !self.damage.is_empty() && reading.outcome == Outcome::Indexed {
            let shown: Vec<_> = self.damage.iter().take(3).map(String::as_str).collect();
            let more = self.damage.len().saturating_sub(shown.len());
            let more = if more > 0 {
                format!(" (and {more} more)")
            } else {
                String::new()
            };
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!(
                "{}{more}: what could be read was kept",
                shown.join("; ")
            ));
        }
        if let Some(limit) = self.limit {
            reading.outcome = Outcome::Limit;
            reading.reason = Some(limit);
        }
        Ok(reading)
    }
}

/// A path for people: no `..`, no leading `/`, no control characters.
pub(crate) fn clean_path(path: &str) -> String {
    let parts: Vec<String> = path
        .split(['/', '\\'])
        .map(|part| part.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|part| !matches!(part.trim(), "" | "." | ".."))
        .collect();
    if parts.is_empty() {
        "unnamed".to_owned()
    } else {
        parts.join("/")
    }
}
