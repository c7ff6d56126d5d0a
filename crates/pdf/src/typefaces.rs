//! Typefaces that stand in where a file does not hold its own.
//!
//! A page whose characters have no shape must not look like an empty page. So a composite font
//! (as Chinese, Japanese and Korean ones are) that is not in the file is drawn with a typeface of
//! this machine if one was handed in, and otherwise as boxes, one for each character. Where not
//! even the file says which characters it means, there are boxes too: glyphs of another typeface
//! picked by number would show a text that nobody wrote.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::font::{FontData, FontQuery, Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, CidFamily};

/// Which characters a typeface has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    Korean,
    /// Chinese as written in the People's Republic.
    Simplified,
    /// Chinese as written in Taiwan and Hong Kong.
    Traditional,
    Japanese,
    /// Latin, Greek, Cyrillic and whatever else.
    Other,
}

/// Gives the bytes of a font file and the number of the face in it, if there is one for a script.
pub type Typefaces = Arc<dyn Fn(Script) -> Option<(FontBytes, u32)> + Send + Sync>;
/// The bytes of a font file.
pub type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// No typefaces: boxes.
#[must_use]
pub fn no_typefaces() -> Typefaces {
    Arc::new(|_| None)
}

/// What the fonts that are not in the file are used for, by their name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Missing(BTreeMap<String, Uses>);

#[derive(Debug, Clone, Default)]
struct Uses {
    hangul: u32,
    han: u32,
    kana: u32,
    other: u32,
}

impl Missing {
    /// Notes the characters of a run if it is drawn with boxes, as all missing fonts are at first.
    pub(crate) fn note(&mut self, run: &GlyphRun<'_, '_>) {
        let first = run.glyphs().first().map(std::ops::Deref::deref);
        let Some(Glyph::Outline(first)) = first else {
            return;
        };
        let Some(font) = first.font_data().filter(|font| is_boxes(&font.data)) else {
            return;
        };
        let uses = self
            .0
            .entry(font.postscript_name.unwrap_or_default())
            .or_default();
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => Some(c),
                Some(BfString::String(text)) => text.chars().next(),
                None => None,
            };
            let count = match text {
                Some(
                    '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7ff}',
                ) => &mut uses.hangul,
                Some('\u{3040}'..='\u{30ff}') => &mut uses.kana,
                Some(
                    '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}',
                ) => &mut uses.han,
                Some(c) if !c.is_control() && c != '\u{fffd}' => &mut uses.other,
                _ => continue,
            };
            *count = count.saturating_add(1);
        }
    }

    /// The script of the font with this name; `None` if none of its characters is known.
    fn script(&self, name: &str) -> Option<Script> {
        let uses = self.0.get(name)?;
        if uses.hangul > 0 {
            Some(Script::Korean)
        } else if uses.kana > 0 {
            Some(Script::Japanese)
        } else if uses.han > 0 {
            Some(Script::Simplified)
        } else {
            (uses.other > 0).then_some(Script::Other)
        }
    }
}

/// Every missing composite font as boxes.
pub(crate) fn boxes_only(query: &FontQuery) -> Option<(FontData, u32)> {
    match query {
        FontQuery::Standard(font) => Some(font.get_font_data()),
        FontQuery::Fallback(query) if query.character_collection.is_some() => Some(boxes()),
        FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
    }
}

/// Missing composite fonts with the typefaces at hand, else as boxes.
pub(crate) fn resolve(
    query: &FontQuery,
    typefaces: &Typefaces,
    missing: &Missing,
) -> Option<(FontData, u32)> {
    let FontQuery::Fallback(wanted) = query else {
        return boxes_only(query);
    };
    let Some(collection) = &wanted.character_collection else {
        return boxes_only(query);
    };
    let script = match collection.family {
        CidFamily::AdobeKorea1 => Some(Script::Korean),
        CidFamily::AdobeGB1 => Some(Script::Simplified),
        CidFamily::AdobeCNS1 => Some(Script::Traditional),
        CidFamily::AdobeJapan1 => Some(Script::Japanese),
        _ => missing.script(wanted.post_script_name.as_deref().unwrap_or_default()),
    };
    let found = script.and_then(|script| typefaces(script));
    Some(found.unwrap_or_else(boxes))
}

fn boxes() -> (FontData, u32) {
    static BOXES: OnceLock<FontData> = OnceLock::new();
    let font = BOXES.get_or_init(|| Arc::new(box_font()));
    (Arc::clone(font), 0)
}

fn is_boxes(data: &FontData) -> bool {
    let at = |data: &FontData| {
        let bytes: &[u8] = (**data).as_ref();
        (bytes.as_ptr(), bytes.len())
    };
    at(data) == at(&boxes().0)
}

/// Glyphs of the box font; the last one is empty and stands for blanks.
const GLYPHS: u16 = 65_535;
const BLANK: u16 = GLYPHS - 1;

