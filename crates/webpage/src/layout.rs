//! The text of a page as blocks, in the order of the document.

use casefile::{BlockKind, Stop, TextBuilder};

use crate::content::Content;
use crate::signs::{LAYOUT, NOTE};
use crate::tags::Name;
use crate::tree::{Event, Tree};

/// Bytes after which a block without end is cut at a space.
const BLOCK: usize = 256 << 10;

/// Writes the whole page; `after_block` may take a section that is long enough.
pub(crate) fn write(
    tree: &Tree,
    content: &Content,
    into: &mut TextBuilder,
    after_block: &mut dyn FnMut(&mut TextBuilder) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let rows = data_tables(tree);
    let mut writer = Writer {
        into,
        after_block,
        line: String::new(),
        space: false,
        kind: BlockKind::Paragraph,
        main: false,
        marked: false,
        captions: Vec::new(),
    };
    let mut verbatim = 0_u32;
    // Depth inside the rows of data tables: block boundaries are spaces there.
    let mut in_row = 0_u32;
    let mut node = 0_u32;
    for event in &tree.events {
        match *event {
            Event::Open(opened) => {
                let Some(found) = tree.nodes.get(opened as usize) else {
                    continue;
                };
                node = opened;
                let is_row = found.name == Name::Row && rows.get(opened as usize) == Some(&true);
                match found.name {
                    _ if is_row => {
                        writer.flush()?;
                        in_row += 1;
                        writer.begin(BlockKind::TableRow);
                    }
                    Name::Cell if in_row > 0 => writer.cell(),
                    Name::Break => writer.line_break(in_row > 0),
                    Name::RubyText => writer.say("(", content.is_main(node)),
                    Name::Raw => verbatim += 1,
                    name if name.is_block() && in_row > 0 => writer.space = true,
                    name if name.is_block() => {
                        writer.flush()?;
                        writer.begin(kind_of(tree, opened));
                    }
                    Name::Button | Name::Option | Name::Input => writer.space = true,
                    _ => {}
                }
                verbatim += u32::from(found.name == Name::Preformatted);
            }
            Event::Close(closed) => {
                let Some(found) = tree.nodes.get(closed as usize) else {
                    continue;
                };
                let is_row = found.name == Name::Row && rows.get(closed as usize) == Some(&true);
                node = found.parent;
                match found.name {
                    _ if is_row => {
                        writer.flush()?;
                        in_row = in_row.saturating_sub(1);
                        writer.begin(kind_of(tree, node));
                    }
                    Name::RubyText => writer.say(")", content.is_main(closed)),
                    Name::Raw => verbatim = verbatim.saturating_sub(1),
                    name if name.is_block() && in_row > 0 => writer.space = true,
                    name if name.is_block() => {
                        writer.flush()?;
                        writer.begin(kind_of(tree, node));
                    }
                    Name::Button | Name::Option | Name::Input => writer.space = true,
                    _ => {}
                }
                if found.name == Name::Preformatted {
                    verbatim = verbatim.saturating_sub(1);
                }
            }
            Event::Text(from, to) => {
                let text = tree
                    .text
                    .get(from as usize..to as usize)
                    .unwrap_or_default();
                writer.text(text, verbatim > 0 && in_row == 0, content.is_main(node))?;
            }
            Event::Alt(from, to) => {
                let text = tree
                    .text
                    .get(from as usize..to as usize)
                    .unwrap_or_default();
                if writer.captions.len() < 1_000 {
                    writer
                        .captions
                        .push((text.to_owned(), content.is_main(node)));
                }
            }
        }
    }
    writer.flush()
}

/// What text directly in this element is: its own kind, or that of the nearest element around it
/// that has one.
fn kind_of(tree: &Tree, node: u32) -> BlockKind {
    let mut at = node;
    for _ in 0..6 {
        let Some(found) = tree.nodes.get(at as usize) else {
            break;
        };
        if found.signs & NOTE != 0 {
            return BlockKind::Footnote;
        }
        match found.name {
            Name::Heading(level) => return BlockKind::Heading(level),
            Name::Item | Name::Term => return BlockKind::ListItem,
            Name::Caption => return BlockKind::Caption,
            Name::Table | Name::Article | Name::Section | Name::Body | Name::Html => break,
            _ => at = found.parent,
        }
    }
    BlockKind::Paragraph
}

struct Writer<'a> {
    into: &'a mut TextBuilder,
    after_block: &'a mut dyn FnMut(&mut TextBuilder) -> Result<(), Stop>,
    line: String,
    /// White space was seen that counts once something follows.
    space: bool,
    kind: BlockKind,
    main: bool,
    /// Whether `main` has been said for this block.
    marked: bool,
    captions: Vec<(String, bool)>,
}

