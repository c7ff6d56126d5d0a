//! Text recognition through an installed `tesseract`, itself shut in.
//!
//! The recogniser never sees a stranger's file: it gets grey pixels that a worker has decoded,
//! over a pipe, and answers with words, boxes and confidences over another. It runs behind the
//! walls of [`crate::worker`] as far as a foreign program can: no network, nothing written,
//! only system folders read, memory and CPU capped.

mod grey;
mod layout;
mod words;

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use casefile::{Page, Section};

use crate::worker::{Program, around_program};
use grey::Grey;
use layout::{Ink, Stack};
use words::Word;

const MEMORY: u64 = 3 << 30;
const CPU_SECONDS: u64 = 60;
/// The languages that are tried, in this order; those not installed are left out.
const LANGUAGES: [&str; 4] = ["eng", "kor", "chi_sim", "chi_tra"];
/// Mean word confidence (0 to 100) under which another way of reading a page is tried.
const TRUSTED: f32 = 60.0;
/// Mean word confidence of the best language on some lines under which no text is looked for: what
/// is seen in clouds and grain has 10 to 30.
const HOPELESS: f32 = 30.0;
/// Mean word confidence from which the other languages need no trying. Chinese models read Latin
/// letters nearly as surely as the English one, so that one is asked first.
const SURE: f32 = 88.0;
/// Heights of characters, in pixels, that are recognised best; others are scaled to the middle.
const SMALL: f32 = 19.0;
const LARGE: f32 = 46.0;
const MIDDLE: f32 = 30.0;
/// Pixels on which the way up and the script are told.
const GLANCE: f32 = 5_000_000.0;
/// Confidence of the way up (tesseract's own measure) from which it is believed.
const UPRIGHT: f32 = 0.8;

/// An installed recogniser.
#[derive(Debug, Clone)]
pub struct Recogniser {
    tesseract: PathBuf,
    /// Where its models are, if not where it looks by itself.
    models: Option<PathBuf>,
    languages: Vec<&'static str>,
    /// The script detector's model is installed.
    scripts: bool,
    version: String,
    start: Program,
}

/// What recognition of one page gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    pub section: Section,
    /// Mean confidence of its words, 0 to 100.
    pub confidence: f32,
    pub languages: String,
    /// Lines that were too unsure to be kept.
    pub unreadable: usize,
}

/// A page made ready: upright, level, black on white, at a good size.
struct Ready {
    page: Grey,
    ink: Ink,
    text: f32,
    /// How it was turned, levelled and scaled from the picture, to find the way back.
    quarters: u8,
    slope: f32,
    scale: f32,
    /// Size of the turned picture.
    turned: (f32, f32),
}

/// What a glance at the page tells.
struct Glance {
    /// Quarters clockwise to turn it upright.
    quarters: u8,
    script: String,
}

