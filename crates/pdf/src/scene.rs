//! A page as its glyphs: where each one stands, in which direction, with which characters.
//!
//! Runs the content streams of a page (ISO 32000-2, 8 and 9) for what matters to reading: text,
//! transforms, forms, marked content; of pictures and drawings only how much there is.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{
    Array, Dict, Name, Object, Rect as PdfRect, Stream, String as PdfString,
};
use hayro_syntax::page::{Page, Resources};
use rustc_hash::FxHashMap;

use crate::font::{Font, Fonts, Text};
use crate::geometry::{Matrix, Rect, clip, height, width};
use crate::stream::{self, State as Decoded};
use crate::strings;

/// Operators of one page, and glyphs on it.
const OPERATORS: u64 = 6_000_000;
const GLYPHS: usize = 1_000_000;
/// Forms within forms, and forms drawn on one page.
const DEPTH: usize = 20;
const FORMS: u32 = 20_000;
/// Bytes of a content stream.
const CONTENT: usize = 64 << 20;

/// What the glyphs of one operator have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// Reading direction on the displayed page in degrees, clockwise from "to the right".
    pub(crate) angle: i16,
    /// Unit vector of that direction.
    pub(crate) direction: (f32, f32),
    /// Font size in points as displayed.
    pub(crate) size: f32,
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) bold: bool,
    /// Characters stand under one another, centred on the pen's line.
    pub(crate) vertical: bool,
    /// Marked as belonging to the page and not to the text (running heads, page numbers).
    pub(crate) artifact: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// Where its characters stand in [`Scene::text`].
    pub(crate) start: u32,
    pub(crate) len: u16,
    pub(crate) space: bool,
    pub(crate) run: u32,
    /// The pen before the glyph, and how far the glyph reaches along the direction.
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) advance: f32,
}

#[derive(Debug, Default)]
pub(crate) struct Scene {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) runs: Vec<Run>,
    pub(crate) text: String,
    /// Glyphs whose character is not known.
    pub(crate) unknown: usize,
    /// Part of the page that pictures cover, 0 to 1 (overlaps counted twice, capped).
    pub(crate) pictures: f32,
    /// Shapes drawn: a page of outlined text has hundreds and no glyph.
    pub(crate) shapes: usize,
    pub(crate) faults: Vec<Fault>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A content stream is broken: what came before the break is read.
    Broken,
    /// The page has too many operators, glyphs or forms, or too long a content.
    Capped,
}

impl Scene {
    pub(crate) fn characters(&self, glyph: &Glyph) -> &str {
        let start = glyph.start as usize;
        self.text
            .get(start..start + usize::from(glyph.len))
            .unwrap_or("")
    }

    fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Reads the content of a page. Coordinates are those of the displayed page.
pub(crate) fn of_page<'a>(page: &Page<'a>, fonts: &Fonts<'a>) -> Scene {
    let mut scene = Scene::default();
    let mut content = Vec::new();
    let mut add = |scene: &mut Scene, stream: &Stream<'a>| {
        let part = stream::decode(stream, CONTENT);
        match part.state {
            Decoded::Whole => {}
            Decoded::Broken => scene.fault(Fault::Broken),
            Decoded::Capped => scene.fault(Fault::Capped),
        }
        if content.len() + part.bytes.len() > CONTENT {
            scene.fault(Fault::Capped);
            return;
        }
        content.extend_from_slice(&part.bytes);
        content.push(b'\n');
    };
    let dict = page.raw();
    if let Some(stream) = dict.get::<Stream<'a>>("Contents") {
        add(&mut scene, &stream);
    } else if let Some(streams) = dict.get::<Array<'a>>("Contents") {
        for stream in streams.iter::<Object<'a>>().take(100_000) {
            if let Some(stream) = stream.into_stream() {
                add(&mut scene, &stream);
            }
        }
    } else if dict.contains_key("Contents") {
        scene.fault(Fault::Broken);
    }
    let base = Matrix(page.initial_transform(true).as_coeffs());
    run(
        &content,
        page.resources(),
        base,
        page.render_dimensions(),
        fonts,
        scene,
    )
}

