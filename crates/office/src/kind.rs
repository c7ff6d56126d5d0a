//! Which office format a file is, by its own parts and never by its name.

use std::io::{Read, SeekFrom};

use casefile::{Limits, ReadSeek};

use crate::package::Package;
use crate::xml::{Token, Xml};

/// The family of a document: which reader reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// WordprocessingML: DOCX, DOCM, DOTX, DOTM.
    Word,
    /// SpreadsheetML: XLSX, XLSM, XLTX, XLTM, XLAM.
    Sheets,
    /// BIFF12: XLSB.
    BinarySheets,
    /// PresentationML: PPTX, PPTM, PPSX, PPSM, POTX, POTM.
    Slides,
    /// OpenDocument text, spreadsheet or presentation, and its forerunner of OpenOffice 1.
    OpenDocument,
    /// EPUB 2 and 3.
    Book,
    /// BIFF 2 to 8: XLS.
    Biff,
    /// An OOXML document inside the OLE envelope of its encryption.
    Protected,
}

/// An office format: its family and its exact media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind {
    pub family: Family,
    /// Media type as registered with IANA.
    pub media_type: &'static str,
    /// The whole document is one XML file instead of a ZIP package.
    pub flat: bool,
}

const fn kind(family: Family, media_type: &'static str) -> Kind {
    Kind {
        family,
        media_type,
        flat: false,
    }
}

pub(crate) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(crate) const XLSB: &str = "application/vnd.ms-excel.sheet.binary.macroEnabled.12";
pub(crate) const PPTX: &str =
    "application/vnd.openxmlformats-officedocument.presentationml.presentation";
/// Word 2003 and Excel 2003 XML.
pub(crate) const WORDML: &str = "application/vnd.ms-wordml";
pub(crate) const SHEETML: &str = "application/vnd.ms-spreadsheetml";
pub(crate) const EPUB: &str = "application/epub+zip";
pub(crate) const XLS: &str = "application/vnd.ms-excel";
/// What an encrypted OOXML file is called when neither content nor name tell more.
pub(crate) const PROTECTED: &str = "application/vnd.ms-office";

