//! Files inside a PDF: of its name tree, of its annotations, and those that pages and the document
//! name as associated.

use casefile::{Emit, Field, Limits, Member, MemberKind, Metadatum, Outcome, Piece, Problem, Stop};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use rustc_hash::FxHashSet;

use crate::open::Opened;
use crate::stream::{self, State};
use crate::strings;

/// Nodes of a name tree, and how deep it goes.
const NODES: usize = 100_000;
const DEPTH: usize = 32;
/// Bytes of one attached file.
const FILE: usize = 400 << 20;

/// Hands over every embedded file once.
pub(crate) fn emit(
    opened: &Opened,
    limits: Limits,
    emit: Emit<'_>,
    problems: &mut Vec<Problem>,
) -> Result<u64, Stop> {
    let pdf = &opened.pdf;
    let xref = pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default();
    let mut files: Vec<(Option<String>, Dict<'_>)> = Vec::new();
    let mut nodes = 0;
    if let Some(tree) = catalog
        .get::<Dict<'_>>("Names")
        .and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"))
    {
        walk(&tree, 0, &mut nodes, &mut files);
    }
    associated(&catalog, &mut files);
    for page in pdf.pages().iter().take(limits.pages as usize) {
        associated(page.raw(), &mut files);
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else {
            continue;
        };
        for annotation in annotations.iter::<Dict<'_>>().take(20_000) {
            if annotation.get::<Name<'_>>("Subtype").as_deref() == Some(b"FileAttachment")
                && let Some(file) = annotation.get::<Dict<'_>>("FS")
            {
                files.push((None, file));
            }
        }
    }
    let mut seen = FxHashSet::default();
    let (mut count, mut total) = (0_u64, 0_u64);
    for (key, specification) in files {
        let Some(embedded) = specification.get::<Dict<'_>>("EF") else {
            continue;
        };
        let stream = ["UF", "F", "Unix", "DOS", "Mac"]
            .iter()
            .find_map(|key| embedded.get::<Stream<'_>>(key));
        let Some(stream) = stream else {
            continue;
        };
        let place = stream.dict().data().as_ptr() as usize;
        if !seen.insert(place) {
            continue;
        }
        if count >= limits.members || total >= limits.member_bytes {
            problems.push(Problem::new(
                "members-capped",
                "more attached files than the cap: the rest was left",
            ));
            break;
        }
        count += 1;
        total += one(&specification, &stream, key, opened.files_locked, emit)?;
    }
    Ok(count)
}

fn walk<'a>(
    node: &Dict<'a>,
    depth: usize,
    nodes: &mut usize,
    files: &mut Vec<(Option<String>, Dict<'a>)>,
) {
    *nodes += 1;
    if depth > DEPTH || *nodes > NODES {
        return;
    }
    if let Some(names) = node.get::<Array<'a>>("Names") {
        let mut pairs = names.iter::<Object<'a>>();
        while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
            if files.len() > NODES {
                return;
            }
            let key = key.into_string().map(|key| strings::text(key.as_bytes()));
            if let Some(specification) = value.into_dict() {
                files.push((key, specification));
            }
        }
    }
    if let Some(kids) = node.get::<Array<'a>>("Kids") {
        for kid in kids.iter::<Dict<'a>>() {
            if *nodes > NODES {
                return;
            }
            walk(&kid, depth + 1, nodes, files);
        }
    }
}

fn associated<'a>(dict: &Dict<'a>, files: &mut Vec<(Option<String>, Dict<'a>)>) {
    if let Some(list) = dict.get::<Array<'a>>("AF") {
        files.extend(
            list.iter::<Dict<'a>>()
                .take(10_000)
                .map(|file| (None, file)),
        );
    }
}

fn one(
    specification: &Dict<'_>,
    stream: &Stream<'_>,
    key: Option<String>,
    locked: bool,
    emit: Emit<'_>,
) -> Result<u64, Stop> {
    let string = |dict: &Dict<'_>, key: &str| {
        let text = dict
            .get::<PdfString<'_>>(key)
            .map(|text| strings::text(text.as_bytes()));
        text.filter(|text| !text.trim().is_empty())
    };
    let name = ["UF", "F", "Unix", "DOS", "Mac"]
        .iter()
        .find_map(|key| string(specification, key))
        .or(key)
        .map(|name| clean(&name))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "attachment".to_owned());
    let mut member = Member::new(name, MemberKind::Attachment);
    let subtype = stream.dict().get::<Name<'_>>("Subtype");
    member.declared_type = subtype
        .map(|name| name.as_str().to_owned())
        .filter(|name| name.contains('/'));
    if let Some(params) = stream.dict().get::<Dict<'_>>("Params") {
        let date =
            |key: &str| string(&params, key).map(|text| strings::date(&text).unwrap_or(text));
        member.modified = date("ModDate");
        if let Some(created) = date("CreationDate") {
            member.metadata.push(Metadatum::new(
                Field::Created,
                created,
                "PDF embedded file /CreationDate",
            ));
        }
    }
    if let Some(about) = string(specification, "Desc") {
        member.metadata.push(Metadatum::new(
            Field::Description,
            about,
            "PDF file specification /Desc",
        ));
    }
    emit(Piece::Member(member))?;
    if locked {
        let reason = "the document is open but its attached files need a password: `add --file-passwords LIST` tries yours";
        emit(Piece::MemberEnd(Some((
            Outcome::Encrypted,
            reason.to_owned(),
        ))))?;
        return Ok(0);
    }
    let decoded = stream::decode_any(stream, FILE);
    for part in decoded.bytes.chunks(1 << 20) {
        emit(Piece::Bytes(part.to_vec()))?;
    }
    let end = match decoded.state {
        State::Whole => None,
        State::Broken => Some((
            Outcome::Damaged,
            "its compressed data is broken; what comes before the break is kept".to_owned(),
        )),
        State::Capped => Some((
            Outcome::Limit,
            format!("larger than {} MiB; that much is kept", FILE >> 20),
        )),
    };
    emit(Piece::MemberEnd(end))?;
    Ok(decoded.bytes.len() as u64)
}

/// A path for people: forward slashes, no drive, no `..`, no control characters.
fn clean(name: &str) -> String {
    let parts = name.split(['/', '\\']).map(|part| {
        part.chars()
            .filter(|c| !c.is_control())
            .take(255)
            .collect::<String>()
            .trim()
            .to_owned()
    });
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty() && part != "." && part != ".." && !part.ends_with(':'))
        .collect();
    let skip = parts.len().saturating_sub(32);
    parts.get(skip..).unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn paths_stay_inside() {
        for (written, kept) in [
            ("a.txt", "a.txt"),
            ("../../etc/passwd", "etc/passwd"),
            ("C:\\Users\\x\\보고서.hwp", "Users/x/보고서.hwp"),
            ("/abs/./b", "abs/b"),
            ("a\u{0}\n.txt", "a.txt"),
            ("..", ""),
        ] {
            assert_eq!(clean(written), kept);
        }
    }
}
