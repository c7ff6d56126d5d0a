//! `cargo xtask measure ocr [FILTER [PROGRAM]]`: scans with a known text, composed on this machine, taken in
//! by `tumen add`, and how many characters come out wrong, beside `tesseract` called by hand on the
//! same picture.
//!
//! Pages are set by Chromium and spoiled by ImageMagick (both only for this measure). The error is
//! the edit distance to the true text divided by its length; white space counts as one blank in
//! English and Korean and not at all in Chinese, where a line break means nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::machine;

const ENGLISH: &str = "The delegation arrived at the northern ferry landing on 14 March 2021 and was told that no visitors were expected. Close to 240 workers were said to live in two dormitories behind the cold store; their passports were kept by the company in a locked cabinet.|According to three former employees, the shift began at 6:30 in the morning and ended when the last crate was sealed. Wages of 1,850 yuan a month were entered in a ledger, but most of the money was withheld until the end of the contract.|The provincial office denied the report in writing on 2 April and asked for the names of those who had spoken. It gave no figure of its own. A second letter, sent by registered mail, has not been answered to this day.";
const KOREAN: &str = "조사단은 2021년 3월 14일 북쪽 나루터에 도착하였으나 방문객은 예정되어 있지 않다는 말을 들었다. 냉동 창고 뒤편의 기숙사 두 동에는 노동자 약 240명이 살고 있었으며, 여권은 회사가 잠긴 보관함에 넣어 두었다고 한다.|전직 직원 세 사람의 증언에 따르면 작업은 아침 6시 30분에 시작되어 마지막 상자를 봉할 때까지 이어졌다. 월급 1,850위안은 장부에 적혔지만 대부분은 계약이 끝날 때까지 지급되지 않았다.|성 정부는 4월 2일 서면으로 보도를 부인하고 증언한 사람들의 이름을 요구하였다. 자체 통계는 제시하지 않았다. 등기 우편으로 보낸 두 번째 편지에는 지금까지 답이 없다.";
const SIMPLIFIED: &str = "调查组于2021年3月14日抵达北岸渡口，却被告知没有安排来访。冷库后面的两栋宿舍里住着大约240名工人，据说他们的护照由公司锁在柜子里保管。|三名前雇员表示，每天早上6点30分开工，直到最后一箱货物封好才结束。每月1850元的工资虽然记在账本上，但大部分钱要到合同期满才发放。|省政府办公室于4月2日书面否认了这一报道，并要求提供证人的姓名，却没有给出自己的数字。第二封信以挂号邮件寄出，至今没有得到答复。当地渔业协会也拒绝说明这些海产品运往何处。";
const TRADITIONAL: &str = "調查組於2021年3月14日抵達北岸渡口，卻被告知沒有安排來訪。冷庫後面的兩棟宿舍裡住著大約240名工人，據說他們的護照由公司鎖在櫃子裡保管。|三名前雇員表示，每天早上6點30分開工，直到最後一箱貨物封好才結束。每月1850元的工資雖然記在帳本上，但大部分錢要到合約期滿才發放。|省政府辦公室於4月2日書面否認了這一報導，並要求提供證人的姓名，卻沒有給出自己的數字。第二封信以掛號郵件寄出，至今沒有得到答覆。當地漁業協會也拒絕說明這些海產品運往何處。";
const MIXED: &str = "보고서 제3장은 Human Rights Committee의 2021년 결의를 인용한다. 결의 제12항은 non-refoulement 원칙을 확인하였다.|The annex lists 14 vessels and two plants. 부속서에는 선박 14척과 공장 두 곳의 이름이 실려 있으며, IMO 번호와 등록 항구가 함께 적혀 있다.|담당 기관은 East Coast Seafood Inspection Office이며 전화번호는 02-555-0142이다.";

