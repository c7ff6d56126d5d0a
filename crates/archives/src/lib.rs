//! Archives: ZIP (and WACZ), TAR, 7z, ISO images, ar and cpio, single compressed files, web
//! archives.
//!
//! Every member is streamed on in pieces of at most 1 MiB. Whatever an archive is (cut off, with a
//! broken directory, encrypted, a bomb), the members that can be read are handed over and the rest
//! is named with its reason. A compressed tar gives the tar's entries at once, and a WACZ the
//! captures of its WARC files; all other nesting is left to the caller, who reads members in turn.
//!
//! Never: writing anywhere, following links, trusting a path or a size that an archive states.

pub mod compressed;
mod digest;
mod gzip;
mod http;
pub mod iso;
mod lzw;
mod members;
mod names;
mod path;
pub mod sevenz;
pub mod tar;
#[cfg(test)]
mod tests;
mod time;
pub mod unix;
pub mod warc;
mod xz;
pub mod zip;

use casefile::{Emit, Input, Outcome, Reading, Stop};

/// The kinds of archive that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Zip,
    Tar,
    SevenZip,
    Gzip,
    Bzip2,
    Xz,
    Lzma,
    Zstd,
    /// `.Z`
    Compress,
    /// WARC or ARC, gzipped or not.
    Warc,
    /// An image of a disc.
    Iso,
    Cpio,
    /// `ar`: Debian packages, libraries.
    Ar,
    // Known and not read:
    Rar,
    Cab,
    /// Help of Windows.
    Chm,
    /// ALZ of ESTsoft, common in Korea.
    Alz,
    /// EGG of ESTsoft, common in Korea.
    Egg,
    Lzh,
    Arj,
    Lz4,
    Lzip,
}

impl Kind {
    /// The media type that readings carry.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Zip => "application/zip",
            Self::Tar => "application/x-tar",
            Self::SevenZip => "application/x-7z-compressed",
            Self::Gzip => "application/gzip",
            Self::Bzip2 => "application/x-bzip2",
            Self::Xz => "application/x-xz",
            Self::Lzma => "application/x-lzma",
            Self::Zstd => "application/zstd",
            Self::Compress => "application/x-compress",
            Self::Warc => "application/warc",
            Self::Rar => "application/vnd.rar",
            Self::Cab => "application/vnd.ms-cab-compressed",
            Self::Iso => "application/x-iso9660-image",
            Self::Chm => "application/vnd.ms-htmlhelp",
            Self::Alz => "application/x-alz-compressed",
            Self::Egg => "application/x-egg-compressed",
            Self::Lzh => "application/x-lzh-compressed",
            Self::Arj => "application/x-arj",
            Self::Cpio => "application/x-cpio",
            Self::Ar => "application/x-archive",
            Self::Lz4 => "application/x-lz4",
            Self::Lzip => "application/x-lzip",
        }
    }
}

/// Tells by the first bytes (4 KiB do, 34 KiB for an ISO image) and the extension (lower case, no
/// dot) which archive a file is. Office and OpenDocument files are ZIP too: ask for those first.
#[must_use]
pub fn recognise(head: &[u8], extension: Option<&str>) -> Option<Kind> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    let kind = match head {
        _ if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Kind::Zip,
        // A first volume, or a temporary mark of one.
        _ if starts(b"PK\x07\x08PK\x03\x04") || starts(b"PK00PK\x03\x04") => Kind::Zip,
        _ if starts(b"7z\xbc\xaf\x27\x1c") => Kind::SevenZip,
        [0x1f, 0x8b, 8, ..] => {
            if is_web_archive(&unzipped(head)) {
                Kind::Warc
            } else {
                Kind::Gzip
            }
        }
        [0x1f, 0x9d, ..] => Kind::Compress,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(b"\x31\x41\x59\x26\x53\x59")
                || rest.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
        {
            Kind::Bzip2
        }
        _ if starts(b"\xfd7zXZ\0") => Kind::Xz,
        _ if starts(b"\x28\xb5\x2f\xfd") => Kind::Zstd,
        _ if starts(b"Rar!\x1a\x07") => Kind::Rar,
        _ if starts(b"MSCF\0\0\0\0") => Kind::Cab,
        _ if starts(b"ITSF") => Kind::Chm,
        _ if starts(b"ALZ\x01") => Kind::Alz,
        _ if starts(b"EGGA") => Kind::Egg,
        _ if starts(b"\x60\xea") && extension == Some("arj") => Kind::Arj,
        _ if starts(b"070701") || starts(b"070702") || starts(b"070707") => Kind::Cpio,
        [0xc7, 0x71, ..] | [0x71, 0xc7, ..] if extension == Some("cpio") => Kind::Cpio,
        _ if starts(b"!<arch>\n") => Kind::Ar,
        _ if starts(b"\x04\x22\x4d\x18") => Kind::Lz4,
        _ if starts(b"LZIP\x01") => Kind::Lzip,
        _ if head.get(2..5) == Some(b"-lh") && head.get(6) == Some(&b'-') => Kind::Lzh,
        _ if head.get(32_769..32_774) == Some(b"CD001") => Kind::Iso,
        _ if is_web_archive(head) => Kind::Warc,
        _ if tar::is_header(head) => Kind::Tar,
        [0x5d, 0, 0, rest @ ..] if extension == Some("lzma") || is_lzma(rest) => Kind::Lzma,
        _ if extension == Some("zip") && head.windows(4).any(|four| four == b"PK\x03\x04") => {
            Kind::Zip
        }
        _ => return None,
    };
    Some(kind)
}

