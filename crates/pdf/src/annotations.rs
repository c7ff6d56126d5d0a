//! Text that is not in the content of a page: comments, stamps and the values of form fields.

use casefile::{BlockKind, TextBuilder};
use hayro_syntax::object::{
    Array, Dict, Name, Object, Rect as PdfRect, Stream, String as PdfString,
};
use hayro_syntax::page::Page;

use crate::font::Fonts;
use crate::geometry::{Matrix, Rect, clip};
use crate::scene::{self, Scene};
use crate::stream;
use crate::strings;

/// Annotations of a page that are read, characters of one, and steps up a form's tree.
const ANNOTATIONS: usize = 20_000;
const CHARS: usize = 1 << 20;
const PARENTS: usize = 16;

/// The text of one annotation, and where it stands on the displayed page.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) rect: Rect,
}

impl Note {
    pub(crate) fn write(&self, builder: &mut TextBuilder, size: (f32, f32)) {
        builder.begin(BlockKind::Paragraph, true);
        for (index, line) in self.text.lines().enumerate() {
            if index > 0 {
                builder.push("\n");
            }
            for (index, word) in line.split(' ').filter(|word| !word.is_empty()).enumerate() {
                if index > 0 {
                    builder.push(" ");
                }
                builder.push_boxed(word, clip(self.rect, size), None);
            }
        }
        builder.end();
    }
}

/// The notes of a page in the order of the file.
pub(crate) fn of_page<'a>(page: &Page<'a>, fonts: &Fonts<'a>) -> Vec<Note> {
    let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
        return Vec::new();
    };
    let mut notes: Vec<Note> = Vec::new();
    for annotation in annotations.iter::<Dict<'a>>().take(ANNOTATIONS) {
        let subtype = annotation.get::<Name<'_>>("Subtype");
        let text = match subtype.as_deref().unwrap_or_default() {
            b"Popup" | b"Link" => continue,
            b"Widget" => field(&annotation, || appearance(page, &annotation, fonts)),
            _ => comment(page, &annotation, fonts),
        };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let rect = annotation
            .get::<PdfRect>("Rect")
            .map_or([0.0; 4], |rect| scene::displayed(page, rect));
        notes.push(Note {
            text: text.chars().take(CHARS).collect(),
            rect,
        });
    }
    notes
}

fn string(dict: &Dict<'_>, key: &str) -> Option<String> {
    let text = dict
        .get::<PdfString<'_>>(key)
        .map(|text| strings::text(text.as_bytes()));
    let text = text.map(|text| text.replace("\r\n", "\n").replace('\r', "\n"));
    text.filter(|text| !text.trim().is_empty())
}

fn comment<'a>(page: &Page<'a>, annotation: &Dict<'a>, fonts: &Fonts<'a>) -> String {
    let written = string(annotation, "Contents").or_else(|| {
        let rich = string(annotation, "RC")?;
        Some(without_tags(&rich))
    });
    let written = match written {
        Some(written) => written,
        None => appearance(page, annotation, fonts).unwrap_or_default(),
    };
    match string(annotation, "T") {
        Some(author) if !written.is_empty() => format!("{author}: {written}"),
        _ => written,
    }
}

/// Rich text (XHTML) as plain text.
fn without_tags(rich: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in rich.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                if !text.ends_with([' ', '\n']) {
                    text.push(' ');
                }
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#13;", "\n")
        .replace("&amp;", "&")
}