impl Recogniser {
    /// Looks for `tesseract` in `PATH`. `start` is this program with the argument that leads to
    /// [`run_confined`].
    #[must_use]
    pub fn find(start: Program) -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let mut places = std::env::split_paths(&path).map(|folder| folder.join("tesseract"));
        let tesseract = places.find(|place| place.is_file())?;
        let models = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
        let ask = |argument| {
            let output = Command::new(&tesseract)
                .arg(argument)
                .stdin(Stdio::null())
                .output()
                .ok()?;
            let both = [output.stdout, output.stderr].concat();
            Some(String::from_utf8_lossy(&both).into_owned())
        };
        let installed = ask("--list-langs")?;
        let has = |language: &str| installed.lines().any(|line| line.trim() == language);
        let languages: Vec<_> = LANGUAGES
            .into_iter()
            .filter(|language| has(language))
            .collect();
        let version = ask("--version")?
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        (!languages.is_empty()).then(|| Self {
            scripts: has("osd"),
            tesseract,
            models,
            languages,
            version,
            start,
        })
    }

    /// For `doctor`: e.g. `tesseract 5.3.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    #[must_use]
    pub fn languages(&self) -> &[&'static str] {
        &self.languages
    }

    /// Recognises the text of one page from its grey picture (binary PGM).
    ///
    /// The page is turned upright and levelled, shadows are taken off it, and characters are
    /// brought to the size that models are trained on. Which language it is in is told by trying
    /// those installed on a few lines. Boxes are where the words stand on the page as it was.
    ///
    /// # Errors
    /// For people: the recogniser failed or took too long.
    pub fn recognise(&self, pgm: &[u8], page: &Page) -> Result<Option<Recognised>, String> {
        let picture = Grey::from_pgm(pgm).ok_or("there is no picture of the page")?;
        let size = (picture.width as f32, picture.height as f32);
        let even = picture.evened();
        let Some((even, ink)) = cleaned(even) else {
            return Ok(None);
        };
        let Some(text) = ink.text_height() else {
            return Ok(None);
        };
        let glance = if self.scripts {
            self.glance(&even)
        } else {
            None
        };
        let (quarters, script) = glance.map_or((0, None), |g| (g.quarters, Some(g.script)));
        let Some(mut ready) = ready(&even, quarters, text) else {
            return Ok(None);
        };
        let mut tried = self.language(&ready, script.as_deref())?;
        if tried.1 < TRUSTED && quarters != 0 {
            // The glance may have been wrong about the way up.
            if let Some(other) = self::ready(&even, 0, text) {
                let again = self.language(&other, None)?;
                if again.1 > tried.1 {
                    (ready, tried) = (other, again);
                }
            }
        }
        drop(even);
        let (languages, sure) = tried;
        if sure < HOPELESS {
            return Ok(None);
        }
        let mut words = self.words(&ready, &languages)?;
        if words.is_empty() || !words::is_text(&words) {
            return Ok(None);
        }
        let unreadable = words::drop_guesses(&mut words);
        for word in &mut words {
            word.rect = ready.back(word.rect);
        }
        let confidence = words::mean(&words);
        let scale = (page.width / size.0, page.height / size.1);
        Ok(Some(Recognised {
            section: words::lay_out(&words, page, scale),
            confidence,
            languages,
            unreadable,
        }))
    }

    /// Which way up the page is, and its script; `None` where that cannot be told.
    fn glance(&self, page: &Grey) -> Option<Glance> {
        let by = (GLANCE / (page.width * page.height).max(1) as f32).sqrt();
        let small = (by < 0.9).then(|| page.scaled(by).0);
        let answer = self
            .run(small.as_ref().unwrap_or(page), "osd", "0", &[])
            .ok()?;
        let value = |key: &str| {
            let line = answer.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim().to_owned())
        };
        let number = |key| value(key)?.parse::<f32>().ok();
        let believed = number("Orientation confidence:").is_some_and(|sure| sure >= UPRIGHT);
        let quarters = match value("Rotate:").as_deref() {
            Some("90") if believed => 1,
            Some("180") if believed => 2,
            Some("270") if believed => 3,
            _ => 0,
        };
        Some(Glance {
            quarters,
            script: value("Script:")?,
        })
    }

    /// Tries languages on a few lines; gives those to read the page with, and the confidence that
    /// the best of them had.
    fn language(&self, ready: &Ready, script: Option<&str>) -> Result<(String, f32), String> {
        let stack = ready.stack();
        let sample = stack.sample(ready.text);
        // The likely ones first: a sure one ends the trying.
        let first = match script {
            Some("Korean" | "Hangul") => "kor",
            Some("Han" | "Japanese" | "HanS" | "HanT") => "chi_sim",
            _ => "eng",
        };
        let mut order: Vec<&str> = self.languages.clone();
        order.sort_by_key(|language| *language != first);
        let read = |language: &str| -> Result<f32, String> {
            let answer = self.run(&sample, language, "6", &["tsv", "txt"])?;
            Ok(words::mean(&words::read_answer(&answer)))
        };
        let mut best = (String::new(), -1.0);
        for language in order {
            let sure = read(language)?;
            if sure > best.1 {
                best = (language.to_owned(), sure);
            }
            // Simplified and traditional Chinese have to be compared with one another.
            if best.1 >= SURE && matches!(best.0.as_str(), "eng" | "kor") {
                return Ok(best);
            }
        }
        // Lines in both Korean and Latin letters are read badly by either model alone; the Chinese
        // models know Latin letters.
        if best.1 < SURE && ["eng", "kor"].iter().all(|l| self.languages.contains(l)) {
            let sure = read("kor+eng")?;
            if sure > best.1 + 3.0 {
                best = ("kor".to_owned(), sure);
            }
        }
        Ok(best)
    }

    /// The words of a page, with boxes in the pixels of [`Ready`]'s page.
    fn words(&self, ready: &Ready, languages: &str) -> Result<Vec<Word>, String> {
        let read = |languages: &str, layout: &str, stack: &Stack| -> Result<Vec<Word>, String> {
            let answer = self.run(&stack.page, languages, layout, &["tsv", "txt"])?;
            let mut words = words::read_answer(&answer);
            words.retain_mut(|word| {
                let Some((area, rect)) = stack.back(word.rect) else {
                    return false;
                };
                word.place.0 = area.saturating_mul(100_000).saturating_add(word.place.0);
                word.rect = rect;
                true
            });
            Ok(words)
        };
        let whole = [0, 0, ready.page.width, ready.page.height];
        let whole = layout::stack(&ready.page, &[whole], 0.0);
        let columns = ready.stack();
        // The recogniser's own analysis is good at pages in Latin letters, whatever their layout.
        let (first, second) = if languages == "eng" {
            (("3", &whole), ("6", &columns))
        } else {
            (("6", &columns), ("3", &whole))
        };
        let mut best = read(languages, first.0, first.1)?;
        let mut way = first;
        if words::mean(&best) < TRUSTED {
            let other = read(languages, second.0, second.1)?;
            if words::yielded(&other) > words::yielded(&best) {
                (best, way) = (other, second);
            }
        }
        if languages == "kor" && self.languages.contains(&"eng") && words::has_doubts(&best) {
            for others in ["kor+eng", "eng"] {
                best = words::with_latin(best, read(others, way.0, way.1)?);
            }
        }
        Ok(best)
    }

    fn run(
        &self,
        page: &Grey,
        languages: &str,
        layout: &str,
        form: &[&str],
    ) -> Result<String, String> {
        let pgm = &page.to_pgm();
        let failed = |error: io::Error| format!("the text recogniser cannot be run: {error}");
        let mut child = Command::new(&self.start.path)
            .args(&self.start.arguments)
            .arg(&self.tesseract)
            .arg(self.models.as_deref().unwrap_or(Path::new("")))
            .args([
                "stdin", "stdout", "-l", languages, "--psm", layout, "--dpi", "300",
            ])
            .args(form)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut answer = String::new();
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let read = std::thread::scope(|scope| {
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(pgm)));
            // Words of one page: a few MB would already be absurd.
            stdout.map(|stdout| stdout.take(64 << 20).read_to_string(&mut answer))
        });
        let status = child.wait().map_err(failed)?;
        match read {
            Some(Ok(_)) if status.success() => Ok(answer),
            _ => Err("the text recogniser failed on it or took too long".into()),
        }
    }
}

