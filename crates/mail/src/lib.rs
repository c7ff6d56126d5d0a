//! Mail in all its files: messages (EML, EMLX, MSG), mailboxes (mbox), saved pages (MHTML),
//! Outlook's `winmail.dat` (TNEF) and S/MIME.
//!
//! A message becomes head lines and body text; everything attached to it becomes a member. Mail is
//! old and often wrong, so that all of this is read forgivingly and whatever was made up for is
//! told in a problem. The MIME parser is our own, since real archives break every rule it knows.
//!
//! Never: fetching what a message refers to, running anything, verifying signatures.

mod body;
mod charset;
mod coding;
mod date;
pub mod eml;
mod header;
mod html;
mod letter;
mod mapi;
pub mod mbox;
mod members;
pub mod mhtml;
mod mime;
pub mod msg;
pub mod smime;
#[cfg(test)]
mod tests;
pub mod tnef;
mod words;

use casefile::{Emit, Input, Outcome, Reading, Stop};

use members::Halt;

/// The files of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One message (`.eml`).
    Message,
    /// One message as Apple Mail keeps it (`.emlx`).
    AppleMessage,
    /// A mailbox (`.mbox`).
    Mailbox,
    /// A page saved with its pictures (`.mht`, `.mhtml`).
    WebArchive,
    /// One message of Outlook (`.msg`).
    OutlookMessage,
    /// `winmail.dat` (TNEF).
    Tnef,
    /// Signed or encrypted content (`.p7m`, `.p7s`).
    Cms,
    /// Encrypted with OpenPGP, in text form.
    Pgp,
    /// A store of Outlook (`.pst`, `.ost`): recognised, not read.
    OutlookStore,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Message,
        Self::AppleMessage,
        Self::Mailbox,
        Self::WebArchive,
        Self::OutlookMessage,
        Self::Tnef,
        Self::Cms,
        Self::Pgp,
        Self::OutlookStore,
    ];

    /// The media type that readings carry.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Message => "message/rfc822",
            Self::AppleMessage => "message/x-emlx",
            Self::Mailbox => "application/mbox",
            Self::WebArchive => "multipart/related",
            Self::OutlookMessage => "application/vnd.ms-outlook",
            Self::Tnef => "application/vnd.ms-tnef",
            Self::Cms => "application/pkcs7-mime",
            Self::Pgp => "application/pgp-encrypted",
            Self::OutlookStore => "application/vnd.ms-outlook-pst",
        }
    }
}