fn is_web_archive(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    head.starts_with(b"WARC/0.") || head.starts_with(b"WARC/1.") || head.starts_with(b"filedesc://")
}

/// The first bytes of what a gzip file holds.
fn unzipped(head: &[u8]) -> Vec<u8> {
    let mut stream = flate2::bufread::GzDecoder::new(head);
    members::fill(&mut stream, 64).0
}

/// After `5d 00 00`: a dictionary that is a power of two, and a size that is unknown or sane.
fn is_lzma(rest: &[u8]) -> bool {
    let dictionary = zip_u16(rest).is_some_and(|high| high.count_ones() == 1);
    let size = rest.get(2..10);
    dictionary
        && size.is_some_and(|size| {
            size.iter().all(|&b| b == 0xff) || size.get(5..).is_some_and(|high| high == [0, 0, 0])
        })
}

fn zip_u16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]))
}

/// What to do with an archive that is not read.
const fn unread(kind: Kind) -> &'static str {
    match kind {
        Kind::Rar => "a RAR archive is not read; unpack it (`unar FILE`, 7-Zip) and add the folder",
        Kind::Cab => "a Windows cabinet is not read; unpack it (`7z x FILE`) and add the folder",
        Kind::Chm => {
            "Windows help (CHM) is not read; unpack it (`7z x FILE`) and add the folder of web pages"
        }
        Kind::Alz | Kind::Egg => {
            "an ALZip archive is not read; unpack it (`unar FILE`, Bandizip, ALZip) and add the folder"
        }
        Kind::Lzh | Kind::Arj => {
            "an archive of the DOS years is not read; unpack it (`7z x FILE`, `unar FILE`) and add the folder"
        }
        Kind::Lz4 => "an LZ4 file is not read; unpack it (`lz4 -d FILE`) and add what was in it",
        _ => "an lzip file is not read; unpack it (`lzip -d FILE`) and add what was in it",
    }
}

/// Reads an archive of a kind that [`recognise`] told.
///
/// # Errors
/// The receiver wants no more.
pub fn read(kind: Kind, input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    match kind {
        Kind::Zip => zip::read(input, emit),
        Kind::Tar => tar::read(input, emit),
        Kind::SevenZip => sevenz::read(input, emit),
        Kind::Warc => warc::read(input, emit),
        Kind::Gzip | Kind::Bzip2 | Kind::Xz | Kind::Lzma | Kind::Zstd | Kind::Compress => {
            compressed::read(kind, input, emit)
        }
        Kind::Iso => iso::read(input, emit),
        Kind::Cpio => unix::read_cpio(input, emit),
        Kind::Ar => unix::read_ar(input, emit),
        Kind::Rar
        | Kind::Cab
        | Kind::Chm
        | Kind::Alz
        | Kind::Egg
        | Kind::Lzh
        | Kind::Arj
        | Kind::Lz4
        | Kind::Lzip => Ok(Reading::failed(
            kind.media_type(),
            Outcome::Unsupported,
            unread(kind),
        )),
    }
}
