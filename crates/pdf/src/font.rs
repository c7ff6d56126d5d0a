//! From the codes of a text-showing operator to characters and advances.
//!
//! Simple fonts (one byte a code) are read by `hayro-font`, which knows the encodings, the glyph
//! names and the standard fonts' metrics. Composite fonts are read here: text needs their maps and
//! widths but hardly ever their font program, and the predefined collections (CJK fonts that are
//! not embedded) get their characters from the collection's own map.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_font::{FontCache, FontGlyph};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use rustc_hash::FxHashMap;

/// Bytes of a map or font program that are looked at.
const MAP_BYTES: usize = 16 << 20;
/// Entries of a `W` array that are kept.
const WIDTHS: usize = 200_000;

/// What a code stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Text {
    /// The font does not say which character this glyph is.
    Unknown,
    Char(char),
    Several(Rc<str>),
}

/// A code as it is shown: its characters, how far the pen moves (in thousandths of the font size)
/// and, for vertical writing, where the glyph's origin lies from the pen.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) text: Text,
    pub(crate) advance: f32,
}

pub(crate) struct Font<'a> {
    kind: Kind<'a>,
    shown: RefCell<FxHashMap<u32, Shown>>,
    narrow: RefCell<Vec<Option<Shown>>>,
    pub(crate) vertical: bool,
    /// Height above and depth below the base line, in font sizes.
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) bold: bool,
    /// Type 3 fonts have their own scale: the height of their box in text space units.
    pub(crate) em: f32,
}

enum Kind<'a> {
    Simple(hayro_font::Font<'a>),
    Composite(Box<Composite<'a>>),
    /// No such font, or one that cannot be read: codes are taken as Latin text.
    Missing,
}

struct Composite<'a> {
    encoding: CMap,
    two_bytes: bool,
    to_unicode: Option<CMap>,
    /// Characters by identity within the collection.
    collection: Option<Collection>,
    /// Characters by identity as the embedded font has them; read when first needed.
    by_glyph: OnceCell<Option<FxHashMap<u32, char>>>,
    descendant: Dict<'a>,
    widths: FxHashMap<u32, f32>,
    default_width: f32,
    heights: FxHashMap<u32, f32>,
    default_height: f32,
}

enum Collection {
    Map(Rc<CMap>),
}

/// The fonts of a document, and what they share.
#[derive(Default)]
pub(crate) struct Fonts<'a> {
    by_place: RefCell<FxHashMap<(usize, usize), Rc<Font<'a>>>>,
    programs: FontCache<'a>,
    collections: RefCell<FxHashMap<&'static [u8], Option<Rc<CMap>>>>,
    /// Names of composite fonts that are used and not in the file.
    elsewhere: RefCell<BTreeSet<String>>,
}

impl<'a> Fonts<'a> {
    /// The font that a dictionary describes. Dictionaries are told apart by where they lie in the
    /// file, which is cheaper than hashing them and holds for direct objects too.
    pub(crate) fn get(&self, dict: &Dict<'a>) -> Rc<Font<'a>> {
        let place = (dict.data().as_ptr() as usize, dict.data().len());
        if let Some(font) = self.by_place.borrow().get(&place) {
            return Rc::clone(font);
        }
        let font = Rc::new(self.load(dict));
        self.by_place.borrow_mut().insert(place, Rc::clone(&font));
        font
    }

    pub(crate) fn missing(&self) -> Rc<Font<'a>> {
        Rc::new(Font::new(Kind::Missing))
    }

    /// Names of composite fonts (Chinese, Japanese, Korean ones mostly) that pages use and that are
    /// not in the file: their text can be read, their glyphs cannot be drawn as they were.
    pub(crate) fn elsewhere(&self) -> Vec<String> {
        self.elsewhere.borrow().iter().cloned().collect()
    }

