//! `cargo xtask names-tables`: the readings of Han characters in `crates/names/data/han.tsv`, from the
//! Unihan files of the Unicode character database as Debian's package `unicode-data` ships them
//! (licence in the README there).
//!
//! Kept are the characters in daily use somewhere (the core set of the ideographic group, GB 2312 and
//! KS X 1001); what dictionaries know beyond them are spellings that no name of a living person has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

const PACKAGE: &str = "unicode-data=15.0.0-1";
const FOLDER: &str = "unpacked/usr/share/unicode";
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../names/data/han.tsv");

type Fields = BTreeMap<(char, String), String>;

/// Downloads the package with apt and writes the table anew.
pub(crate) fn regenerate() -> Result<(), String> {
    let folder = std::env::temp_dir().join("tumen-names-tables");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    run(&folder, "apt-get", &["-q", "download", PACKAGE])?;
    for entry in std::fs::read_dir(&folder).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.extension().is_some_and(|e| e == "deb") {
            run(
                &folder,
                "dpkg-deb",
                &["-x", &path.to_string_lossy(), "unpacked"],
            )?;
        }
    }
    let mut fields = Fields::new();
    for name in ["Readings", "Variants", "OtherMappings", "IRGSources"] {
        let file = folder.join(FOLDER).join(format!("Unihan_{name}.txt.bz2"));
        read(&file, &mut fields)?;
    }
    let rows = rows(&fields);
    let mut body = rows.join("\n");
    body.push('\n');
    std::fs::write(TABLE, &body).map_err(|e| format!("{TABLE}: {e}"))?;
    println!("han.tsv: {} rows, {} bytes", rows.len(), body.len());
    Ok(())
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} {}: {status}", arguments.join(" "))),
        Err(e) => Err(format!("{program}: {e}")),
    }
}

fn read(file: &Path, fields: &mut Fields) -> Result<(), String> {
    let output = Command::new("bunzip2")
        .arg("-kc")
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("bunzip2: {e}"))?;
    if !output.status.success() {
        return Err(format!("bunzip2 {}: {}", file.display(), output.status));
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut columns = line.split('\t');
        let (Some(code), Some(field), Some(value)) =
            (columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        if let Some(character) = point(code) {
            fields.insert((character, field.to_owned()), value.to_owned());
        }
    }
    Ok(())
}

fn point(code: &str) -> Option<char> {
    let digits = code.strip_prefix("U+")?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

/// Character, what it is folded to, Hangul, Mandarin without tones (rare ones after `~`), Cantonese
/// without tones: parted by tabs, several readings by spaces.
fn rows(fields: &Fields) -> Vec<String> {
    let get = |c: char, field: &str| fields.get(&(c, field.to_owned())).map(String::as_str);
    let variants = |c: char, field: &str| -> Vec<char> {
        let value = get(c, field).unwrap_or_default();
        value.split_whitespace().filter_map(point).collect()
    };
    let wanted: BTreeSet<char> = fields
        .keys()
        .filter(|(c, field)| {
            matches!(field.as_str(), "kIICore" | "kGB0" | "kKSC0")
                && ('\u{4e00}'..='\u{9fff}').contains(c)
        })
        .map(|(c, _)| *c)
        .collect();
    let mut rows = Vec::new();
    for &c in &wanted {
        // Several old characters became one: the simplified one is what two spellings share. A character
        // that is its own simplification stays (后 is written as it is and stands for 後 too).
        let simple = variants(c, "kSimplifiedVariant");
        let fold = match simple.as_slice() {
            [one] => *one,
            several if several.contains(&c) => c,
            [first, ..] => *first,
            [] => c,
        };
        let mut sources = vec![c];
        sources.extend(variants(c, "kTraditionalVariant"));
        sources.push(fold);
        let mut hangul = Vec::new();
        let mut mandarin = Vec::new();
        let mut rare = Vec::new();
        let mut cantonese = Vec::new();
        for (index, &source) in sources.iter().enumerate() {
            for reading in get(source, "kHangul").unwrap_or_default().split(' ') {
                let reading = reading.split(':').next().unwrap_or_default();
                add(&mut hangul, reading.to_owned());
            }
            if index > 0 && !mandarin.is_empty() && !cantonese.is_empty() {
                continue;
            }
            let first = get(source, "kMandarin").unwrap_or_default();
            add(
                &mut mandarin,
                toneless(first.split(' ').next().unwrap_or_default()),
            );
            let often = get(source, "kHanyuPinlu").unwrap_or_default();
            let counts: Vec<(&str, u32)> = often
                .split(' ')
                .filter_map(|entry| entry.trim_end_matches(')').split_once('('))
                .filter_map(|(reading, count)| Some((reading, count.parse().ok()?)))
                .collect();
            let all: u32 = counts.iter().map(|(_, count)| count).sum();
            for (reading, count) in counts {
                if count.saturating_mul(10) >= all {
                    add(&mut mandarin, toneless(reading));
                }
            }
            for entry in get(source, "kXHC1983").unwrap_or_default().split(' ') {
                add(
                    &mut rare,
                    toneless(entry.split(':').nth(1).unwrap_or_default()),
                );
            }
            for reading in get(source, "kCantonese").unwrap_or_default().split(' ') {
                add(
                    &mut cantonese,
                    reading.trim_end_matches(char::is_numeric).to_owned(),
                );
            }
        }
        rare.retain(|reading| !mandarin.contains(reading));
        mandarin.extend(rare.into_iter().map(|reading| format!("~{reading}")));
        rows.push(format!(
            "{c}\t{}\t{}\t{}\t{}",
            if fold == c {
                String::new()
            } else {
                fold.to_string()
            },
            hangul.join(" "),
            mandarin.join(" "),
            cantonese.join(" ")
        ));
    }
    rows
}

fn add(list: &mut Vec<String>, reading: String) {
    if !reading.is_empty() && !list.contains(&reading) {
        list.push(reading);
    }
}

/// Pinyin without its tone, `ü` as `v`.
fn toneless(reading: &str) -> String {
    let letter = |c: char| {
        match c {
            'ā' | 'á' | 'ǎ' | 'à' => "a",
            'ē' | 'é' | 'ě' | 'è' | 'ê' => "e",
            'ī' | 'í' | 'ǐ' | 'ì' => "i",
            'ō' | 'ó' | 'ǒ' | 'ò' => "o",
            'ū' | 'ú' | 'ǔ' | 'ù' => "u",
            'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'ü' => "v",
            'ń' | 'ň' | 'ǹ' => "n",
            'a'..='z' => return c.to_string(),
            _ => "",
        }
        .to_owned()
    };
    reading.chars().map(letter).collect()
}