/// A TrueType font (OpenType 1.9, chapter 5) whose every glyph is a frame, so that it does not
/// matter by what way a glyph is chosen.
fn box_font() -> Vec<u8> {
    // The frame: an outer contour and, the other way round, an inner one. On-curve points with
    // 16-bit coordinates, each relative to the point before.
    let outer: [(i16, i16); 4] = [(80, -60), (0, 860), (840, 0), (0, -860)];
    let inner: [(i16, i16); 4] = [(-780, 60), (720, 0), (0, 740), (-720, 0)];
    let points: Vec<(i16, i16)> = outer.into_iter().chain(inner).collect();
    let mut glyph = Vec::new();
    for number in [2_i16, 80, -60, 920, 800, 3, 7, 0] {
        glyph.extend(number.to_be_bytes());
    }
    glyph.extend([1_u8; 8]);
    points
        .iter()
        .for_each(|(x, _)| glyph.extend(x.to_be_bytes()));
    points
        .iter()
        .for_each(|(_, y)| glyph.extend(y.to_be_bytes()));
    let size = u32::try_from(glyph.len()).unwrap_or(0);
    let mut loca = Vec::with_capacity(usize::from(GLYPHS) * 4 + 4);
    let mut glyf = Vec::with_capacity(usize::from(GLYPHS) * glyph.len());
    for n in 0..=u32::from(GLYPHS) {
        loca.extend((size * n.min(u32::from(BLANK))).to_be_bytes());
        if n < u32::from(BLANK) {
            glyf.extend_from_slice(&glyph);
        }
    }
    let words = |numbers: &[u16]| -> Vec<u8> {
        numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect()
    };
    // One advance for all glyphs, then a left side bearing each.
    let mut hmtx = words(&[1000]);
    for n in 0..GLYPHS {
        hmtx.extend(if n == BLANK { 0_u16 } else { 80 }.to_be_bytes());
    }
    let groups: [(u32, u32, u32); 6] = [
        (0x20, 0x20, u32::from(BLANK)),
        (0x21, 0x9f, 0x21),
        (0xa0, 0xa0, u32::from(BLANK)),
        (0xa1, 0x2fff, 0xa1),
        (0x3000, 0x3000, u32::from(BLANK)),
        (0x3001, 0xfffd, 0x3001),
    ];
    let mut cmap = words(&[0, 1, 3, 10, 0, 12, 12, 0]);
    for number in [16 + 12 * 6_u32, 0, 6] {
        cmap.extend(number.to_be_bytes());
    }
    for (from, to, glyph) in groups {
        [from, to, glyph]
            .iter()
            .for_each(|number| cmap.extend(number.to_be_bytes()));
    }
    let mut head = words(&[1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000]);
    head.extend([0; 16]);
    head.extend(words(&[80, 0xffc4, 920, 800, 0, 8, 2, 1, 0]));
    let hhea = words(&[
        1, 0, 880, 0xff88, 0, 1000, 80, 80, 920, 1, 0, 0, 0, 0, 0, 0, 0, 1,
    ]);
    let maxp = words(&[1, 0, GLYPHS, 8, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"cmap", cmap),
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
    ];
    let mut font = words(&[1, 0, 7, 64, 2, 48]);
    let mut at = 12 + 16 * tables.len();
    for (tag, table) in &tables {
        font.extend_from_slice(*tag);
        for number in [0, at, table.len()] {
            font.extend(u32::try_from(number).unwrap_or(0).to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, mut table) in tables {
        table.resize(table.len().next_multiple_of(4), 0);
        font.append(&mut table);
    }
    font
}

#[cfg(test)]
mod tests {
    use skrifa::raw::TableProvider;
    use skrifa::{FontRef, MetadataProvider};

    use super::*;

    #[test]
    fn every_glyph_of_the_box_font_is_a_frame() {
        let bytes = box_font();
        let font = FontRef::new(&bytes).expect("a font");
        assert_eq!(font.maxp().map(|maxp| maxp.num_glyphs()), Ok(GLYPHS));
        let glyph = |c| font.charmap().map(c).map(|id: skrifa::GlyphId| id.to_u32());
        assert_eq!(glyph(' '), Some(u32::from(BLANK)));
        for c in ['A', '가', '中', 'Ж'] {
            assert_eq!(glyph(c), Some(u32::from(c)));
        }
        let bounds = |id| {
            let metrics = font.glyph_metrics(
                skrifa::instance::Size::unscaled(),
                skrifa::instance::LocationRef::default(),
            );
            metrics
                .bounds(skrifa::GlyphId::new(id))
                .map(|b| (b.x_min, b.y_max))
        };
        assert_eq!(bounds(0xac00), Some((80.0, 800.0)));
    }
}