    fn load(&self, dict: &Dict<'a>) -> Font<'a> {
        let subtype = dict.get::<Name<'_>>("Subtype");
        let is = |name: &[u8]| subtype.as_deref() == Some(name);
        if is(b"Type0") {
            return self
                .load_composite(dict)
                .unwrap_or_else(|| Font::new(Kind::Missing));
        }
        let resolver: hayro_font::FontResolverFn = Arc::new(standard_font);
        let cmaps: hayro_font::CMapResolverFn = Arc::new(hayro_cmap::load_embedded);
        // A font program is foreign data in foreign code: if reading it fails, the codes are left.
        let loaded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.programs.font(dict, &resolver, &cmaps)
        }));
        let Ok(Some(simple)) = loaded else {
            return Font::new(Kind::Missing);
        };
        let mut font = Font::new(Kind::Simple(simple));
        font.describe(
            dict,
            &dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default(),
        );
        if is(b"Type3") {
            font.describe_drawn(dict);
        }
        font
    }

    fn load_composite(&self, dict: &Dict<'a>) -> Option<Font<'a>> {
        let descendant = dict
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'a>>().next())
            .or_else(|| dict.get::<Dict<'a>>("DescendantFonts"))
            .unwrap_or_default();
        let descriptor = descendant
            .get::<Dict<'_>>("FontDescriptor")
            .unwrap_or_default();
        let programs = ["FontFile", "FontFile2", "FontFile3"];
        if !programs.iter().any(|key| descriptor.contains_key(key)) {
            let name = dict.get::<Name<'_>>("BaseFont");
            let name = name.map_or_else(|| "?".into(), |n| n.as_str().chars().take(80).collect());
            let mut elsewhere = self.elsewhere.borrow_mut();
            if elsewhere.len() < 20 {
                elsewhere.insert(name);
            }
        }
        let encoding_object = dict.get::<Object<'_>>("Encoding");
        let named = match &encoding_object {
            Some(Object::Name(name)) => Some(name.as_ref().to_vec()),
            _ => None,
        };
        let identity = named
            .as_deref()
            .is_none_or(|name| name.starts_with(b"Identity"));
        let encoding = read_encoding(encoding_object);
        let vertical = encoding.metadata().writing_mode == Some(WritingMode::Vertical)
            || named
                .as_deref()
                .is_some_and(|name| name.ends_with(b"-V") || name == b"V");
        let to_unicode = read_map(dict, "ToUnicode");
        let family = collection_of(&descendant).or_else(|| {
            encoding
                .metadata()
                .character_collection
                .as_ref()
                .map(|c| c.family.clone())
        });
        let collection = family.and_then(|family| self.collection(&family));
        let (widths, heights) = (
            read_widths(&descendant, "W", 1),
            read_widths(&descendant, "W2", 3),
        );
        let default_height = descendant
            .get::<Array<'_>>("DW2")
            .and_then(|pair| pair.iter::<f32>().nth(1))
            .unwrap_or(-1000.0);
        let composite = Composite {
            two_bytes: identity,
            encoding,
            to_unicode,
            collection,
            by_glyph: OnceCell::new(),
            widths,
            default_width: descendant.get::<f32>("DW").unwrap_or(1000.0),
            heights,
            default_height,
            descendant: descendant.clone(),
        };
        let mut font = Font::new(Kind::Composite(Box::new(composite)));
        font.vertical = vertical;
        font.describe(dict, &descriptor);
        Some(font)
    }

    fn collection(&self, family: &CidFamily) -> Option<Collection> {
        let name = family.ucs2_cmap()?;
        let key: &'static [u8] = match family {
            CidFamily::AdobeJapan1 => b"Japan1",
            CidFamily::AdobeGB1 => b"GB1",
            CidFamily::AdobeCNS1 => b"CNS1",
            _ => b"Korea1",
        };
        let map = self
            .collections
            .borrow_mut()
            .entry(key)
            .or_insert_with(|| {
                let bytes = hayro_cmap::load_embedded(name)?;
                CMap::parse(bytes, hayro_cmap::load_embedded).map(Rc::new)
            })
            .clone();
        map.map(Collection::Map)
    }
}

impl<'a> Font<'a> {
    fn new(kind: Kind<'a>) -> Self {
        Self {
            kind,
            shown: RefCell::default(),
            narrow: RefCell::default(),
            vertical: false,
            ascent: 0.9,
            descent: 0.25,
            bold: false,
            em: 1.0,
        }
    }

