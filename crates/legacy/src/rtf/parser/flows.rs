//! Paragraphs, rows and what stands beside the body: notes, running heads, text boxes.

use super::*;

impl Parser<'_, '_, '_> {
    pub(super) fn add(&mut self, kind: BlockKind, text: String) -> Result<(), Stop> {
        match self.flows.as_mut_slice() {
            [] | [_] => self.sink.block(kind, &text),
            [.., flow] => {
                flow.blocks.push((kind, text));
                Ok(())
            }
        }
    }

    pub(super) fn after(&mut self) -> Result<(), Stop> {
        let after = self
            .flows
            .last_mut()
            .map(|f| std::mem::take(&mut f.after))
            .unwrap_or_default();
        after
            .into_iter()
            .try_for_each(|(kind, text)| self.add(kind, text))
    }

    pub(super) fn end_row(&mut self) -> Result<(), Stop> {
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        flow.cell.push_str(&std::mem::take(&mut flow.paragraph));
        if !flow.cell.trim().is_empty() {
            flow.cells.push(std::mem::take(&mut flow.cell));
        }
        flow.cell.clear();
        let tidy = |c: &String| c.trim().replace(['\t', '\n'], " ");
        let row = flow.cells.iter().map(tidy).collect::<Vec<_>>().join("\t");
        flow.cells.clear();
        self.add(BlockKind::TableRow, row)?;
        self.after()
    }

    pub(super) fn end_paragraph(&mut self) -> Result<(), Stop> {
        let (in_table, nesting) = (self.state.in_table, self.state.nesting);
        let level = self.state.outline.map(|o| o + 1);
        let level = level.or_else(|| self.styles.get(&self.state.style).copied());
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        if in_table && nesting > 1 {
            flow.paragraph.push(' ');
            return Ok(());
        }
        if in_table {
            let paragraph = std::mem::take(&mut flow.paragraph);
            flow.cell.push_str(&paragraph);
            flow.cell.push(' ');
            flow.list = false;
            return Ok(());
        }
        if !flow.cells.is_empty() || !flow.cell.trim().is_empty() {
            let paragraph = std::mem::take(&mut flow.paragraph);
            self.end_row()?;
            if let Some(flow) = self.flows.last_mut() {
                flow.paragraph = paragraph;
            }
        }
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        let text = std::mem::take(&mut flow.paragraph);
        let kind = match (flow.kind, level) {
            (BlockKind::Paragraph, Some(level)) => BlockKind::Heading(level),
            (BlockKind::Paragraph, None) if flow.list => BlockKind::ListItem,
            (kind, _) => kind,
        };
        flow.list = false;
        self.add(kind, text)?;
        self.after()
    }

    /// Ends the flow; a note or text box stands after the paragraph that it is anchored in.
    pub(super) fn end_flow(&mut self) -> Result<(), Stop> {
        let in_table = std::mem::replace(&mut self.state.in_table, false);
        if let Some(flow) = self.flows.last_mut()
            && in_table
            && (!flow.cells.is_empty() || !flow.cell.trim().is_empty())
        {
            self.end_row()?;
        }
        self.end_paragraph()?;
        self.state.in_table = in_table;
        if self.flows.len() < 2 {
            return Ok(());
        }
        let Some(done) = self.flows.pop() else {
            return Ok(());
        };
        let top = self.flows.len() == 1;
        let Some(outer) = self.flows.last_mut() else {
            return Ok(());
        };
        let idle =
            outer.paragraph.trim().is_empty() && outer.cells.is_empty() && outer.cell.is_empty();
        if top && idle && outer.after.is_empty() {
            return self.sink.blocks(done.blocks);
        }
        outer.after.extend(done.blocks);
        Ok(())
    }

    pub(super) fn begin_flow(&mut self, kind: BlockKind) {
        self.flush();
        if self.html.is_some() {
            self.state.dest = Dest::Skip;
            return;
        }
        self.state.dest = Dest::Body;
        if self.flows.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.flows.push(Flow::new(kind));
            self.state.closing = Closing::Flow;
            self.state.in_table = false;
            self.state.nesting = 0;
            self.state.outline = None;
            self.state.style = -1;
        }
    }

    pub(super) fn paragraph_word(&mut self) -> Result<(), Stop> {
        self.skip = 0;
        self.flush();
        if self.html.is_some() {
            self.break_line("\n");
            return Ok(());
        }
        match self.state.dest {
            Dest::Body => self.end_paragraph(),
            Dest::Collect => {
                self.text(" ");
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