impl Writer<'_> {
    fn begin(&mut self, kind: BlockKind) {
        self.kind = kind;
    }

    /// Text with its white space collapsed, or as it stands.
    fn text(&mut self, text: &str, verbatim: bool, main: bool) -> Result<(), Stop> {
        if verbatim {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            if !text.trim().is_empty() {
                self.mark(main);
            }
            self.pay_space();
            self.line.push_str(&text);
            return self.relieve();
        }
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.bytes().position(is_space).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if !word.is_empty() {
                self.mark(main);
                self.pay_space();
                self.line.push_str(word);
            }
            rest = after.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            self.space |= rest.len() < after.len();
        }
        self.relieve()
    }

    /// A word of our own (the brackets of ruby text).
    fn say(&mut self, text: &str, main: bool) {
        self.mark(main);
        self.line.push_str(text);
    }

    fn mark(&mut self, main: bool) {
        if !self.marked {
            (self.main, self.marked) = (main, true);
        } else {
            // One word of content makes a block part of it.
            self.main |= main;
        }
    }

    fn pay_space(&mut self) {
        if std::mem::take(&mut self.space)
            && !self.line.is_empty()
            && !self.line.ends_with([' ', '\n', '\t'])
        {
            self.line.push(' ');
        }
    }

    fn cell(&mut self) {
        self.space = false;
        if !self.line.is_empty() {
            let length = self.line.trim_end_matches(' ').len();
            self.line.truncate(length);
        }
        // The row's first cell has nothing before it; an empty first cell is kept as one.
        if self.row_begun() {
            self.line.push('\t');
        } else {
            self.line.push('\u{1}');
        }
    }

    fn row_begun(&self) -> bool {
        self.line.starts_with('\u{1}')
    }

    fn line_break(&mut self, as_space: bool) {
        if as_space {
            self.space = true;
            return;
        }
        self.space = false;
        if !self.line.is_empty() {
            self.line.push('\n');
        }
    }

    /// Cuts a block that grows beyond all measure.
    fn relieve(&mut self) -> Result<(), Stop> {
        if self.line.len() < BLOCK {
            return Ok(());
        }
        let kind = self.kind;
        self.flush()?;
        self.kind = kind;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.space = false;
        let line = std::mem::take(&mut self.line);
        let main = self.main;
        (self.main, self.marked) = (false, false);
        let text = line.strip_prefix('\u{1}').unwrap_or(&line);
        let text = match self.kind {
            BlockKind::TableRow => text.trim_end_matches(['\t', ' ', '\n']),
            _ => text
                .trim_end_matches([' ', '\n', '\t'])
                .trim_start_matches('\n'),
        };
        if !text.trim().is_empty() {
            self.into.block(self.kind, main, text);
            (self.after_block)(self.into)?;
        }
        for (caption, main) in std::mem::take(&mut self.captions) {
            let flat = caption.split_whitespace().collect::<Vec<_>>().join(" ");
            self.into.block(BlockKind::Caption, main, &flat);
            (self.after_block)(self.into)?;
        }
        // The buffer is used again: no allocation for each block.
        self.line = line;
        self.line.clear();
        Ok(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc)
}

/// For each row, whether it belongs to a table of data; a table that places things on the page
/// has other tables, headings or articles in its cells, or one column.
fn data_tables(tree: &Tree) -> Vec<bool> {
    #[derive(Clone, Copy, Default)]
    struct Table {
        node: u32,
        rows: u32,
        cells: u32,
        blocks: u32,
        longest: u32,
        places: bool,
        cell_start: u32,
    }
    let mut is_data = vec![false; tree.nodes.len()];
    let mut open: Vec<Table> = Vec::new();
    let mut length = 0_u32;
    for event in &tree.events {
        match *event {
            Event::Open(node) => {
                let Some(found) = tree.nodes.get(node as usize) else {
                    continue;
                };
                match found.name {
                    Name::Table => {
                        // The outer table only places this one.
                        if let Some(outer) = open.last_mut() {
                            outer.places = true;
                        }
                        let places = found.signs & LAYOUT != 0;
                        open.push(Table {
                            node,
                            places,
                            ..Table::default()
                        });
                    }
                    name => {
                        let Some(table) = open.last_mut() else {
                            continue;
                        };
                        match name {
                            Name::Row => table.rows += 1,
                            Name::Cell => {
                                table.cells += 1;
                                table.cell_start = length;
                            }
                            Name::Heading(_)
                            | Name::Article
                            | Name::Section
                            | Name::Nav
                            | Name::List
                            | Name::Header
                            | Name::Footer => table.blocks += 1,
                            _ => {}
                        }
                    }
                }
            }
            Event::Close(node) => {
                let Some(found) = tree.nodes.get(node as usize) else {
                    continue;
                };
                match (found.name, open.last_mut()) {
                    (Name::Cell, Some(table)) => {
                        table.longest = table.longest.max(length.saturating_sub(table.cell_start));
                    }
                    (Name::Table, Some(table)) if table.node == node => {
                        let data = !table.places
                            && table.rows > 0
                            && table.cells > table.rows
                            && table.longest < 1_500
                            && table.blocks * 4 <= table.cells;
                        if let Some(slot) = is_data.get_mut(node as usize) {
                            *slot = data;
                        }
                        open.pop();
                    }
                    _ => {}
                }
            }
            Event::Text(from, to) => length = length.saturating_add(to.saturating_sub(from)),
            Event::Alt(..) => {}
        }
    }
    // A row is one of data if its table is.
    let mut rows = vec![false; tree.nodes.len()];
    for (at, node) in tree.nodes.iter().enumerate() {
        if node.name == Name::Row {
            let parent = tree.nodes.get(node.parent as usize);
            let table = match parent {
                Some(group) if group.name == Name::RowGroup => group.parent,
                _ => node.parent,
            };
            if let Some(slot) = rows.get_mut(at) {
                *slot = is_data.get(table as usize).copied().unwrap_or(false);
            }
        }
    }
    rows
}