    fn describe(&mut self, dict: &Dict<'_>, descriptor: &Dict<'_>) {
        let read = |key: &str| descriptor.get::<f32>(key).unwrap_or(0.0) / 1000.0;
        // Descriptors are often wrong; what cannot be is replaced by the usual.
        let (ascent, descent) = (read("Ascent"), read("Descent").abs());
        if (0.4..=1.3).contains(&ascent) {
            self.ascent = ascent;
        }
        if (0.05..=0.6).contains(&descent) {
            self.descent = descent;
        }
        let name = dict.get::<Name<'_>>("BaseFont");
        let named_bold = name.is_some_and(|name| {
            let name = name.as_ref().to_ascii_lowercase();
            [&b"bold"[..], b"black", b"heavy"]
                .iter()
                .any(|word| name.windows(word.len()).any(|part| part == *word))
        });
        let flags = descriptor.get::<i64>("Flags").unwrap_or(0);
        let weight = descriptor.get::<f32>("FontWeight").unwrap_or(0.0);
        self.bold = named_bold || weight >= 600.0 || flags & (1 << 18) != 0;
    }

    /// Type 3: the size comes from the font's own matrix and box.
    fn describe_drawn(&mut self, dict: &Dict<'_>) {
        let numbers = |key: &str| -> Vec<f32> {
            let array = dict.get::<Array<'_>>(key);
            array.map_or_else(Vec::new, |array| array.iter::<f32>().take(6).collect())
        };
        let (matrix, bounds) = (numbers("FontMatrix"), numbers("FontBBox"));
        let scale = matrix.get(3).map_or(0.001, |d| d.abs());
        let tall = match bounds.as_slice() {
            [_, bottom, _, top, ..] => (top - bottom).abs() * scale,
            _ => 0.0,
        };
        let per_em = scale * 1000.0;
        self.em = if tall > 0.0 && tall < per_em.max(1e-6) * 20.0 {
            tall
        } else {
            per_em
        };
        (self.ascent, self.descent) = (0.8, 0.2);
        if let [_, bottom, _, top, ..] = bounds.as_slice()
            && top > bottom
            && self.em == tall
        {
            let below = (-bottom / (top - bottom)).clamp(0.0, 0.6);
            (self.ascent, self.descent) = (1.0 - below, below);
        }
    }

    /// Reads the next code of `bytes` at `at`: the code and how many bytes it takes (at least 1).
    pub(crate) fn next_code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let Some(rest) = bytes.get(at..) else {
            return (0, 1);
        };
        let first = rest.first().copied().unwrap_or(0);
        match &self.kind {
            Kind::Simple(_) | Kind::Missing => (u32::from(first), 1),
            Kind::Composite(composite) if composite.two_bytes => match rest {
                [high, low, ..] => (u32::from(*high) << 8 | u32::from(*low), 2),
                _ => (u32::from(first), 1),
            },
            Kind::Composite(composite) => {
                let mut code = 0_u32;
                for (index, byte) in rest.iter().take(4).enumerate() {
                    code = code << 8 | u32::from(*byte);
                    let length = index as u8 + 1;
                    if composite.encoding.lookup_cid_code(code, length).is_some() {
                        return (code, index + 1);
                    }
                }
                // A code that the map does not know: most maps that are used have two bytes.
                match rest {
                    [high, low, ..] if *high >= 0x80 => {
                        (u32::from(*high) << 8 | u32::from(*low), 2)
                    }
                    _ => (u32::from(first), 1),
                }
            }
        }
    }

    /// Calls `use_it` with what the code stands for.
    pub(crate) fn with_code<T>(&self, code: u32, use_it: impl FnOnce(&Shown) -> T) -> T {
        if code < 256 {
            let mut narrow = self.narrow.borrow_mut();
            if narrow.is_empty() {
                narrow.resize(256, None);
            }
            if let Some(slot) = narrow.get_mut(code as usize) {
                return use_it(slot.get_or_insert_with(|| self.decode(code)));
            }
        }
        let mut shown = self.shown.borrow_mut();
        use_it(shown.entry(code).or_insert_with(|| self.decode(code)))
    }

    fn decode(&self, code: u32) -> Shown {
        match &self.kind {
            Kind::Missing => Shown {
                text: match u8::try_from(code) {
                    Ok(byte) if byte >= 32 => Text::Char(byte as char),
                    _ => Text::Unknown,
                },
                advance: 500.0,
            },
            Kind::Simple(font) => {
                let text = match font.glyph(font.map_code(code), code) {
                    FontGlyph::Outline(glyph) => glyph.as_unicode(),
                    FontGlyph::Type3(glyph) => glyph.as_unicode(),
                };
                Shown {
                    text: usable(text),
                    advance: font.code_advance(code).x as f32,
                }
            }
            Kind::Composite(composite) => composite.decode(code, self.vertical),
        }
    }
}

