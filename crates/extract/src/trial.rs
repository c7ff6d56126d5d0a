//! What `fuzz/` tries of this crate that nobody else may call.

use casefile::{Block, BlockKind, Input, Limits, Outcome, Piece, Reading, Section, Span};

use crate::worker::Rendered;
use crate::worker::wire::{Attempt, Job, Reply, Request, receive, send};

/// Draws a page as the screen wants it.
///
/// # Errors
/// The page cannot be drawn; why.
pub fn draw(
    input: &mut Input<'_>,
    format: &str,
    page: u32,
    longest: u32,
) -> Result<Rendered, String> {
    let wanted = crate::render::Wanted {
        format,
        pages: &[page],
        longest,
        grey: false,
    };
    let mut picture = Err("no answer".to_owned());
    crate::render::pages(input, wanted, &pdf::no_typefaces(), &mut |drawn| {
        picture = drawn;
        true
    });
    picture
}

/// Understands bytes as a worker understands requests, and as the other side understands replies.
pub fn wire(mut bytes: &[u8]) {
    let mut from = bytes;
    let _ = receive::<Request>(&mut from);
    while let Ok(reply) = receive::<Reply>(&mut bytes) {
        if let Reply::Piece(Piece::Section(section)) = reply {
            let _ = crate::checked(section);
        }
    }
}

/// Conversations to begin with.
#[must_use]
pub fn wires() -> Vec<Vec<u8>> {
    let mut replies = Vec::new();
    let section = Section {
        text: "구금 2023".into(),
        blocks: vec![Block {
            kind: BlockKind::Heading(2),
            span: Span::new(0, 7),
            main: true,
        }],
        ..Section::default()
    };
    let member = casefile::Member::new("a/b.txt", casefile::MemberKind::Entry);
    let probed = vec![Attempt {
        what: "open a file".into(),
        refused: true,
    }];
    let all = [
        Reply::Piece(Piece::Section(section)),
        Reply::Piece(Piece::Member(member)),
        Reply::Piece(Piece::Bytes(vec![1, 2, 3])),
        Reply::Piece(Piece::MemberEnd(Some((Outcome::Damaged, "cut".into())))),
        Reply::Read(Reading::failed("text/plain", Outcome::Limit, "a cap")),
        Reply::Picture(Err("no page".into())),
        Reply::Probed(probed),
    ];
    for reply in &all {
        // A vector takes all that is written.
        let _ = send(&mut replies, reply);
    }
    let mut request = Vec::new();
    let job = Job::Read {
        name: "a.txt".into(),
        declared_type: Some("text/plain".into()),
        declared_charset: None,
        passwords: vec!["open-sesame".into()],
        limits: Limits::default(),
    };
    let asked = Request {
        job,
        len: 7,
        key: Some(vec![7; 33]),
    };
    let _ = send(&mut request, &asked);
    vec![replies, request]
}
