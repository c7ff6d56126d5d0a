//! Runs of text: bytes in the code page of their font, Unicode escapes, what is collected aside.

use super::*;

impl Parser<'_, '_, '_> {
    pub(super) fn page(&self) -> Codepage {
        if self.state.dest == Dest::Collect {
            return self.default_page;
        }
        let named = match self.state.double_font {
            Some(font) if self.state.double => font,
            _ => self.state.font,
        };
        let font = if named < 0 { self.default_font } else { named };
        self.fonts.get(&font).copied().unwrap_or(self.default_page)
    }

    pub(super) fn queue(&mut self, bytes: &[u8], raw: bool) {
        if matches!(self.state.dest, Dest::Skip | Dest::Quiet | Dest::Info) {
            return;
        }
        let page = self.page();
        if page != self.pending_page || self.pending.is_empty() {
            self.flush();
            self.pending_page = page;
            self.pending_raw = true;
        }
        self.surrogate = None;
        self.pending_raw &= raw;
        self.pending.extend_from_slice(bytes);
        if self.pending.len() > PARAGRAPH {
            self.flush();
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if self.state.dest == Dest::Data {
            if let Some(blob) = self.blobs.last_mut() {
                for digit in bytes.iter().filter_map(|&b| nibble(b)) {
                    match blob.high.take() {
                        None => blob.high = Some(digit),
                        Some(_) if blob.bytes.len() >= OBJECT => blob.over = true,
                        Some(high) => blob.bytes.push(high << 4 | digit),
                    }
                }
            }
            return;
        }
        let skipped = bytes.len().min(self.skip.into());
        self.skip -= u16::try_from(skipped).unwrap_or(self.skip);
        let rest = bytes.get(skipped..).unwrap_or(&[]);
        if !rest.is_empty() {
            self.queue(rest, true);
        }
    }

    pub(super) fn hex(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.state.dest != Dest::Data {
            self.queue(&[byte], false);
        }
    }

    /// Decodes the bytes that wait for the rest of a letter or run.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let page = self.pending_page;
        let high = bytes.iter().any(|&b| b >= 0x80);
        let text = if !high && page != Codepage::Symbols && page != Codepage::Greek {
            bytes.iter().map(|&b| b as char).collect()
        } else if self.pending_raw
            && !page.is_double()
            && let Ok(utf8) = std::str::from_utf8(&bytes)
        {
            utf8.to_owned()
        } else if page == codepage::WESTERN
            && self.default_page.is_double()
            && in_pairs(&bytes)
            && let Some(text) = self.default_page.decode_strictly(&bytes)
        {
            // The font claims Western letters, but the document is East Asian and each of its
            // bytes fits that.
            text
        } else {
            page.decode(&bytes)
        };
        self.text(&text);
    }

    /// A character that is not a byte of the code page.
    pub(super) fn special(&mut self, c: char) {
        self.flush();
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.text(c.encode_utf8(&mut [0; 4]));
    }

    pub(super) fn text(&mut self, text: &str) {
        match self.state.dest {
            Dest::Body => {
                if let Some(html) = &mut self.html {
                    if !self.state.htmlrtf {
                        escape(text, html);
                    }
                } else if let Some(flow) = self.flows.last_mut() {
                    flow.paragraph.push_str(text);
                }
            }
            Dest::HtmlTag => {
                if let Some(html) = &mut self.html
                    && !self.state.htmlrtf
                {
                    html.push_str(text);
                }
            }
            Dest::Collect => {
                if let Some(collected) = self.collected.last_mut()
                    && collected.len() < 1 << 20
                {
                    collected.push_str(text);
                }
            }
            Dest::Fonts => self.font_text(text),
            Dest::Styles => self.style_entry.2.extend(text.chars().take(256)),
            Dest::Skip | Dest::Quiet | Dest::Info | Dest::Data => {}
        }
    }

    pub(super) fn font_text(&mut self, text: &str) {
        for c in text.chars() {
            if c != ';' {
                if self.font_name.len() < 256 {
                    self.font_name.push(c);
                }
                continue;
            }
            let name = std::mem::take(&mut self.font_name);
            let page = self.fonts.get_mut(&self.font_entry);
            if name.trim().eq_ignore_ascii_case("symbol")
                && let Some(page @ Codepage::Symbols) = page
            {
                *page = Codepage::Greek;
            }
        }
    }

    pub(super) fn end_style(&mut self) {
        let (number, outline, name) = std::mem::take(&mut self.style_entry);
        let named = name.trim().trim_end_matches(';').to_ascii_lowercase();
        let level = named
            .strip_prefix("heading ")
            .and_then(|n| n.trim().parse::<u8>().ok());
        if let Some(level) = outline
            .map(|o| o + 1)
            .or(level)
            .filter(|l| (1..=9).contains(l))
            && self.styles.len() < 65_536
        {
            self.styles.insert(number, level);
        }
    }

    // ---- paragraphs, rows, flows ----

    pub(super) fn collect(&mut self, what: Collected) {
        self.flush();
        if self.collected.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.collected.push(String::new());
            self.state.dest = Dest::Collect;
            self.state.closing = Closing::Text(what);
        } else {
            self.state.dest = Dest::Skip;
        }
    }

    pub(super) fn break_line(&mut self, text: &str) {
        self.flush();
        let text = if self.html.is_some() { "\r\n" } else { text };
        self.text(text);
    }

    // ---- symbols and words ----

    pub(super) fn unicode(&mut self, number: i32) {
        self.flush();
        // Some writers count above 32767, others below zero, and a few write whole code points.
        let code = if number < 0 {
            number.saturating_add(65_536)
        } else {
            number
        };
        let code = u32::try_from(code).unwrap_or(0xfffd);
        self.skip = 0;
        match (code, self.surrogate.take()) {
            (0xd800..=0xdbff, _) => self.surrogate = u16::try_from(code).ok(),
            (0xdc00..=0xdfff, high) => {
                let low = u16::try_from(code).unwrap_or(0);
                let pair = char::decode_utf16([high.unwrap_or(low), low]).next();
                let c = pair.and_then(Result::ok).unwrap_or('\u{fffd}');
                self.text(c.encode_utf8(&mut [0; 4]));
            }
            (0, _) => {}
            (code, _) => {
                let c = char::from_u32(code).unwrap_or('\u{fffd}');
                self.text(c.encode_utf8(&mut [0; 4]));
            }
        }
        self.skip = self.state.uc;
    }
}

/// All bytes above ASCII come in pairs, as the letters of East Asian code pages mostly do.
fn in_pairs(bytes: &[u8]) -> bool {
    bytes.split(|b| *b < 0x80).all(|run| run.len() % 2 == 0)
}

fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            c => into.push(c),
        }
    }
}