impl Composite<'_> {
    fn cid(&self, code: u32) -> u32 {
        if self.two_bytes {
            return code;
        }
        (1..=4)
            .find_map(|length| self.encoding.lookup_cid_code(code, length))
            .unwrap_or(0)
    }

    fn decode(&self, code: u32, vertical: bool) -> Shown {
        let cid = self.cid(code);
        let mapped = self.to_unicode.as_ref().and_then(|map| {
            // Some producers write the map with the operators meant for identities.
            map.lookup_bf_string(code).or_else(|| {
                (1..=4)
                    .find_map(|length| map.lookup_cid_code(code, length))
                    .and_then(char::from_u32)
                    .map(BfString::Char)
            })
        });
        let text = match usable(mapped) {
            Text::Unknown => self.collected(cid).unwrap_or(Text::Unknown),
            known => known,
        };
        let advance = if vertical {
            self.heights
                .get(&cid)
                .copied()
                .unwrap_or(self.default_height)
        } else {
            self.widths.get(&cid).copied().unwrap_or(self.default_width)
        };
        Shown { text, advance }
    }

    fn collected(&self, cid: u32) -> Option<Text> {
        if let Some(Collection::Map(map)) = &self.collection {
            let text = map.lookup_bf_string(cid).or_else(|| {
                (1..=4)
                    .find_map(|length| map.lookup_cid_code(cid, length))
                    .and_then(char::from_u32)
                    .map(BfString::Char)
            });
            return Some(usable(text));
        }
        let by_glyph = self
            .by_glyph
            .get_or_init(|| characters_by_glyph(&self.descendant));
        by_glyph
            .as_ref()?
            .get(&cid)
            .map(|&character| Text::Char(character))
    }
}

fn usable(text: Option<BfString>) -> Text {
    // Maps often send glyphs without a character to U+0000 or U+FFFD.
    let is_nothing = |c: char| c == '\0' || c == '\u{fffd}' || c == '\u{ffff}';
    match text {
        Some(BfString::Char(c)) if !is_nothing(c) => Text::Char(c),
        Some(BfString::String(text)) if !text.is_empty() && !text.chars().all(is_nothing) => {
            Text::Several(
                text.chars()
                    .filter(|c| !is_nothing(*c))
                    .take(64)
                    .collect::<String>()
                    .into(),
            )
        }
        _ => Text::Unknown,
    }
}

fn standard_font(query: &hayro_font::FontQuery) -> Option<(hayro_font::FontData, u32)> {
    Some(match query {
        hayro_font::FontQuery::Standard(font) => font.get_font_data(),
        hayro_font::FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
    })
}

fn collection_of(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let text = |key: &str| {
        info.get::<PdfString<'_>>(key)
            .map(|text| text.as_bytes().to_vec())
    };
    let family = CidFamily::from_registry_ordering(&text("Registry")?, &text("Ordering")?);
    family.ucs2_cmap().is_some().then_some(family)
}

fn read_encoding(object: Option<Object<'_>>) -> CMap {
    let read = match object {
        Some(Object::Name(name)) => hayro_cmap::load_embedded(CMapName::from_bytes(&name))
            .and_then(|bytes| CMap::parse(bytes, hayro_cmap::load_embedded)),
        Some(Object::Stream(stream)) => parse_map(&stream),
        _ => None,
    };
    read.unwrap_or_else(CMap::identity_h)
}