/// Tells by the first bytes (4 KiB do) and the extension (lower case, no dot) which kind of mail
/// a file is. MSG is told from other compound files by its streams' names, which may stand later:
/// [`msg::recognise`] looks into the file.
#[must_use]
pub fn recognise(head: &[u8], extension: Option<&str>) -> Option<Kind> {
    let extension = extension.unwrap_or("");
    if head.starts_with(b"!BDN") {
        return Some(Kind::OutlookStore);
    }
    if head.starts_with(&[0x78, 0x9f, 0x3e, 0x22]) {
        return Some(Kind::Tnef);
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return (extension == "msg").then_some(Kind::OutlookMessage);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if text
        .trim_ascii_start()
        .starts_with(b"-----BEGIN PGP MESSAGE-----")
    {
        return Some(Kind::Pgp);
    }
    if is_cms(head, extension) {
        return Some(Kind::Cms);
    }
    let trimmed = text.trim_ascii_start();
    if trimmed.starts_with(b"From ") {
        let line_end = trimmed
            .iter()
            .position(|&b| b == b'\n')
            .map_or(0, |at| at + 1);
        let rest = trimmed.get(line_end..).unwrap_or_default();
        let fields = header::known_fields(rest);
        // One message that was taken out of a mailbox together with its separator.
        if fields > 0 && extension == "eml" {
            return Some(Kind::Message);
        }
        if fields > 1
            || (fields > 0 && ["mbox", "mbx", "mail", ""].contains(&extension))
            || extension == "mbox"
        {
            return Some(Kind::Mailbox);
        }
    }
    if extension == "emlx" && trimmed.first().is_some_and(u8::is_ascii_digit) {
        return Some(Kind::AppleMessage);
    }
    let fields = header::known_fields(trimmed);
    let needed = match extension {
        "eml" | "mht" | "mhtml" | "mbox" | "nws" | "mim" | "mime" | "msg" => 1,
        "" => 2,
        "txt" | "html" | "htm" | "csv" | "md" | "json" | "log" => 4,
        _ => 3,
    };
    if fields < needed {
        return None;
    }
    if extension == "mbox" && !trimmed.starts_with(b"From ") {
        return Some(Kind::Mailbox);
    }
    let saved = ["mht", "mhtml"].contains(&extension) || {
        let (head, _) = header::Head::read(trimmed);
        head.first("snapshot-content-location").is_some()
            || head
                .first("x-mimeole")
                .is_some_and(|value| eml::find(value, b"MHTML").is_some())
            || head
                .first("from")
                .is_some_and(|value| eml::find(value, b"aved by ").is_some())
    };
    Some(if saved {
        Kind::WebArchive
    } else {
        Kind::Message
    })
}

fn is_cms(head: &[u8], extension: &str) -> bool {
    let pkcs7 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
    let near = head.get(..64).unwrap_or(head);
    let timestamped = eml::find(near, smime::TIMESTAMPED).is_some_and(|at| at < 12);
    (head.first() == Some(&0x30)
        && (timestamped || eml::find(near, &pkcs7).is_some_and(|at| at < 12)))
        || head.starts_with(b"-----BEGIN PKCS7-----")
        || head.starts_with(b"-----BEGIN CMS-----")
        || (["p7m", "p7s", "p7c"].contains(&extension) && head.starts_with(b"MI"))
}

/// Reads a file of a kind that [`recognise`] told.
///
/// # Errors
/// The receiver wants no more.
pub fn read(kind: Kind, input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    match kind {
        Kind::Message => eml::read(input, emit),
        Kind::AppleMessage => eml::read_emlx(input, emit),
        Kind::Mailbox => mbox::read(input, emit),
        Kind::OutlookMessage => msg::read(input, emit),
        Kind::Cms => smime::read(input, emit),
        Kind::Pgp => Ok(Reading::failed(
            kind.media_type(),
            Outcome::Encrypted,
            "encrypted with OpenPGP for the holder of a key; decrypt it and add it again",
        )),
        Kind::OutlookStore => Ok(Reading::failed(
            kind.media_type(),
            Outcome::Unsupported,
            "an Outlook store; export its folders as .msg, .eml or .mbox (readpst does) and add those",
        )),
        Kind::WebArchive => mhtml::read(input, emit),
        Kind::Tnef => tnef::read(input, emit),
    }
}

/// The whole input. What is too large, or cannot be read, ends the reading with the reason.
fn take_all(input: &mut Input<'_>, reading: &mut Reading) -> Option<Vec<u8>> {
    let most = input.limits.input_bytes;
    match input.head(most) {
        Ok(bytes) => {
            if input.len > most {
                reading.outcome = Outcome::Limit;
                reading.reason = Some(format!(
                    "larger than {most} bytes; what stands in the first {most} was kept"
                ));
            }
            Some(bytes)
        }
        Err(error) => {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!("could not be read ({error})"));
            None
        }
    }
}

/// Turns the way in which a reading ended into its outcome.
fn settle(ended: Result<(), Halt>, reading: &mut Reading) -> Result<(), Stop> {
    match ended {
        Ok(()) => Ok(()),
        Err(Halt::Stop(stop)) => Err(stop),
        Err(Halt::Limit(reason)) => {
            reading.outcome = Outcome::Limit;
            reading.reason = Some(reason);
            Ok(())
        }
    }
}
