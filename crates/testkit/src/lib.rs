//! The sample case: a folder of short documents such as an inquiry gathers, made up by us from
//! public facts and invented people. It shows what Tumen does (`tumen demo`) and feeds tests.

pub mod overlap;
pub mod people;

use std::io;
use std::path::Path;

/// The passwords of the encrypted files in the sample.
pub const FILE_PASSWORDS: [&str; 2] = ["close-to-2000", "open-sesame"];

macro_rules! files {
    ($(#[$about:meta])* $name:ident in $folder:literal: $($path:literal),* $(,)?) => {
        $(#[$about])*
        pub const $name: &[(&str, &[u8])] =
            &[$(($path, include_bytes!(concat!("../", $folder, "/", $path)))),*];
    };
}

files![
    /// Path below the sample's folder, and bytes, of each document.
    FILES in "sample":
    "archive/copy of the letter.txt",
    "archive/handed over 2023-04.tar.gz",
    "archive/sealed by the source.zip",
    "archive/voice memo.m4a",
    "commission/2023-06-13 hearing notice (text).txt",
    "commission/2023-06-13 hearing notice.html",
    "commission/2023-10-13 statement.html",
    "commission/2023-10-24 letter of the chairs.txt",
    "commission/annual chapters.txt",
    "commission/transcript excerpt.txt",
    "letters/2023-11-30 letter to UNHCR.html",
    "letters/协查通报.txt",
    "letters/공문-회신.txt",
    "mail/field desk.mbox",
    "mail/wording.eml",
    "press/2023-06-14 agency report.html",
    "press/公报摘要.html",
    "press/통신 보도.html",
    "reports/annex for members.pdf",
    "reports/consular note.txt",
    "reports/visit report (broken download).pdf",
    "reports/visit report.pdf",
    "scans/crew list.jpg",
    "supply/bills of lading.csv",
    "supply/briefing slides.pptx",
    "supply/company reply.rtf",
    "supply/plant register.xlsx",
    "supply/site visit note.docx",
    "testimony/consent log.csv",
    "testimony/傳聞記錄-04.txt",
    "testimony/笔录-03.txt",
    "testimony/증언-01.txt",
    "testimony/증언-02.txt",
    "testimony/증언-03.txt",
];

files![
    /// The same of the lists: people whom the documents name, each list in the script of its source. One man stands
    /// on all three, beside others of nearly his name.
    LISTS in "sample":
    "lists/named in testimonies.csv",
    "lists/notices of the police.csv",
    "lists/visas.csv",
];

files![
    /// Trade records about invented squid: a vessel, a plant with a claim against it, an exporter, two importers.
    TRADE in "trade":
    "landings.csv",
    "estimate of a trader.csv",
    "bills of lading 2023.csv",
    "claims and answers.csv",
];

/// Writes the documents of the sample below `folder`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_sample(folder: &Path) -> io::Result<()> {
    write(folder, FILES)
}

/// Writes the lists of the sample below `folder`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_lists(folder: &Path) -> io::Result<()> {
    write(folder, LISTS)
}

/// Writes the trade records into `folder`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_trade(folder: &Path) -> io::Result<()> {
    write(folder, TRADE)
}

fn write(folder: &Path, files: &[(&str, &[u8])]) -> io::Result<()> {
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