/// Content type of the main part (without `.main+xml`), media type of the document.
const OOXML: &[(&str, Kind)] = &[
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        kind(Family::Word, DOCX),
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        kind(
            Family::Word,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        ),
    ),
    (
        "application/vnd.ms-word.document.macroEnabled",
        kind(
            Family::Word,
            "application/vnd.ms-word.document.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-word.template.macroEnabledTemplate",
        kind(
            Family::Word,
            "application/vnd.ms-word.template.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        kind(Family::Sheets, XLSX),
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        kind(
            Family::Sheets,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        ),
    ),
    (
        "application/vnd.ms-excel.sheet.macroEnabled",
        kind(
            Family::Sheets,
            "application/vnd.ms-excel.sheet.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-excel.template.macroEnabled",
        kind(
            Family::Sheets,
            "application/vnd.ms-excel.template.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-excel.addin.macroEnabled",
        kind(
            Family::Sheets,
            "application/vnd.ms-excel.addin.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-excel.sheet.binary.macroEnabled",
        kind(Family::BinarySheets, XLSB),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        kind(Family::Slides, PPTX),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.template",
        kind(
            Family::Slides,
            "application/vnd.openxmlformats-officedocument.presentationml.template",
        ),
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        kind(
            Family::Slides,
            "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        ),
    ),
    (
        "application/vnd.ms-powerpoint.presentation.macroEnabled",
        kind(
            Family::Slides,
            "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-powerpoint.slideshow.macroEnabled",
        kind(
            Family::Slides,
            "application/vnd.ms-powerpoint.slideshow.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-powerpoint.template.macroEnabled",
        kind(
            Family::Slides,
            "application/vnd.ms-powerpoint.template.macroEnabled.12",
        ),
    ),
    (
        "application/vnd.ms-powerpoint.addin.macroEnabled",
        kind(
            Family::Slides,
            "application/vnd.ms-powerpoint.addin.macroEnabled.12",
        ),
    ),
];

/// Media types that OpenDocument packages name in their `mimetype` entry.
const OPEN_DOCUMENT: &[&str] = &[
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-template",
    "application/vnd.oasis.opendocument.text-master",
    "application/vnd.oasis.opendocument.text-master-template",
    "application/vnd.oasis.opendocument.text-web",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet-template",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.presentation-template",
    "application/vnd.oasis.opendocument.graphics",
    "application/vnd.oasis.opendocument.graphics-template",
    "application/vnd.oasis.opendocument.chart",
    "application/vnd.oasis.opendocument.chart-template",
    "application/vnd.oasis.opendocument.formula",
    "application/vnd.oasis.opendocument.formula-template",
    "application/vnd.oasis.opendocument.image",
    "application/vnd.oasis.opendocument.base",
    "application/vnd.sun.xml.writer",
    "application/vnd.sun.xml.writer.template",
    "application/vnd.sun.xml.writer.global",
    "application/vnd.sun.xml.calc",
    "application/vnd.sun.xml.calc.template",
    "application/vnd.sun.xml.impress",
    "application/vnd.sun.xml.impress.template",
    "application/vnd.sun.xml.draw",
    "application/vnd.sun.xml.math",
];

fn open_document(mimetype: &str) -> Option<Kind> {
    let mimetype = mimetype.trim();
    // OpenDocument 1.0 drafts wrote `x-vnd`.
    let mimetype = mimetype.replace("application/x-vnd.", "application/vnd.");
    OPEN_DOCUMENT
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&mimetype))
        .map(|known| kind(Family::OpenDocument, known))
}

/// Tells which office format a file is: a ZIP package by its content types or its mimetype, an
/// OLE file by its streams (XLS, or the envelope of an encrypted document), an XML file by its
/// root (flat OpenDocument, flat OPC, WordprocessingML 2003). `None` for everything else, and for
/// what cannot be read at all. A ZIP whose directory is gone is known by its local headers.
pub fn recognise(bytes: &mut dyn ReadSeek) -> Option<Kind> {
    let mut head = Vec::new();
    bytes.seek(SeekFrom::Start(0)).ok()?;
    (&mut *bytes).take(4096).read_to_end(&mut head).ok()?;
    let found = match head.as_slice() {
        [b'P', b'K', 3, 4, ..] => {
            let len = bytes.seek(SeekFrom::End(0)).ok()?;
            let package = Package::open(&mut *bytes, len, Limits::default()).ok()?;
            package.and_then(|mut package| of_package(&mut package))
        }
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => of_ole(&mut *bytes),
        [
            0x09,
            0 | 2 | 4 | 8,
            4..=16,
            0,
            _,
            _,
            0x05 | 0x10 | 0x20 | 0x40,
            0,
            ..,
        ] => Some(kind(Family::Biff, XLS)),
        _ => of_xml(&head),
    };
    bytes.seek(SeekFrom::Start(0)).ok()?;
    found
}

fn of_ole(bytes: &mut dyn ReadSeek) -> Option<Kind> {
    match legacy::recognise(bytes)? {
        legacy::Kind::EncryptedPackage => Some(kind(Family::Protected, PROTECTED)),
        legacy::Kind::Workbook => Some(kind(Family::Biff, XLS)),
        _ => None,
    }
}

fn of_xml(head: &[u8]) -> Option<Kind> {
    let starts = head.iter().take(64).any(|byte| *byte == b'<');
    if !starts {
        return None;
    }
    let mut xml = Xml::new(head);
    loop {
        match xml.next() {
            Token::Open(tag) => {
                let flat = |kind: Kind| Kind { flat: true, ..kind };
                return match tag.name() {
                    "document" => tag.attr("mimetype").and_then(|named| {
                        open_document(&named).map(|known| {
                            let media_type = match known.media_type {
                                "application/vnd.oasis.opendocument.text" => {
                                    "application/vnd.oasis.opendocument.text-flat-xml"
                                }
                                "application/vnd.oasis.opendocument.spreadsheet" => {
                                    "application/vnd.oasis.opendocument.spreadsheet-flat-xml"
                                }
                                "application/vnd.oasis.opendocument.presentation" => {
                                    "application/vnd.oasis.opendocument.presentation-flat-xml"
                                }
                                "application/vnd.oasis.opendocument.graphics" => {
                                    "application/vnd.oasis.opendocument.graphics-flat-xml"
                                }
                                other => other,
                            };
                            flat(kind(Family::OpenDocument, media_type))
                        })
                    }),
                    "package" if tag.attr("pkg").is_some() => Some(flat(
                        of_flat_package(head).unwrap_or(kind(Family::Word, DOCX)),
                    )),
                    "wordDocument" => Some(flat(kind(Family::Word, WORDML))),
                    "Workbook"
                        if tag
                            .attr("ss")
                            .is_some_and(|ns| ns.contains("office:spreadsheet")) =>
                    {
                        Some(flat(kind(Family::Sheets, SHEETML)))
                    }
                    _ => None,
                };
            }
            Token::Text(_) | Token::Close(_) => {}
            Token::End => return None,
        }
    }
}

fn of_flat_package(head: &[u8]) -> Option<Kind> {
    let text = String::from_utf8_lossy(head);
    OOXML
        .iter()
        .find(|(part, _)| text.contains(&format!("{part}.main+xml")))
        .map(|(_, kind)| *kind)
}

/// The format of an opened package.
pub(crate) fn of_package(package: &mut Package<'_>) -> Option<Kind> {
    if package.has("mimetype") {
        let named = package.bytes("mimetype").unwrap_or_default();
        let named = String::from_utf8_lossy(named.get(..named.len().min(200)).unwrap_or_default())
            .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0')
            .to_lowercase();
        if named.starts_with(EPUB) {
            return Some(kind(Family::Book, EPUB));
        }
        if let Some(found) = open_document(&named) {
            return Some(found);
        }
    }
    if let Some(found) = of_content_types(package) {
        return Some(found);
    }
    // A package that lost its list of types is known by its parts.
    let by_parts: &[(&str, Kind)] = &[
        ("word/document.xml", kind(Family::Word, DOCX)),
        ("xl/workbook.xml", kind(Family::Sheets, XLSX)),
        ("xl/workbook.bin", kind(Family::BinarySheets, XLSB)),
        ("ppt/presentation.xml", kind(Family::Slides, PPTX)),
    ];
    if let Some((_, found)) = by_parts.iter().find(|(part, _)| package.has(part)) {
        return Some(*found);
    }
    if package.has("META-INF/container.xml")
        && package.names().iter().any(|name| {
            let name = name.to_lowercase();
            name.ends_with(".opf") || name.ends_with(".xhtml")
        })
    {
        return Some(kind(Family::Book, EPUB));
    }
    if package.has("META-INF/manifest.xml") && package.has("content.xml") {
        let mut xml = package.xml("META-INF/manifest.xml")?;
        loop {
            match xml.next() {
                Token::Open(tag)
                    if tag.name() == "file-entry"
                        && tag.attr("full-path").as_deref() == Some("/") =>
                {
                    return open_document(&tag.attr("media-type")?);
                }
                Token::End => {
                    return Some(kind(
                        Family::OpenDocument,
                        "application/vnd.oasis.opendocument.text",
                    ));
                }
                _ => {}
            }
        }
    }
    let starts = |folder: &str| package.names().iter().any(|name| name.starts_with(folder));
    for (folder, found) in [
        ("word/", kind(Family::Word, DOCX)),
        ("xl/worksheets/", kind(Family::Sheets, XLSX)),
        ("ppt/slides/", kind(Family::Slides, PPTX)),
    ] {
        if starts(folder) {
            return Some(found);
        }
    }
    None
}

fn of_content_types(package: &mut Package<'_>) -> Option<Kind> {
    let mut xml = package.xml("[Content_Types].xml")?;
    let mut found = None;
    loop {
        match xml.next() {
            Token::Open(tag) if matches!(tag.name(), "Override" | "Default") => {
                let Some(content) = tag.attr("ContentType") else {
                    continue;
                };
                let Some(stem) = content
                    .trim()
                    .strip_suffix(".main+xml")
                    .or_else(|| content.trim().strip_suffix(".main"))
                else {
                    continue;
                };
                let known = OOXML
                    .iter()
                    .find(|(part, _)| part.eq_ignore_ascii_case(stem));
                if let Some((_, kind)) = known {
                    // A chart or sheet embedded as a part has no `main` type; the first one wins.
                    found = found.or(Some(*kind));
                }
            }
            Token::End => return found,
            _ => {}
        }
    }
}
