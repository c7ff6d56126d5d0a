//! Rates and latencies of the index over made short documents in English, Korean and Chinese.
//!
//! `cargo bench -p search -- [DOCUMENTS]` (200,000 if not said). Prints its own table: the
//! percentiles of single queries and the memory of the process are what is asked of it.

use std::hint::black_box;
use std::time::Instant;

use casefile::{DocumentId, Outcome};
use sealing::{Cipher, Keys, Purpose};
use search::{Entry, Index, Options, Writing, parse, snippets};

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Near Zipf's law: the rank of a word among `most`.
    fn rank(&mut self, most: usize) -> usize {
        let even = (self.next() % 1_000_000) as f64 / 1_000_000.0;
        ((most as f64).powf(even) as usize).saturating_sub(1)
    }
}

fn vocabulary(dice: &mut Dice) -> [Vec<String>; 3] {
    let ends = ["", "s", "ed", "ing", "ation", "er"];
    let latin = (0..40_000).map(|_| {
        let sounds = [
            "ba", "re", "fu", "ge", "ko", "li", "sta", "tor", "min", "ex", "pa", "tri", "den", "ca",
        ];
        let mut word: String = (0..1 + dice.next() % 3)
            .map(|_| sounds[dice.next() as usize % sounds.len()])
            .collect();
        word.push_str(ends[dice.next() as usize % ends.len()]);
        word
    });
    let latin = latin.collect();
    let mut characters = |from: u32, among: u64, most: u64| -> Vec<String> {
        let word = |dice: &mut Dice| {
            (0..1 + dice.next() % most)
                .filter_map(|_| char::from_u32(from + (dice.next() % among) as u32))
                .collect()
        };
        (0..20_000).map(|_| word(dice)).collect()
    };
    let korean = characters(0xac00, 1_500, 5);
    let chinese = characters(0x4e00, 3_000, 4);
    [latin, korean, chinese]
}

fn text(dice: &mut Dice, words: &[Vec<String>; 3]) -> String {
    let script = match dice.next() % 10 {
        0..=5 => 0,
        6..=7 => 1,
        _ => 2,
    };
    let mut text = String::new();
    for number in 0..60 + dice.next() % 120 {
        text.push_str(&words[script][dice.rank(words[script].len())]);
        if number % 12 == 11 {
            text.push_str(". ");
        } else if script != 2 {
            text.push(' ');
        }
    }
    text
}

fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|l| {
        l.strip_prefix(line)?
            .split_whitespace()
            .next()?
            .parse::<u64>()
            .ok()
    });
    found.unwrap_or(0) / 1024
}

fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<u64> = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse().ok())
        .collect();
    ticks.iter().sum::<u64>() as f64 / 100.0
}

