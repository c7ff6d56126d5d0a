//! Text recognition through an installed `tesseract`, itself shut in.
//!
//! The recogniser never sees a stranger's file: it gets grey pixels that a worker has decoded,
//! over a pipe, and answers with words, boxes and confidences over another. It runs behind the
//! walls of [`crate::worker`] as far as a foreign program can: no network, nothing written,
//! only system folders read, memory and CPU capped.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use casefile::{BlockKind, Page, Section, TextBuilder};

use crate::worker::{Program, around_program};

const MEMORY: u64 = 3 << 30;
const CPU_SECONDS: u64 = 120;
/// The languages that are tried, in this order; those not installed are left out.
const LANGUAGES: [&str; 4] = ["eng", "kor", "chi_sim", "chi_tra"];
/// Mean word confidence (0 to 100) under which a guess of the script is not trusted.
const TRUSTED: f32 = 60.0;
/// Mean word confidence under which a picture is taken to hold no text.
const TEXT: f32 = 40.0;

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
    /// # Errors
    /// For people: the recogniser failed or took too long.
    pub fn recognise(&self, pgm: &[u8], page: &Page) -> Result<Option<Recognised>, String> {
        let script = if self.scripts { self.script(pgm) } else { None };
        let all = self.languages.join("+");
        let languages = script
            .and_then(|script| self.languages_for(&script))
            .unwrap_or(all.clone());
        let mut words = self.words(pgm, &languages)?;
        let mut used = languages;
        if mean(&words) < TRUSTED && used != all {
            let others = self.words(pgm, &all)?;
            if mean(&others) > mean(&words) {
                (words, used) = (others, all);
            }
        }
        let confidence = mean(&words);
        if words.is_empty() || confidence < TEXT {
            return Ok(None);
        }
        let Some((width, height)) = size(pgm) else {
            return Err("no picture".into());
        };
        let section = lay_out(&words, page, (page.width / width, page.height / height));
        Ok(Some(Recognised {
            section,
            confidence,
            languages: used,
        }))
    }

    fn languages_for(&self, script: &str) -> Option<String> {
        let wanted: &[&str] = match script {
            "Latin" => &["eng"],
            "Korean" | "Hangul" => &["kor", "eng"],
            "Han" => &["chi_sim", "chi_tra", "eng"],
            _ => return None,
        };
        let have: Vec<_> = wanted
            .iter()
            .filter(|l| self.languages.contains(l))
            .copied()
            .collect();
        (have.first() == wanted.first()).then(|| have.join("+"))
    }

    fn script(&self, pgm: &[u8]) -> Option<String> {
        let answer = self.run(pgm, "osd", "0", &[]).ok()?;
        answer
            .lines()
            .find_map(|l| l.strip_prefix("Script: "))
            .map(|s| s.trim().to_owned())
    }

    fn words(&self, pgm: &[u8], languages: &str) -> Result<Vec<Word>, String> {
        let layout = if self.scripts { "1" } else { "3" };
        Ok(read_tsv(&self.run(pgm, languages, layout, &["tsv"])?))
    }

    fn run(
        &self,
        pgm: &[u8],
        languages: &str,
        layout: &str,
        form: &[&str],
    ) -> Result<String, String> {
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

/// One recognised word.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    /// Block, paragraph and line, as the recogniser numbers them.
    place: (u32, u32, u32),
    /// Left, top, right, bottom in pixels.
    rect: [f32; 4],
    confidence: f32,
    text: String,
}

/// Weighted by length: a long sure word says more than a stray dot.
fn mean(words: &[Word]) -> f32 {
    let mut sum = 0.0;
    let mut weight = 0.0;
    for word in words {
        let length = word.text.chars().count() as f32;
        sum += word.confidence * length;
        weight += length;
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// Width and height of a PGM.
fn size(pgm: &[u8]) -> Option<(f32, f32)> {
    let head = std::str::from_utf8(pgm.split(|byte| *byte == b'\n').next()?).ok()?;
    let mut numbers = head.split(' ').skip(1);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Words of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text.
fn read_tsv(tsv: &str) -> Vec<Word> {
    let word = |line: &str| {
        let fields: Vec<&str> = line.splitn(12, '\t').collect();
        let number = |n: usize| fields.get(n)?.parse::<f32>().ok();
        let index = |n: usize| fields.get(n)?.parse::<u32>().ok();
        let text = fields.get(11)?.trim();
        let confidence = number(10)?;
        if text.is_empty() || confidence < 0.0 {
            return None;
        }
        let (left, top) = (number(6)?, number(7)?);
        Some(Word {
            place: (index(2)?, index(3)?, index(4)?),
            rect: [left, top, left + number(8)?, top + number(9)?],
            confidence,
            text: text.to_owned(),
        })
    };
    tsv.lines().filter_map(word).collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// A page's section: paragraphs of lines, words in their boxes, in the unit of the page.
fn lay_out(words: &[Word], page: &Page, scale: (f32, f32)) -> Section {
    let mut paragraphs: BTreeMap<(u32, u32), Vec<&Word>> = BTreeMap::new();
    for word in words {
        paragraphs
            .entry((word.place.0, word.place.1))
            .or_default()
            .push(word);
    }
    let mut builder = TextBuilder::new();
    builder.begin_page(page.number, page.width, page.height);
    if let Some(open) = builder.page_mut() {
        open.ocr = true;
    }
    for words in paragraphs.values() {
        builder.begin(BlockKind::Paragraph, true);
        let mut before: Option<&Word> = None;
        for word in words {
            if let Some(before) = before {
                let joined = before.text.chars().next_back().is_some_and(is_han)
                    && word.text.chars().next().is_some_and(is_han);
                if before.place != word.place {
                    builder.push("\n");
                } else if !joined {
                    builder.push(" ");
                }
            }
            let [left, top, right, bottom] = word.rect;
            let rect = [
                left * scale.0,
                top * scale.1,
                right * scale.0,
                bottom * scale.1,
            ];
            builder.push_boxed(
                &word.text,
                rect,
                Some(word.confidence.clamp(0.0, 100.0) as u8),
            );
            before = Some(word);
        }
        builder.end();
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_lines_in_boxes() {
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t600\t800\t-1\t\n\
            5\t1\t1\t1\t1\t1\t20\t30\t100\t20\t96.5\tClose\n\
            5\t1\t1\t1\t1\t2\t130\t30\t40\t20\t91\tto\n\
            5\t1\t1\t1\t2\t1\t20\t60\t20\t20\t88\t图\n\
            5\t1\t1\t1\t2\t2\t40\t60\t20\t20\t87\t们\n\
            5\t1\t2\t1\t1\t1\t20\t90\t20\t20\t87\t구금\n\
            broken line\n";
        let words = read_tsv(tsv);
        let page = Page {
            number: 3,
            span: casefile::Span::new(0, 0),
            width: 300.0,
            height: 400.0,
            ocr: false,
            wants_ocr: true,
        };
        let section = lay_out(&words, &page, (0.5, 0.5));
        assert_eq!(section.text, "Close to\n图们\n\n구금\n\n");
        assert_eq!(section.boxes[0].rect, [10.0, 15.0, 60.0, 25.0]);
        assert_eq!(
            (section.boxes[0].page, section.boxes[0].confidence),
            (3, Some(96))
        );
        assert!(section.pages[0].ocr && !section.pages[0].wants_ocr);
        assert_eq!(section.boxes[3].span.of(&section.text), Some("们"));
        assert!(mean(&words) > 80.0);
    }
}
