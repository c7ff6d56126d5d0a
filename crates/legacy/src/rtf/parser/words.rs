//! Control words: what each does to the properties of its group and to where text goes.

use super::*;

impl Parser<'_, '_, '_> {
    pub(super) fn go(&mut self, dest: Dest) {
        self.flush();
        self.state.dest = dest;
    }

    pub(super) fn symbol(&mut self, symbol: u8) -> Result<(), Stop> {
        match symbol {
            b'*' => self.state.star = true,
            b'~' if self.html.is_some() && self.state.dest == Dest::Body && !self.state.htmlrtf => {
                self.flush();
                if let Some(html) = &mut self.html {
                    html.push_str("&nbsp;");
                }
            }
            b'~' => self.special('\u{a0}'),
            b'-' => self.special('\u{ad}'),
            b'_' => self.special('\u{2011}'),
            b'\\' | b'{' | b'}' => self.bytes(&[symbol]),
            b'\r' | b'\n' => return self.paragraph_word(),
            b'\t' => self.special('\t'),
            b'|' | b':' => {}
            // A backslash before a letter of the code page: the letter stands for itself.
            other if other >= 0x80 => self.bytes(&[other]),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn word(&mut self, word: &[u8], number: Option<i32>) -> Result<(), Stop> {
        if self.state.dest == Dest::Skip {
            if word == b"ud" && self.state.star {
                self.state.dest = self.state.around;
            }
            return Ok(());
        }
        let star = std::mem::replace(&mut self.state.star, false);
        if let Some(c) = character(word) {
            self.special(c);
            return Ok(());
        }
        if word != b"u" {
            // Only a missing fallback is followed by another word: it must not be swallowed.
            self.skip = 0;
        }
        if self.property_word(word, number) || self.structure_word(word, number)? {
            return Ok(());
        }
        if self.destination(word, number) {
            return Ok(());
        }
        if star {
            self.go(Dest::Skip);
        }
        Ok(())
    }

    /// Words that change how the text that follows is read.
    pub(super) fn property_word(&mut self, word: &[u8], number: Option<i32>) -> bool {
        let on = number != Some(0);
        match word {
            b"u" => self.unicode(number.unwrap_or(0)),
            b"uc" => {
                self.state.uc = number
                    .and_then(|n| u16::try_from(n).ok())
                    .unwrap_or(1)
                    .min(64)
            }
            b"f" => {
                let font = number.unwrap_or(0);
                match self.state.dest {
                    Dest::Fonts => {
                        self.flush();
                        self.font_entry = font;
                        self.font_name.clear();
                    }
                    _ if self.state.double => self.state.double_font = Some(font),
                    _ => self.state.font = font,
                }
            }
            b"af" if self.state.double => self.state.double_font = number,
            b"dbch" => self.state.double = true,
            b"loch" | b"hich" => self.state.double = false,
            b"fcharset" | b"cpg" if self.state.dest == Dest::Fonts => {
                let value = number.and_then(|n| u32::try_from(n).ok());
                let page = value.and_then(|n| match word {
                    b"cpg" => codepage::of_number(n),
                    _ => codepage::of_charset(n),
                });
                if let Some(page) = page
                    && self.fonts.len() < 65_536
                {
                    self.fonts.insert(self.font_entry, page);
                }
            }
            b"deff" => self.default_font = number.unwrap_or(0),
            b"ansi" => self.default_page = codepage::WESTERN,
            b"mac" => self.default_page = Codepage::Known(encoding_rs::MACINTOSH),
            b"pc" => self.default_page = Codepage::Dos437,
            b"pca" => self.default_page = Codepage::Dos850,
            b"ansicpg" => {
                let page = number
                    .and_then(|n| u32::try_from(n).ok())
                    .and_then(codepage::of_number);
                self.default_page = page.unwrap_or(self.default_page);
            }
            b"plain" => {
                self.flush();
                self.state.font = -1;
                self.state.double = false;
                self.state.double_font = None;
            }
            b"htmlrtf" => {
                self.flush();
                self.state.htmlrtf = on;
            }
            b"fromhtml" => self.wraps_html |= on,
            b"pard" => {
                self.state.in_table = false;
                self.state.nesting = 0;
                self.state.outline = None;
                self.state.style = -1;
            }
            b"intbl" => self.state.in_table = on,
            b"itap" => {
                self.state.nesting = number.unwrap_or(0);
                self.state.in_table |= self.state.nesting > 0;
            }
            b"s" => {
                self.state.style = number.unwrap_or(0);
                self.style_entry.0 = self.state.style;
            }
            b"outlinelevel" => {
                let level = number.and_then(|n| u8::try_from(n).ok()).filter(|n| *n < 9);
                self.state.outline = level;
                self.style_entry.1 = level;
            }
            b"yr" | b"mo" | b"dy" | b"hr" | b"min" | b"sec" => {
                let place = [&b"yr"[..], b"mo", b"dy", b"hr", b"min", b"sec"]
                    .iter()
                    .position(|w| *w == word);
                if let Some(slot) = place.and_then(|p| self.time.get_mut(p)) {
                    *slot = number.unwrap_or(0);
                }
            }
            b"pngblip" => self.blob_extension("png"),
            b"jpegblip" => self.blob_extension("jpg"),
            b"emfblip" => self.blob_extension("emf"),
            b"wmetafile" => self.blob_extension("wmf"),
            b"macpict" => self.blob_extension("pict"),
            b"dibitmap" => {
                self.blob_extension("bmp");
                if let Some(blob) = self.blobs.last_mut() {
                    blob.bitmap = true;
                }
            }
            _ => return false,
        }
        true
    }

    /// Words that end a line, paragraph, cell, row or page.
    pub(super) fn structure_word(
        &mut self,
        word: &[u8],
        _number: Option<i32>,
    ) -> Result<bool, Stop> {
        match word {
            b"par" => self.paragraph_word()?,
            b"line" => self.break_line("\n"),
            b"sect" | b"page" | b"cell" | b"row" | b"nestcell" | b"nestrow"
                if self.html.is_some() => {}
            b"sect" | b"page" if self.state.dest == Dest::Body => {
                self.flush();
                let in_table = self.state.in_table;
                self.end_paragraph()?;
                if self.flows.len() == 1 && !in_table {
                    self.sink.page_break();
                }
            }
            b"cell" if self.state.dest == Dest::Body => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let mut cell = std::mem::take(&mut flow.cell);
                    cell.push_str(&std::mem::take(&mut flow.paragraph));
                    flow.cells.push(cell);
                    flow.list = false;
                }
            }
            b"row" if matches!(self.state.dest, Dest::Body | Dest::Quiet) => {
                self.flush();
                self.end_row()?;
            }
            b"nestcell" if self.state.dest == Dest::Body => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let cell = std::mem::take(&mut flow.paragraph);
                    flow.nested.push(cell.trim().replace(['\t', '\n'], " "));
                }
            }
            b"nestrow" => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let row = std::mem::take(&mut flow.nested).join("\t");
                    flow.after.push((BlockKind::TableRow, row));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Words that say where the text of their group goes.
    pub(super) fn destination(&mut self, word: &[u8], _number: Option<i32>) -> bool {
        if self.state.dest == Dest::Info || matches!(self.state.closing, Closing::Time(..)) {
            if let Some((field, from)) = fields::info_text(word) {
                self.collect(Collected::Fact(field, from));
                return true;
            }
            if let Some((field, from)) = fields::info_time(word) {
                self.time = [0; 6];
                self.state.closing = Closing::Time(field, from);
                return true;
            }
        }
        match word {
            b"fonttbl" => self.go(Dest::Fonts),
            b"stylesheet" => self.go(Dest::Styles),
            b"info" => self.go(Dest::Info),
            b"userprops" => self.go(Dest::Quiet),
            b"propname" => self.collect(Collected::PropertyName),
            b"staticval" => self.collect(Collected::PropertyValue),
            b"generator" => self.collect(Collected::Fact(Field::Software, "RTF \\generator")),
            b"atnauthor" => self.collect(Collected::Fact(Field::Other, "comment author")),
            b"fldinst" => self.collect(Collected::Instruction),
            b"objclass" => self.collect(Collected::Class),
            b"pict" => self.begin_data(Closing::Picture),
            b"objdata" => self.begin_data(Closing::Object),
            b"footnote" | b"annotation" => self.begin_flow(BlockKind::Footnote),
            b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl"
            | b"footerr" | b"footerf" => self.begin_flow(BlockKind::Margin),
            b"shptxt" | b"dptxbxtext" => self.begin_flow(BlockKind::Paragraph),
            b"pntext" | b"listtext" => {
                if self.html.is_some() {
                    self.go(Dest::Skip);
                } else if let Some(flow) = self.flows.last_mut() {
                    flow.list = true;
                }
            }
            b"htmltag" if self.html.is_some() => self.go(Dest::HtmlTag),
            b"upr" => {
                self.flush();
                self.state.around = self.state.dest;
                self.state.dest = Dest::Skip;
            }
            // Their content is the document's, though old readers may leave it out.
            b"shppict" | b"shpinst" | b"moMath" | b"moMathPara" | b"ud" | b"shptop" | b"do"
            | b"result" | b"fldrslt" | b"field" | b"object" | b"shp" | b"shpgrp"
            | b"background" => {}
            // Pictures may stand inside, text does not.
            b"sp" | b"nesttableprops" | b"blipuid" | b"picprop" => self.go(Dest::Quiet),
            b"colortbl" | b"nonshppict" | b"nonesttables" | b"shprslt" | b"xe" | b"tc" | b"rxe"
            | b"listtable" | b"listoverridetable" | b"revtbl" | b"rsidtbl" | b"filetbl"
            | b"bkmkstart" | b"bkmkend" | b"atnid" | b"atnref" | b"atndate" | b"atntime"
            | b"atnicn" | b"atnparent" | b"atrfstart" | b"atrfend" | b"ftnsep" | b"ftnsepc"
            | b"ftncn" | b"aftnsep" | b"aftnsepc" | b"aftncn" | b"template" | b"falt"
            | b"panose" | b"mmathPict" | b"themedata" | b"datastore" | b"mhtmltag" | b"private"
            | b"pgdsctbl" | b"docvar" | b"formfield" | b"pnseclvl" | b"pn" | b"fchars"
            | b"lchars" | b"objalias" | b"objsect" | b"objname" | b"keycode" => self.go(Dest::Skip),
            _ if self.state.dest == Dest::Styles && matches!(word, b"cs" | b"ds" | b"ts") => {
                self.style_entry.0 = -2;
            }
            _ if word.starts_with(b"m") && word.len() > 3 && word.ends_with(b"Pr") => {
                self.go(Dest::Skip)
            }
            _ => return false,
        }
        true
    }
}

/// Control words that stand for one character.
fn character(word: &[u8]) -> Option<char> {
    Some(match word {
        b"tab" => '\t',
        b"emdash" => '\u{2014}',
        b"endash" => '\u{2013}',
        b"emspace" => '\u{2003}',
        b"enspace" => '\u{2002}',
        b"qmspace" => '\u{2005}',
        b"bullet" => '\u{2022}',
        b"lquote" => '\u{2018}',
        b"rquote" => '\u{2019}',
        b"ldblquote" => '\u{201c}',
        b"rdblquote" => '\u{201d}',
        b"zwj" => '\u{200d}',
        b"zwnj" => '\u{200c}',
        b"zwbo" => '\u{200b}',
        b"zwnbo" => '\u{2060}',
        b"ltrmark" => '\u{200e}',
        b"rtlmark" => '\u{200f}',
        _ => return None,
    })
}