/// How a page is set.
#[derive(Clone, Copy)]
struct Setting {
    language: &'static str,
    text: &'static str,
    /// A plain typeface and one of the printed book.
    fonts: [&'static str; 2],
}

const SETTINGS: [Setting; 5] = [
    Setting {
        language: "eng",
        text: ENGLISH,
        fonts: ["DejaVu Sans", "Liberation Serif"],
    },
    Setting {
        language: "kor",
        text: KOREAN,
        fonts: ["Noto Sans CJK KR", "Noto Serif CJK KR"],
    },
    Setting {
        language: "chi_sim",
        text: SIMPLIFIED,
        fonts: ["Noto Sans CJK SC", "Noto Serif CJK SC"],
    },
    Setting {
        language: "chi_tra",
        text: TRADITIONAL,
        fonts: ["Noto Sans CJK TC", "Noto Serif CJK TC"],
    },
    Setting {
        language: "kor+eng",
        text: MIXED,
        fonts: ["Noto Sans CJK KR", "Noto Serif CJK KR"],
    },
];

/// How a scan is spoiled: name, which typeface, columns, arguments of `convert`, kind of file.
type Spoiling = (
    &'static str,
    usize,
    u8,
    &'static [&'static str],
    &'static str,
);

const SPOILINGS: [Spoiling; 15] = [
    ("clean-300", 1, 1, &[], "png"),
    (
        "jpeg-200",
        1,
        1,
        &["-resize", "66.67%", "-quality", "55", "-density", "200"],
        "jpg",
    ),
    (
        "jpeg-150",
        0,
        1,
        &["-resize", "50%", "-quality", "60"],
        "jpg",
    ),
    ("screen-96", 0, 1, &["-resize", "32%"], "png"),
    (
        "skew-1",
        1,
        1,
        &["-resize", "66.67%", "-background", "white", "-rotate", "1"],
        "png",
    ),
    (
        "skew-2",
        0,
        1,
        &["-background", "white", "-rotate", "-2.2"],
        "png",
    ),
    (
        "noise",
        1,
        1,
        &[
            "-resize",
            "66.67%",
            "-seed",
            "7",
            "-attenuate",
            "0.9",
            "+noise",
            "Gaussian",
            "-quality",
            "75",
        ],
        "jpg",
    ),
    (
        "specks",
        0,
        1,
        &[
            "-resize",
            "66.67%",
            "-seed",
            "9",
            "-attenuate",
            "0.06",
            "+noise",
            "Impulse",
        ],
        "png",
    ),
    (
        "shade",
        1,
        1,
        &[
            "-resize",
            "66.67%",
            "(",
            "+clone",
            "-sparse-color",
            "Bilinear",
            "0,0 gray95 1600,0 gray40 0,2300 gray55 1600,2300 gray25",
            ")",
            "-compose",
            "Multiply",
            "-composite",
            "-quality",
            "70",
        ],
        "jpg",
    ),
    (
        "faint",
        0,
        1,
        &["-resize", "66.67%", "+level", "62%,80%", "-quality", "70"],
        "jpg",
    ),
    (
        "fax",
        1,
        1,
        &[
            "-resize",
            "1728x1169!",
            "-threshold",
            "70%",
            "-density",
            "204x98",
            "-units",
            "PixelsPerInch",
            "-compress",
            "Group4",
        ],
        "tif",
    ),
    (
        "fine-fax",
        1,
        1,
        &[
            "-resize",
            "1728x2339!",
            "-threshold",
            "70%",
            "-density",
            "204x196",
            "-units",
            "PixelsPerInch",
            "-compress",
            "Group4",
        ],
        "tif",
    ),
    (
        "columns",
        1,
        2,
        &["-resize", "66.67%", "-quality", "80"],
        "pdf",
    ),
    (
        "turned-90",
        0,
        1,
        &["-resize", "66.67%", "-rotate", "90"],
        "png",
    ),
    (
        "turned-180",
        1,
        1,
        &["-resize", "66.67%", "-rotate", "180", "-quality", "70"],
        "pdf",
    ),
];