fn main() {
    let said: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if let [ask_for, path, key] = said.as_slice()
        && ask_for == "ask"
    {
        let digits: Vec<u8> = (0..key.len() / 2)
            .filter_map(|at| u8::from_str_radix(key.get(at * 2..at * 2 + 2)?, 16).ok())
            .collect();
        return ask(
            std::path::Path::new(path),
            &Keys::from_bytes(&digits).expect("keys"),
        );
    }
    let documents: u32 = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(200_000);
    for cipher in [Cipher::Plain, Cipher::Aes256Gcm] {
        let mut dice = Dice(88_172_645_463_325_252);
        let words = vocabulary(&mut dice);
        let folder = tempfile::tempdir().expect("a folder");
        let keys = Keys::random(cipher).expect("keys");
        let key = keys.stream(Purpose::Index);
        let mut bytes = 0;
        let (wall, spent);
        {
            let index = Index::create(folder.path(), key.clone()).expect("an index");
            let mut writer = index.writer(Writing::default()).expect("a writer");
            let (begun, before) = (Instant::now(), cpu());
            let mut making = 0.0;
            for number in 0..documents {
                let at = cpu_now();
                let text = text(&mut dice, &words);
                making += cpu_now() - at;
                bytes += text.len();
                let mut id = [0; 10];
                id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
                let entry = Entry {
                    document: DocumentId(id),
                    part: 0,
                    parts: 1,
                    title: text.get(..20).unwrap_or("title"),
                    names: &[format!("folder/{number}.txt")],
                    metadata: &[],
                    source: &["bench".to_owned()],
                    format: "text/plain",
                    kind: "text",
                    language: Some("en"),
                    published: "2023-06".parse().ok(),
                    outcome: Outcome::Indexed,
                    text: &text,
                };
                writer.put(&entry).expect("put");
            }
            writer.commit(1).expect("commit");
            println!(
                "committed: memory {} MB, peak {} MB",
                memory("VmRSS:"),
                memory("VmHWM:")
            );
            writer.settle().expect("settled");
            writer.finish().expect("finished");
            wall = begun.elapsed().as_secs_f64() - making;
            spent = cpu() - before - making;
        }
        let size: u64 = std::fs::read_dir(folder.path())
            .expect("a folder")
            .filter_map(|e| e.ok()?.metadata().ok())
            .map(|m| m.len())
            .sum();
        println!(
            "{}: {documents} documents, {:.1} MB of text: {:.1} MB/s wall, {:.1} MB per CPU second; index {:.1} MB; memory after {} MB, peak {} MB",
            cipher.name(),
            bytes as f64 / 1e6,
            bytes as f64 / 1e6 / wall,
            bytes as f64 / 1e6 / spent,
            size as f64 / 1e6,
            memory("VmRSS:"),
            memory("VmHWM:")
        );
        let me = std::env::current_exe().expect("this program");
        let mut asking = std::process::Command::new(me);
        asking
            .arg("ask")
            .arg(folder.path())
            .arg(hex(&*keys.to_bytes()));
        asking.status().expect("asked");
    }
    let mut dice = Dice(1);
    let words = vocabulary(&mut dice);
    let mut long = String::new();
    while long.len() < 1_000_000 {
        long.push_str(&text(&mut dice, &words));
    }
    let parsed = parse("fuge refu* \"ba re\" 가").expect("a query");
    let begun = Instant::now();
    let matches = parsed.highlight(&long);
    let shown = snippets(&long, &matches, 3, 160);
    println!(
        "highlighting {} characters: {} matches, {} snippets in {:.1} ms",
        long.chars().count(),
        matches.len(),
        shown.len(),
        begun.elapsed().as_secs_f64() * 1e3
    );
    let ascii =
        "They were held near the border, reportedly, and returned within days.\n".repeat(200_000);
    for (name, text) in [("ASCII", &ascii), ("mixed", &long)] {
        let begun = Instant::now();
        black_box(casefile::normal::normalise(text));
        println!(
            "normalising {name}: {:.0} MB/s",
            text.len() as f64 / 1e6 / begun.elapsed().as_secs_f64()
        );
    }
}

fn cpu_now() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// Asks an index in a process of its own, so that the memory told is that of a reader alone.
fn ask(path: &std::path::Path, keys: &Keys) {
    let key = keys.stream(Purpose::Index);
    let mut dice = Dice(88_172_645_463_325_252);
    let words = vocabulary(&mut dice);
    let begun = Instant::now();
    let index = Index::open(path, key).expect("an index");
    println!("  opened in {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    let mut all = Vec::new();
    for number in 0..2_000 {
        let script = number % 3;
        let word = |dice: &mut Dice| words[script][dice.rank(words[script].len())].clone();
        let query = match number % 7 {
            0 | 1 => word(&mut dice),
            2 | 3 => format!("{} {}", word(&mut dice), word(&mut dice)),
            4 => format!("{} OR {}", word(&mut dice), word(&mut dice)),
            5 => format!("\"{} {}\"", word(&mut dice), word(&mut dice)),
            _ => format!("{} -{}", word(&mut dice), word(&mut dice)),
        };
        let parsed = parse(&query).expect("a query");
        let begun = Instant::now();
        let options = Options {
            facets: true,
            ..Options::default()
        };
        black_box(index.search(&parsed, &options).expect("an answer"));
        all.push((begun.elapsed().as_secs_f64() * 1e3, query));
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize].0;
    println!(
        "  queries with facets: median {:.2} ms, 90% {:.2}, 99% {:.2}, slowest {:.2} ({}); memory {} MB",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        all[all.len() - 1].1,
        memory("VmRSS:")
    );
    for query in [
        "ba*",
        "refugeing~1",
        "北",
        "가",
        "\"fu ge\"~5",
        "path:*99.txt",
        "NOT ba",
        "",
    ] {
        let parsed = parse(query).expect("a query");
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let begun = Instant::now();
                black_box(
                    index
                        .search(
                            &parsed,
                            &Options {
                                facets: true,
                                ..Options::default()
                            },
                        )
                        .expect("an answer"),
                );
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("  {query:?}: {:.2} ms", times[2]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
