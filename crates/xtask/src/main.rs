//! `cargo xtask measure …`: what Tumen takes, beside its peers on the same files in
//! the same session, written to `bench/results/`. Ratios carry over between machines; seconds do
//! not.

mod corpus;
mod estimate;
mod gazetteer;
mod han;
mod ingest;
mod limits;
mod linkage;
mod machine;
mod matching;
mod ocr;
mod ordeal;
mod search;
mod statements;
mod supply;
mod tagger;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask measure ingest [FOLDER]
       cargo xtask measure search [DOCUMENTS [FOLDER]]
       cargo xtask measure statements
       cargo xtask measure estimate [R-PACKAGES]
       cargo xtask measure statements-limits
       cargo xtask measure linkage [ROWS...]
       cargo xtask measure matching
       cargo xtask measure supply
       cargo xtask measure tagger [CORPORA...]
       cargo xtask measure wikigold WIKIGOLD.CONLL
       cargo xtask train-tagger [CORPORA...]
       cargo xtask gazetteer
       cargo xtask names-tables
       cargo xtask ordeal kills --moments N [--seed N]
       cargo xtask ordeal flips --bits N [--seed N]

FOLDER keeps what was made; a case of many documents is asked again by the next run.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["measure", "ingest", rest @ ..] => ingest::measure(rest.first().map(AsRef::as_ref)),
        ["measure", "search", rest @ ..] => {
            let documents = rest.first().map_or(Ok(200_000), |number| number.parse());
            match (documents, rest.get(1)) {
                (Ok(documents), folder) => search::measure(documents, folder.map(AsRef::as_ref)),
                (Err(_), _) => Err(USAGE.into()),
            }
        }
        ["measure", "ocr", rest @ ..] => {
            ocr::measure(rest.first().unwrap_or(&""), rest.get(1).copied())
        }
        ["measure", "estimate", rest @ ..] => estimate::measure(rest.first().copied()),
        ["measure", "statements"] => statements::measure(),
        ["measure", "statements-limits"] => limits::measure(),
        ["measure", "linkage", rest @ ..] => {
            let sizes: Result<Vec<usize>, _> = rest.iter().map(|size| size.parse()).collect();
            match sizes {
                Ok(sizes) if sizes.is_empty() => linkage::measure(&[100_000, 1_000_000]),
                Ok(sizes) => linkage::measure(&sizes),
                Err(_) => Err(USAGE.into()),
            }
        }
        ["measure", "matching"] => matching::measure(),
        ["measure", "supply"] => supply::measure(),
        ["measure", "tagger", rest @ ..] => tagger::measure(rest),
        ["measure", "wikigold", corpus] => tagger::wikigold(corpus),
        ["train-tagger", rest @ ..] => tagger::train(rest),
        ["gazetteer"] => gazetteer::regenerate(),
        ["names-tables"] => han::regenerate(),
        ["ordeal", rest @ ..] => ordeal::run(rest),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