/// Reads one form, such as the appearance of an annotation, placed by `matrix`.
pub(crate) fn of_form<'a>(
    form: &Stream<'a>,
    fallback: &Resources<'a>,
    matrix: Matrix,
    page: (f32, f32),
    fonts: &Fonts<'a>,
) -> Scene {
    let decoded = stream::decode(form, CONTENT);
    let resources = form.dict().get::<Dict<'a>>("Resources").map(Resources::new);
    let resources = resources.unwrap_or_else(|| fallback.clone());
    run(
        &decoded.bytes,
        &resources,
        matrix,
        page,
        fonts,
        Scene::default(),
    )
}

fn run<'a>(
    content: &[u8],
    resources: &Resources<'a>,
    base: Matrix,
    page: (f32, f32),
    fonts: &Fonts<'a>,
    scene: Scene,
) -> Scene {
    let mut reader = Reader {
        fonts,
        scene,
        page,
        operators: 0,
        forms: 0,
        inside: Vec::new(),
        missing: None,
    };
    reader.content(content, resources, &State::new(base), 0);
    reader.scene
}

#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    /// Horizontal scale, 1 for 100 %.
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl State<'_> {
    const fn new(ctm: Matrix) -> Self {
        Self {
            ctm,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// A marked-content sequence that is open.
enum Mark {
    Plain,
    Artifact,
    /// The text that stands for the glyphs from here on.
    Actual(String, usize),
}

struct Reader<'f, 'a> {
    fonts: &'f Fonts<'a>,
    scene: Scene,
    page: (f32, f32),
    operators: u64,
    forms: u32,
    /// Forms that are being drawn: a form never draws itself.
    inside: Vec<usize>,
    missing: Option<Rc<Font<'a>>>,
}

impl<'a> Reader<'_, 'a> {
    #[allow(clippy::too_many_lines)] // one arm an operator: splitting it would hide the list
    fn content(
        &mut self,
        content: &[u8],
        resources: &Resources<'a>,
        start: &State<'a>,
        depth: usize,
    ) {
        use TypedInstruction as Op;
        let mut state = start.clone();
        let mut stack: Vec<State<'a>> = Vec::new();
        let mut named: FxHashMap<Vec<u8>, Rc<Font<'a>>> = FxHashMap::default();
        let mut marks: Vec<Mark> = Vec::new();
        let mut artifacts = 0_usize;
        let (mut line, mut pen) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut operators = TypedIter::new(content);
        while let Some(operator) = operators.next() {
            self.operators += 1;
            if self.operators > OPERATORS || self.scene.glyphs.len() > GLYPHS {
                self.scene.fault(Fault::Capped);
                break;
            }
            match operator {
                Op::SaveState(_) if stack.len() < 512 => stack.push(state.clone()),
                Op::RestoreState(_) => {
                    if let Some(saved) = stack.pop() {
                        state = saved;
                    }
                }
                Op::Transform(m) => {
                    state.ctm = numbers([m.0, m.1, m.2, m.3, m.4, m.5]).then(state.ctm);
                }
                Op::BeginText(_) => {
                    line = Matrix::IDENTITY;
                    pen = line;
                }
                Op::CharacterSpacing(n) => state.char_space = n.0.as_f64(),
                Op::WordSpacing(n) => state.word_space = n.0.as_f64(),
                Op::HorizontalScaling(n) => state.stretch = n.0.as_f64() / 100.0,
                Op::TextLeading(n) => state.leading = n.0.as_f64(),
                Op::TextRise(n) => state.rise = n.0.as_f64(),
                Op::TextFont(font) => {
                    state.size = font.1.as_f64();
                    state.font = Some(self.font(&mut named, resources, font.0));
                }
                Op::SetGraphicsState(name) => {
                    let font = resources
                        .get_ext_g_state(name.0)
                        .and_then(|dict| dict.get::<Array<'a>>("Font"));
                    if let Some(font) = font {
                        if let Some(dict) = font.iter::<Dict<'a>>().next() {
                            state.font = Some(self.fonts.get(&dict));
                        }
                        if let Some(size) = font
                            .iter::<Object<'_>>()
                            .nth(1)
                            .and_then(Object::into_number)
                        {
                            state.size = size.as_f64();
                        }
                    }
                }
                Op::SetTextMatrix(m) => {
                    line = numbers([m.0, m.1, m.2, m.3, m.4, m.5]);
                    pen = line;
                }
                Op::NextLine(n) => {
                    line = Matrix::shift(n.0.as_f64(), n.1.as_f64()).then(line);
                    pen = line;
                }
                Op::NextLineAndSetLeading(n) => {
                    state.leading = -n.1.as_f64();
                    line = Matrix::shift(n.0.as_f64(), n.1.as_f64()).then(line);
                    pen = line;
                }
                Op::NextLineUsingLeading(_) => {
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    pen = line;
                }
                Op::ShowText(text) => self.show(&state, &mut pen, text.0, artifacts > 0),
                Op::NextLineAndShowText(text) => {
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    pen = line;
                    self.show(&state, &mut pen, text.0, artifacts > 0);
                }
                Op::ShowTextWithParameters(text) => {
                    state.word_space = text.0.as_f64();
                    state.char_space = text.1.as_f64();
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    pen = line;
                    self.show(&state, &mut pen, text.2, artifacts > 0);
                }
                Op::ShowTexts(parts) => {
                    for part in parts.0.iter::<Object<'_>>() {
                        match part {
                            Object::String(text) => {
                                self.show(&state, &mut pen, &text, artifacts > 0)
                            }
                            Object::Number(back) => {
                                let by = -back.as_f64() / 1000.0 * state.size;
                                let vertical =
                                    state.font.as_ref().is_some_and(|font| font.vertical);
                                let (x, y) = if vertical {
                                    (0.0, by)
                                } else {
                                    (by * state.stretch, 0.0)
                                };
                                pen = Matrix::shift(x, y).then(pen);
                            }
                            _ => {}
                        }
                    }
                }
                Op::XObject(name) => {
                    if let Some(stream) = resources.get_x_object(name.0) {
                        self.x_object(&stream, resources, &state, depth);
                    }
                }
                Op::InlineImage(_) => self.picture(state.ctm),
                Op::BeginMarkedContent(mark) => {
                    let mark = if mark.0.as_ref() == b"Artifact" {
                        Mark::Artifact
                    } else {
                        Mark::Plain
                    };
                    artifacts += usize::from(matches!(mark, Mark::Artifact));
                    marks.push(mark);
                }
                Op::BeginMarkedContentWithProperties(mark) => {
                    let properties = match &mark.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name.as_ref()),
                        _ => None,
                    };
                    let actual = properties
                        .as_ref()
                        .and_then(|dict| dict.get::<PdfString<'_>>("ActualText"))
                        .map(|text| strings::text(text.as_bytes()));
                    let mark = match actual {
                        Some(text) => Mark::Actual(text, self.scene.glyphs.len()),
                        None if mark.0.as_ref() == b"Artifact" => Mark::Artifact,
                        None => Mark::Plain,
                    };
                    artifacts += usize::from(matches!(mark, Mark::Artifact));
                    marks.push(mark);
                }
                Op::EndMarkedContent(_) => match marks.pop() {
                    Some(Mark::Actual(text, from)) => self.replace(from, &text),
                    Some(Mark::Artifact) => artifacts = artifacts.saturating_sub(1),
                    _ => {}
                },
                Op::FillPathNonZero(_)
                | Op::FillPathNonZeroCompatibility(_)
                | Op::FillPathEvenOdd(_)
                | Op::FillAndStrokeNonZero(_)
                | Op::FillAndStrokeEvenOdd(_)
                | Op::StrokePath(_)
                | Op::CloseAndStrokePath(_) => self.scene.shapes += 1,
                _ => {}
            }
        }
        while let Some(mark) = marks.pop() {
            if let Mark::Actual(text, from) = mark {
                self.replace(from, &text);
            }
        }
    }

    fn font(
        &mut self,
        named: &mut FxHashMap<Vec<u8>, Rc<Font<'a>>>,
        resources: &Resources<'a>,
        name: &Name<'_>,
    ) -> Rc<Font<'a>> {
        if let Some(font) = named.get(name.as_ref()) {
            return Rc::clone(font);
        }
        let font = match resources.fonts.get::<Dict<'a>>(name.as_ref()) {
            Some(dict) => self.fonts.get(&dict),
            None => self.missing(),
        };
        named.insert(name.as_ref().to_vec(), Rc::clone(&font));
        font
    }

    fn missing(&mut self) -> Rc<Font<'a>> {
        Rc::clone(self.missing.get_or_insert_with(|| self.fonts.missing()))
    }

    fn x_object(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        state: &State<'a>,
        depth: usize,
    ) {
        let dict = stream.dict();
        let subtype = dict.get::<Name<'_>>("Subtype");
        if subtype.as_deref() == Some(b"Image") {
            self.picture(state.ctm);
            return;
        }
        if subtype.as_deref() != Some(b"Form") && !dict.contains_key("BBox") {
            return;
        }
        self.forms += 1;
        let place = dict.data().as_ptr() as usize;
        if depth >= DEPTH || self.forms > FORMS {
            self.scene.fault(Fault::Capped);
            return;
        }
        if self.inside.contains(&place) {
            self.scene.fault(Fault::Broken);
            return;
        }
        let decoded = stream::decode(stream, CONTENT);
        match decoded.state {
            Decoded::Whole => {}
            Decoded::Broken => self.scene.fault(Fault::Broken),
            Decoded::Capped => self.scene.fault(Fault::Capped),
        }
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let mut inner = state.clone();
        inner.ctm = form_matrix(dict).then(state.ctm);
        self.inside.push(place);
        self.content(
            &decoded.bytes,
            own.as_ref().unwrap_or(resources),
            &inner,
            depth + 1,
        );
        self.inside.pop();
    }

    fn picture(&mut self, ctm: Matrix) {
        let seen = clip(ctm.bounds([0.0, 0.0, 1.0, 1.0]), self.page);
        let page = (self.page.0 * self.page.1).max(1.0);
        self.scene.pictures = (self.scene.pictures + width(seen) * height(seen) / page).min(1.0);
    }

    fn show(&mut self, state: &State<'a>, pen: &mut Matrix, text: &[u8], artifact: bool) {
        let font = match &state.font {
            Some(font) => Rc::clone(font),
            None => self.missing(),
        };
        let to_page = pen.then(state.ctm);
        let vertical = font.vertical;
        let backwards = (state.size * state.stretch) < 0.0;
        let (dx, dy) = if vertical {
            to_page.vector(0.0, -1.0)
        } else {
            to_page.vector(if backwards { -1.0 } else { 1.0 }, 0.0)
        };
        // Points on the page per unit of text space, along the line and across it.
        let along = dx.hypot(dy);
        let (ux, uy) = if vertical {
            to_page.vector(1.0, 0.0)
        } else {
            to_page.vector(0.0, 1.0)
        };
        let across = ux.hypot(uy);
        let size = (state.size.abs() * f64::from(font.em) * across) as f32;
        let usable = along > 0.0 && size.is_finite() && size > 0.0 && along.is_finite();
        let angle = if usable {
            dy.atan2(dx).to_degrees().round() as i16
        } else {
            0
        };
        let run = Run {
            angle,
            direction: if usable {
                ((dx / along) as f32, (dy / along) as f32)
            } else {
                (1.0, 0.0)
            },
            size,
            ascent: font.ascent,
            descent: font.descent,
            bold: font.bold,
            vertical,
            artifact,
        };
        if self.scene.runs.last() != Some(&run) {
            self.scene.runs.push(run);
        }
        let run = (self.scene.runs.len() - 1) as u32;
        let mut moved = 0.0_f64; // along the pen's own axis, in text space
        let mut at = 0;
        while at < text.len() {
            let (code, length) = font.next_code(text, at);
            at += length;
            let advance = font.with_code(code, |shown| {
                if usable {
                    let (x, y) = if vertical {
                        to_page.point(0.0, moved)
                    } else {
                        to_page.point(moved, state.rise)
                    };
                    let reach = f64::from(shown.advance) / 1000.0 * state.size;
                    let reach = if vertical {
                        reach
                    } else {
                        reach * state.stretch
                    };
                    let glyph = Glyph {
                        start: 0,
                        len: 0,
                        space: false,
                        run,
                        x: x as f32,
                        y: y as f32,
                        advance: (reach.abs() * along) as f32,
                    };
                    push(&mut self.scene, glyph, &shown.text);
                }
                f64::from(shown.advance)
            });
            let mut step = advance / 1000.0 * state.size + state.char_space;
            if length == 1 && code == 32 {
                step += state.word_space;
            }
            // Vertical advances are negative: the pen goes down.
            moved += if vertical { step } else { step * state.stretch };
        }
        let (x, y) = if vertical { (0.0, moved) } else { (moved, 0.0) };
        *pen = Matrix::shift(x, y).then(*pen);
    }

    /// Puts `text` in place of the glyphs from `from` on (ISO 32000-2, 14.9.4), spread over the
    /// place that they take. Glyphs of several lines keep their own characters.
    fn replace(&mut self, from: usize, text: &str) {
        let Some(glyphs) = self.scene.glyphs.get(from..) else {
            return;
        };
        let (Some(first), Some(last)) = (glyphs.first().cloned(), glyphs.last().cloned()) else {
            return;
        };
        let Some(run) = self.scene.runs.get(first.run as usize) else {
            return;
        };
        let (size, direction) = (run.size, run.direction);
        let along =
            |glyph: &Glyph| (glyph.x - first.x) * direction.0 + (glyph.y - first.y) * direction.1;
        let off = |glyph: &Glyph| {
            ((glyph.y - first.y) * direction.0 - (glyph.x - first.x) * direction.1).abs()
        };
        if glyphs.iter().any(|glyph| off(glyph) > size) {
            return;
        }
        let start = glyphs.iter().map(&along).fold(0.0, f32::min);
        let end = glyphs
            .iter()
            .map(|g| along(g) + g.advance)
            .fold(along(&last), f32::max);
        self.scene.glyphs.truncate(from);
        let count = text.chars().count().min(10_000);
        let step = (end - start).max(0.0) / count.max(1) as f32;
        for (index, character) in text.chars().take(count).enumerate() {
            let moved = start + step * index as f32;
            let glyph = Glyph {
                x: first.x + direction.0 * moved,
                y: first.y + direction.1 * moved,
                advance: step,
                ..first.clone()
            };
            push(&mut self.scene, glyph, &Text::Char(character));
        }
    }
}