/// The words that the normal appearance of an annotation shows.
fn appearance<'a>(page: &Page<'a>, annotation: &Dict<'a>, fonts: &Fonts<'a>) -> Option<String> {
    let states = annotation.get::<Dict<'a>>("AP")?;
    let form = states.get::<Stream<'a>>("N").or_else(|| {
        let chosen = annotation.get::<Name<'_>>("AS")?;
        states
            .get::<Dict<'a>>("N")?
            .get::<Stream<'a>>(chosen.as_ref())
    })?;
    let size = page.render_dimensions();
    // Where it stands does not matter here: only its text is used.
    let scene = scene::of_form(
        &form,
        page.resources(),
        Matrix([1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
        size,
        fonts,
    );
    Some(plain(&scene))
}

fn plain(scene: &Scene) -> String {
    let mut text = String::new();
    for frame in crate::words::frames(scene, (f32::MAX, f32::MAX)) {
        for segment in &frame.segments {
            for word in frame.words.get(segment.words.clone()).unwrap_or_default() {
                for place in frame.order.get(word.glyphs.clone()).unwrap_or_default() {
                    let glyph = scene.glyphs.get(place.glyph as usize);
                    text.push_str(glyph.map_or("", |g| scene.characters(g)));
                }
                text.push(' ');
            }
            text.push('\n');
        }
    }
    text
}

/// A form field as `label: value`. Its parts may stand on the field that it belongs to.
fn field(widget: &Dict<'_>, shown: impl FnOnce() -> Option<String>) -> String {
    let mut chain = vec![widget.clone()];
    while chain.len() < PARENTS
        && let Some(parent) = chain.last().and_then(|dict| dict.get::<Dict<'_>>("Parent"))
    {
        chain.push(parent);
    }
    let inherited = |key: &str| chain.iter().find_map(|dict| dict.get::<Object<'_>>(key));
    let label = chain
        .iter()
        .find_map(|dict| string(dict, "TU"))
        .or_else(|| chain.iter().find_map(|dict| string(dict, "T")));
    let kind = inherited("FT").and_then(Object::into_name);
    let value = match kind.as_deref().unwrap_or_default() {
        b"Btn" => {
            let flags = inherited("Ff")
                .and_then(Object::into_number)
                .map_or(0, |n| n.as_i64());
            if flags & (1 << 16) != 0 {
                // A push button: what is written on it.
                let caption = widget
                    .get::<Dict<'_>>("MK")
                    .and_then(|dict| string(&dict, "CA"));
                return caption.unwrap_or_default();
            }
            let state = widget
                .get::<Name<'_>>("AS")
                .or_else(|| inherited("V").and_then(Object::into_name));
            match state {
                Some(name) if name.as_ref() != b"Off" => {
                    Some("☑ ".to_owned() + &strings::text(name.as_ref()))
                }
                _ => Some("☐".to_owned()),
            }
        }
        b"Sig" => inherited("V").and_then(Object::into_dict).map(|signature| {
            let parts = ["Name", "Reason", "Location", "ContactInfo"];
            let mut parts: Vec<String> = parts
                .iter()
                .filter_map(|key| string(&signature, key))
                .collect();
            parts.extend(string(&signature, "M").and_then(|date| strings::date(&date)));
            parts.join(", ")
        }),
        b"Ch" => choices(inherited("V"), inherited("Opt")),
        _ => displayed(inherited("V").and_then(written), shown()),
    };
    match (label, value.filter(|value| !value.trim().is_empty())) {
        (Some(label), Some(value)) => format!("{}: {value}", label.trim()),
        (None, Some(value)) => value,
        _ => String::new(),
    }
}

/// A value is often stored in another form than it is shown in (`1500` and `1,500.00`): both count.
fn displayed(value: Option<String>, shown: Option<String>) -> Option<String> {
    let bare = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
    };
    let shown = shown
        .map(|shown| shown.trim().to_owned())
        .filter(|shown| !shown.is_empty());
    match (value, shown) {
        (Some(value), Some(shown)) if bare(&value) != bare(&shown) && !value.trim().is_empty() => {
            Some(format!("{shown} ({value})"))
        }
        (Some(value), _) if !value.trim().is_empty() => Some(value),
        (_, shown) => shown,
    }
}

fn written(value: Object<'_>) -> Option<String> {
    match value {
        Object::String(text) => Some(
            strings::text(text.as_bytes())
                .replace("\r\n", "\n")
                .replace('\r', "\n"),
        ),
        Object::Name(name) => Some(strings::text(name.as_ref())),
        Object::Stream(long) => Some(strings::text(&stream::decode(&long, CHARS).bytes)),
        _ => None,
    }
}

/// The choices of a list as it shows them, and which of them were made.
fn choices(value: Option<Object<'_>>, options: Option<Object<'_>>) -> Option<String> {
    let pairs: Vec<(String, String)> = options
        .and_then(Object::into_array)
        .map(|options| {
            let option = |option: Object<'_>| match option {
                Object::Array(pair) => {
                    let mut both = pair.iter::<Object<'_>>().filter_map(written);
                    let export = both.next()?;
                    let shown = both.next().unwrap_or_else(|| export.clone());
                    Some((export, shown))
                }
                other => written(other).map(|text| (text.clone(), text)),
            };
            options
                .iter::<Object<'_>>()
                .take(5_000)
                .filter_map(option)
                .collect()
        })
        .unwrap_or_default();
    let chosen: Vec<String> = match value {
        Some(Object::Array(several)) => several
            .iter::<Object<'_>>()
            .take(5_000)
            .filter_map(written)
            .collect(),
        Some(one) => written(one)
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
        None => Vec::new(),
    };
    if pairs.is_empty() {
        return (!chosen.is_empty()).then(|| chosen.join(", "));
    }
    // All that could be chosen, with a mark at what was.
    let mut texts: Vec<String> = pairs
        .iter()
        .map(|(export, shown)| {
            let mark = if chosen.contains(export) || chosen.contains(shown) {
                '☑'
            } else {
                '☐'
            };
            format!("{mark} {shown}")
        })
        .collect();
    let known = |choice: &&String| {
        !pairs
            .iter()
            .any(|(export, shown)| export == *choice || shown == *choice)
    };
    texts.extend(
        chosen
            .iter()
            .filter(known)
            .map(|other| format!("☑ {other}")),
    );
    Some(texts.join(", "))
}