/// Becomes the recogniser behind walls: arguments are its path, the folder of its models (or
/// nothing), and its own arguments. Returns only if that fails.
#[must_use]
pub fn run_confined(arguments: &[String]) -> ExitCode {
    let [tesseract, models, rest @ ..] = arguments else {
        return ExitCode::from(2);
    };
    let tesseract = Path::new(tesseract);
    let mut readable: Vec<&Path> = tesseract.parent().into_iter().collect();
    let mut command = Command::new(tesseract);
    command
        .args(rest)
        .env_clear()
        .env("OMP_THREAD_LIMIT", "1")
        .env("LC_ALL", "C.UTF-8");
    if !models.is_empty() {
        readable.push(Path::new(models));
        command.env("TESSDATA_PREFIX", models);
    }
    around_program(&readable, MEMORY, CPU_SECONDS);
    let _ = command.exec();
    ExitCode::from(70)
}

/// The page without dust, and its ink; `None` if that is too scattered for text.
fn cleaned(page: Grey) -> Option<(Grey, Ink)> {
    let ink = layout::ink(&page, page.threshold());
    match ink {
        Some(ink) if !ink.is_dusty() => Some((page, ink)),
        _ => {
            let page = page.dusted();
            let ink = layout::ink(&page, page.threshold())?;
            Some((page, ink))
        }
    }
}