/// Pictures without any text.
const EMPTY: [(&str, &[&str]); 4] = [
    (
        "plasma",
        &["-size", "1600x1200", "-seed", "3", "plasma:fractal"],
    ),
    (
        "grain",
        &[
            "-size",
            "1200x1600",
            "xc:gray50",
            "-seed",
            "5",
            "-attenuate",
            "2",
            "+noise",
            "Gaussian",
            "-blur",
            "0x2",
            "-normalize",
        ],
    ),
    (
        "shapes",
        &[
            "-size",
            "1200x1200",
            "xc:white",
            "-fill",
            "none",
            "-stroke",
            "black",
            "-strokewidth",
            "7",
            "-draw",
            "circle 300,300 420,300 circle 800,400 980,420 rectangle 200,700 600,1000 line 0,0 1200,1100 line 40,900 1000,200",
        ],
    ),
    (
        "weave",
        &[
            "-size",
            "1400x1000",
            "pattern:hexagons",
            "-blur",
            "0x1",
            "-attenuate",
            "0.5",
            "-seed",
            "4",
            "+noise",
            "Gaussian",
        ],
    ),
];

struct Case {
    name: String,
    file: PathBuf,
    /// The picture as `tesseract` can take it: the same, or what is inside the PDF.
    picture: PathBuf,
    language: &'static str,
    truth: String,
}

fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{program}: {e}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program} failed: {}", said.trim()));
    }
    Ok(output.stdout)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// A page of A4 at 300 dots an inch.
fn set_page(work: &Path, setting: &Setting, font: usize, columns: u8) -> Result<PathBuf, String> {
    let language = setting.language;
    let master = work.join(format!("page-{language}-{font}-{columns}.png"));
    if master.is_file() {
        return Ok(master);
    }
    let font = setting.fonts.get(font).copied().unwrap_or_default();
    let body: String = setting.text.split('|').fold(String::new(), |mut all, p| {
        let _ = write!(all, "<p>{p}</p>");
        all
    });
    let page = format!(
        "<meta charset=utf-8><style>body{{margin:90px 80px;font:16px/1.6 '{font}';columns:{columns};\
         column-gap:40px;column-fill:balance}}p{{margin:0 0 14px}}</style>{body}"
    );
    let html = work.join("page.html");
    write(&html, page.as_bytes())?;
    let colour = work.join("page.png");
    run(Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .args([
            "--force-device-scale-factor=3.125",
            "--window-size=794,1123",
        ])
        .arg(format!(
            "--user-data-dir={}",
            work.join("chromium").display()
        ))
        .arg(format!("--screenshot={}", colour.display()))
        .arg(format!("file://{}", html.display())))?;
    run(Command::new("convert")
        .arg(&colour)
        .args(["-colorspace", "Gray", "-strip"])
        .arg(&master))?;
    Ok(master)
}