fn read_map(dict: &Dict<'_>, key: &str) -> Option<CMap> {
    if let Some(stream) = dict.get::<Stream<'_>>(key) {
        return parse_map(&stream);
    }
    let name = dict.get::<Name<'_>>(key)?;
    let bytes = hayro_cmap::load_embedded(CMapName::from_bytes(&name))?;
    CMap::parse(bytes, hayro_cmap::load_embedded)
}

fn parse_map(stream: &Stream<'_>) -> Option<CMap> {
    let bytes = stream.decoded_data().ok()?;
    let bytes = bytes.get(..bytes.len().min(MAP_BYTES))?;
    CMap::parse(bytes, hayro_cmap::load_embedded)
}

/// `W` (`each` = 1) and `W2` (`each` = 3; the first of the three is the advance), ISO 32000-2,
/// 9.7.4.3.
fn read_widths(descendant: &Dict<'_>, key: &str, each: usize) -> FxHashMap<u32, f32> {
    let mut widths = FxHashMap::default();
    let Some(array) = descendant.get::<Array<'_>>(key) else {
        return widths;
    };
    let mut objects = array.iter::<Object<'_>>();
    let number =
        |object: Option<Object<'_>>| object.and_then(Object::into_number).map(|n| n.as_f32());
    while let Some(first) = number(objects.next()) {
        let first = first.max(0.0) as u32;
        match objects.next() {
            Some(Object::Array(list)) => {
                for (index, width) in list.iter::<f32>().step_by(each).enumerate() {
                    if widths.len() >= WIDTHS {
                        return widths;
                    }
                    widths.insert(first.saturating_add(index as u32), width);
                }
            }
            Some(Object::Number(last)) => {
                let last = last.as_f32().clamp(0.0, 65_535.0) as u32;
                let Some(width) = number(objects.next()) else {
                    break;
                };
                for _ in 1..each {
                    objects.next();
                }
                for cid in first..=last {
                    if widths.len() >= WIDTHS {
                        return widths;
                    }
                    widths.insert(cid, width);
                }
            }
            _ => break,
        }
    }
    widths
}

/// Without a map to Unicode the embedded font's own character map, read backwards, often tells.
fn characters_by_glyph(descendant: &Dict<'_>) -> Option<FxHashMap<u32, char>> {
    use skrifa::MetadataProvider;
    let descriptor = descendant.get::<Dict<'_>>("FontDescriptor")?;
    let program = descriptor
        .get::<Stream<'_>>("FontFile2")
        .or_else(|| descriptor.get::<Stream<'_>>("FontFile3"))?;
    let bytes = program.decoded_data().ok()?;
    let read = std::panic::catch_unwind(|| {
        let font = skrifa::FontRef::new(&bytes).ok()?;
        let mut by_glyph = FxHashMap::default();
        for (character, glyph) in font.charmap().mappings().take(WIDTHS) {
            let Some(character) = char::from_u32(character) else {
                continue;
            };
            let slot = by_glyph.entry(glyph.to_u32()).or_insert(character);
            // Several characters may share a glyph: the plainest is meant.
            if character < *slot && character >= ' ' {
                *slot = character;
            }
        }
        Some(by_glyph)
    });
    let by_glyph = read.ok().flatten()?;
    // A CIDToGIDMap stands between the codes and the glyphs.
    let Some(map) = descendant.get::<Stream<'_>>("CIDToGIDMap") else {
        return Some(by_glyph);
    };
    let map = map.decoded_data().ok()?;
    let mut by_cid = FxHashMap::default();
    for (cid, pair) in map.chunks_exact(2).take(65_536).enumerate() {
        if let [high, low] = pair
            && let Some(&character) = by_glyph.get(&(u32::from(*high) << 8 | u32::from(*low)))
        {
            by_cid.insert(cid as u32, character);
        }
    }
    Some(by_cid)
}