/// Turns, levels and scales a page; `None` if no text is on it.
fn ready(page: &Grey, quarters: u8, text: f32) -> Option<Ready> {
    let mut turned = page.turned(quarters);
    let size = (turned.width as f32, turned.height as f32);
    let mut ink = layout::ink(&turned, turned.threshold())?;
    ink.without_figures(&mut turned, text);
    let slope = ink.slope(text);
    let mut changed = false;
    if slope.abs() > 0.001 {
        turned = turned.levelled(slope);
        changed = true;
    }
    let mut scale = 1.0;
    if !(SMALL..=LARGE).contains(&text) {
        (turned, scale) = turned.scaled((MIDDLE / text).min(4.0));
        changed = true;
    }
    if changed {
        ink = layout::ink(&turned, turned.threshold())?;
    }
    Some(Ready {
        page: turned,
        ink,
        text: text * scale,
        quarters,
        slope,
        scale,
        turned: size,
    })
}

impl Ready {
    fn stack(&self) -> Stack {
        layout::stack(&self.page, &self.ink.columns(self.text), self.text)
    }

    /// A box on this page as a box on the picture.
    fn back(&self, rect: [f32; 4]) -> [f32; 4] {
        let [left, top, right, bottom] = rect.map(|side| side / self.scale);
        let (sin, cos) = self.slope.atan().sin_cos();
        let (width, height) = self.turned;
        let corner = |(x, y): (f32, f32)| {
            let (x, y) = (x - width / 2.0, y - height / 2.0);
            let (x, y) = (
                width / 2.0 + x * cos - y * sin,
                height / 2.0 + x * sin + y * cos,
            );
            match self.quarters % 4 {
                0 => (x, y),
                1 => (y, width - x),
                2 => (width - x, height - y),
                _ => (height - y, x),
            }
        };
        // The middles of the sides: the corners of a leaning box would make it too large.
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let sides = [(left, y), (right, y), (x, top), (x, bottom)].map(corner);
        sides.iter().fold(
            [f32::MAX, f32::MAX, f32::MIN, f32::MIN],
            |[left, top, right, bottom], (x, y)| {
                [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)]
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_find_the_way_back_to_the_picture() {
        // A mark on a picture of 300 × 200, turned and scaled, is found again where it was.
        for quarters in 0..4 {
            let mut picture = Grey::white(300, 200);
            for y in 50..62 {
                picture.pixels[y * 300 + 40..y * 300 + 70].fill(0);
            }
            let turned = picture.turned(quarters);
            let (scaled, scale) = turned.scaled(2.0);
            let dark = |x: usize, y: usize| scaled.pixels[y * scaled.width + x] < 128;
            let xs: Vec<usize> = (0..scaled.width)
                .filter(|x| (0..scaled.height).any(|y| dark(*x, y)))
                .collect();
            let ys: Vec<usize> = (0..scaled.height)
                .filter(|y| (0..scaled.width).any(|x| dark(x, *y)))
                .collect();
            let rect = [xs[0], ys[0], xs[xs.len() - 1] + 1, ys[ys.len() - 1] + 1].map(|n| n as f32);
            let ink = layout::ink(&scaled, 128).expect("ink");
            let size = (turned.width as f32, turned.height as f32);
            let ready = Ready {
                page: scaled,
                ink,
                text: 12.0,
                quarters,
                slope: 0.0,
                scale,
                turned: size,
            };
            let back = ready.back(rect);
            for (side, expected) in back.iter().zip([40.0, 50.0, 70.0, 62.0]) {
                assert!((side - expected).abs() <= 1.0, "{quarters}: {back:?}");
            }
        }
    }
}