/// A PDF that holds nothing but this JPEG, on A4.
fn scan_only_pdf(jpeg: &[u8], width: u32, height: u32) -> Vec<u8> {
    let content = "q 595 0 0 842 0 0 cm /Im0 Do Q";
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut object = |pdf: &mut Vec<u8>, head: String, stream: Option<&[u8]>| {
        places.push(pdf.len());
        let number = places.len();
        pdf.extend(format!("{number} 0 obj\n{head}\n").as_bytes());
        if let Some(stream) = stream {
            pdf.extend(b"stream\n");
            pdf.extend(stream);
            pdf.extend(b"\nendstream\n");
        }
        pdf.extend(b"endobj\n");
    };
    object(&mut pdf, "<</Type/Catalog/Pages 2 0 R>>".into(), None);
    object(&mut pdf, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(), None);
    object(
        &mut pdf,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im0 5 0 R>>>>>>".into(),
        None,
    );
    let length = format!("<</Length {}>>", content.len());
    object(&mut pdf, length, Some(content.as_bytes()));
    let image = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length {}>>",
        jpeg.len()
    );
    object(&mut pdf, image, Some(jpeg));
    let start = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).as_bytes());
    for place in &places {
        pdf.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    let size = places.len() + 1;
    pdf.extend(
        format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    pdf
}

fn compose(work: &Path, filter: &str) -> Result<Vec<Case>, String> {
    let scans = work.join("scans");
    let loose = work.join("loose");
    let _ = fs::remove_dir_all(&scans);
    for folder in [&scans, &loose] {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let mut cases = Vec::new();
    for setting in &SETTINGS {
        for (spoiling, font, columns, arguments, kind) in SPOILINGS {
            let name = format!("{}-{spoiling}", setting.language);
            if !name.contains(filter) {
                continue;
            }
            let (made, extension) = if kind == "pdf" {
                (loose.join(format!("{name}.jpg")), "pdf")
            } else {
                (loose.join(format!("{name}.{kind}")), kind)
            };
            if !made.is_file() {
                let master = set_page(work, setting, font, columns)?;
                run(Command::new("convert")
                    .args(["-limit", "thread", "1"])
                    .arg(&master)
                    .args(arguments)
                    .args(["-colorspace", "Gray"])
                    .arg(&made))?;
            }
            let file = scans.join(format!("{name}.{extension}"));
            let bytes = fs::read(&made).map_err(|e| e.to_string())?;
            if kind == "pdf" {
                let size = run(Command::new("identify")
                    .args(["-format", "%w %h"])
                    .arg(&made))?;
                let size = String::from_utf8_lossy(&size).into_owned();
                let mut sides = size.split(' ').map(|n| n.trim().parse().unwrap_or(0));
                let (width, height) = (sides.next().unwrap_or(0), sides.next().unwrap_or(0));
                write(&file, &scan_only_pdf(&bytes, width, height))?;
            } else {
                write(&file, &bytes)?;
            }
            cases.push(Case {
                name,
                file,
                picture: made,
                language: setting.language,
                truth: setting.text.replace('|', "\n"),
            });
        }
    }
    for (name, arguments) in EMPTY {
        let name = format!("empty-{name}");
        if !name.contains(filter) {
            continue;
        }
        let made = loose.join(format!("{name}.png"));
        if !made.is_file() {
            run(Command::new("convert")
                .args(["-limit", "thread", "1"])
                .args(arguments)
                .args(["-colorspace", "Gray", "-depth", "8"])
                .arg(&made))?;
        }
        let file = scans.join(format!("{name}.png"));
        fs::copy(&made, &file).map_err(|e| e.to_string())?;
        cases.push(Case {
            name,
            file,
            picture: made,
            language: "eng",
            truth: String::new(),
        });
    }
    Ok(cases)
}

/// As compared: white space made even, or taken out of Chinese.
fn plain(text: &str, language: &str) -> Vec<char> {
    if language.starts_with("chi") {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    } else {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").chars().collect()
    }
}

/// Edits (one character in, out or changed) from one text to the other.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to) {
            let above = *cell;
            let best = (diagonal + usize::from(a != b))
                .min(above + 1)
                .min(left + 1);
            (diagonal, left, *cell) = (above, best, best);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Errors in percent of the true text; where there is none, the characters that were made up.
fn error(truth: &str, found: &str, language: &str) -> f64 {
    let (truth, found) = (plain(truth, language), plain(found, language));
    if truth.is_empty() {
        return found.len() as f64;
    }
    100.0 * distance(&truth, &found) as f64 / truth.len() as f64
}

/// What `tesseract` gives when called by hand, kept from run to run: it does not change.
fn by_hand(work: &Path, case: &Case, languages: &str) -> Result<String, String> {
    let kept = work
        .join("loose")
        .join(format!("{}.{languages}.txt", case.name));
    if !kept.is_file() {
        let text = run(Command::new("tesseract")
            .env("OMP_THREAD_LIMIT", "1")
            .arg(&case.picture)
            .args(["stdout", "-l", languages]))
        .unwrap_or_default();
        write(&kept, &text)?;
    }
    fs::read_to_string(&kept).map_err(|e| e.to_string())
}

/// Composes, takes in, compares; writes `bench/results/ocr.tsv` unless only some were asked for.
/// `program` is an earlier `tumen` to compare with.
pub(crate) fn measure(filter: &str, program: Option<&str>) -> Result<(), String> {
    let tumen = program.map_or_else(machine::tumen, |program| Ok(program.into()))?;
    let work = machine::root().join("target/measure-ocr");
    fs::create_dir_all(&work).map_err(|e| e.to_string())?;
    let cases = compose(&work, filter)?;
    let case_folder = work.join(format!("case-{}", std::process::id()));
    run(Command::new(&tumen)
        .args(["new", "--plain"])
        .arg(&case_folder))?;
    let begun = std::time::Instant::now();
    let added = Command::new(&tumen)
        .arg("--case")
        .arg(&case_folder)
        .args(["add", "--json"])
        .arg(work.join("scans"))
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    let seconds = begun.elapsed().as_secs_f64();
    let lines = String::from_utf8_lossy(&added.stdout).into_owned();
    let mut rows =
        vec!["scan\tTumen %\tby hand, right language %\tby hand, all four %\tTumen ms".to_owned()];
    let mut groups: Vec<(&str, [f64; 3], usize)> = Vec::new();
    for case in &cases {
        let name = case
            .file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let line = lines
            .lines()
            .find(|line| line.contains(&name))
            .ok_or_else(|| format!("{name} was not taken in"))?;
        let document = field(line, "document").unwrap_or_default();
        let text = run(Command::new(&tumen)
            .arg("--case")
            .arg(&case_folder)
            .args(["show", "--text", &document]))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
        write(
            &work.join("loose").join(format!("{}.ours.txt", case.name)),
            text.as_bytes(),
        )?;
        let right = by_hand(&work, case, case.language)?;
        let all = by_hand(&work, case, "eng+kor+chi_sim+chi_tra")?;
        let errors = [&text, &right, &all].map(|found| error(&case.truth, found, case.language));
        rows.push(format!(
            "{}\t{:.2}\t{:.2}\t{:.2}\t{}",
            case.name,
            errors[0],
            errors[1],
            errors[2],
            field(line, "ms").unwrap_or_default()
        ));
        let group = if case.truth.is_empty() {
            "empty"
        } else {
            case.language
        };
        match groups.iter_mut().find(|(name, ..)| *name == group) {
            Some((_, sums, count)) => {
                sums.iter_mut()
                    .zip(errors)
                    .for_each(|(sum, error)| *sum += error);
                *count += 1;
            }
            None => groups.push((group, errors, 1)),
        }
    }
    for (group, sums, count) in groups {
        let [ours, right, all] = sums.map(|sum| sum / count as f64);
        rows.push(format!(
            "mean of {count} {group}\t{ours:.2}\t{right:.2}\t{all:.2}\t"
        ));
    }
    rows.push(format!(
        "seconds a page, all cores\t{:.2}\t\t\t",
        seconds / cases.len().max(1) as f64
    ));
    if filter.is_empty() && program.is_none() {
        machine::write_results("ocr.tsv", &rows)?;
    } else {
        println!("{}", rows.join("\n"));
    }
    fs::remove_dir_all(&case_folder).map_err(|e| e.to_string())
}

/// The value of a field in a line of flat JSON.
fn field(line: &str, name: &str) -> Option<String> {
    let at = line.find(&format!("\"{name}\":"))? + name.len() + 3;
    let rest = line.get(at..)?.trim_start_matches('"');
    let end = rest.find(['"', ',', '}'])?;
    rest.get(..end).map(str::to_owned)
}