fn push(scene: &mut Scene, mut glyph: Glyph, text: &Text) {
    let start = scene.text.len();
    match text {
        Text::Char(c) if c.is_control() => scene.text.push(' '),
        Text::Char(c) => scene.text.push(*c),
        Text::Several(text) => scene
            .text
            .extend(text.chars().map(|c| if c.is_control() { ' ' } else { c })),
        Text::Unknown => {
            scene.unknown += 1;
            scene.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let added = scene.text.get(start..).unwrap_or("");
    glyph.space = added.chars().all(char::is_whitespace);
    glyph.start = u32::try_from(start).unwrap_or(u32::MAX);
    glyph.len = u16::try_from(added.len()).unwrap_or(u16::MAX);
    scene.glyphs.push(glyph);
}

fn numbers(of: [hayro_syntax::object::Number; 6]) -> Matrix {
    Matrix(of.map(|n| n.as_f64()))
}

/// The `Matrix` of a form; the identity if it has none.
pub(crate) fn form_matrix(dict: &Dict<'_>) -> Matrix {
    dict.get::<[f64; 6]>("Matrix")
        .map_or(Matrix::IDENTITY, Matrix)
}

/// A rectangle of the page's own space as displayed.
pub(crate) fn displayed(page: &Page<'_>, rect: PdfRect) -> Rect {
    Matrix(page.initial_transform(true).as_coeffs()).bounds([rect.x0, rect.y0, rect.x1, rect.y1])
}
