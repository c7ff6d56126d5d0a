//! What an OLE compound file or a zip of this family is.

use casefile::ReadSeek;

use crate::ole::{Compound, Lost};

/// The documents that live in compound files, and HWPX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Word 6 to 2003.
    Word,
    /// PowerPoint 97 to 2003.
    PowerPoint,
    /// PowerPoint 95 and before.
    OldPowerPoint,
    /// Excel 5 to 2003.
    Workbook,
    /// HWP 5.
    Hwp,
    /// HWPX (OWPML, KS X 6101).
    Hwpx,
    /// An Outlook message.
    Message,
    /// A document of Office 2007 or later behind a password (MS-OFFCRYPTO).
    EncryptedPackage,
    /// The same behind rights management.
    RightsManaged,
    Visio,
    Publisher,
    Project,
    Works,
    Hwp3,
    WindowsInstaller,
    Thumbnails,
    StarOffice,
    Rtf,
    /// A compound file of a program that is not known here.
    Compound,
}

impl Kind {
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Word => "application/msword",
            Self::PowerPoint | Self::OldPowerPoint => "application/vnd.ms-powerpoint",
            Self::Workbook => "application/vnd.ms-excel",
            Self::Hwp | Self::Hwp3 => "application/x-hwp",
            Self::Hwpx => "application/hwp+zip",
            Self::Message => "application/vnd.ms-outlook",
            Self::EncryptedPackage | Self::RightsManaged => "application/x-tika-ooxml-protected",
            Self::Visio => "application/vnd.visio",
            Self::Publisher => "application/x-mspublisher",
            Self::Project => "application/vnd.ms-project",
            Self::Works => "application/vnd.ms-works",
            Self::WindowsInstaller => "application/x-msi",
            Self::Thumbnails => "image/x-thumbnails",
            Self::StarOffice => "application/vnd.stardivision.writer",
            Self::Rtf => "application/rtf",
            Self::Compound => "application/x-ole-storage",
        }
    }

    /// The usual extension of such files; `None` where there is none.
    #[must_use]
    pub const fn extension(self) -> Option<&'static str> {
        Some(match self {
            Self::Word => "doc",
            Self::PowerPoint | Self::OldPowerPoint => "ppt",
            Self::Workbook => "xls",
            Self::Hwp | Self::Hwp3 => "hwp",
            Self::Hwpx => "hwpx",
            Self::Message => "msg",
            Self::Visio => "vsd",
            Self::Publisher => "pub",
            Self::Project => "mpp",
            Self::Works => "wps",
            Self::WindowsInstaller => "msi",
            Self::StarOffice => "sdw",
            Self::Rtf => "rtf",
            Self::EncryptedPackage | Self::RightsManaged | Self::Thumbnails | Self::Compound => {
                return None;
            }
        })
    }
}

/// The kind of an RTF, compound or HWPX file, from its bytes; `None` if it is of another family.
pub fn recognise(bytes: &mut dyn ReadSeek) -> Option<Kind> {
    let head = crate::head(bytes, 512)?;
    if head.starts_with(b"{\\rtf") {
        return Some(Kind::Rtf);
    }
    if head.starts_with(b"HWP Document File V") {
        return Some(Kind::Hwp3);
    }
    if head.starts_with(b"PK\x03\x04") {
        return crate::hwpx::is_hwpx(bytes).then_some(Kind::Hwpx);
    }
    if !head.starts_with(crate::ole::MAGIC) {
        return None;
    }
    let (kind, broken) = match Compound::open(bytes) {
        Some(mut file) => (compound_kind(&mut file), file.broken),
        None => (Kind::Compound, true),
    };
    if kind != Kind::Compound || !broken {
        return Some(kind);
    }
    Some(match crate::ole::find(bytes) {
        Some((Lost::Word, _)) => Kind::Word,
        Some((Lost::Slides, _)) => Kind::PowerPoint,
        Some((Lost::Workbook, _)) => Kind::Workbook,
        Some((Lost::Hwp, _)) => Kind::Hwp,
        None => Kind::Compound,
    })
}

pub(crate) fn compound_kind(file: &mut Compound<'_>) -> Kind {
    let hwp = file
        .read(&["FileHeader"])
        .is_some_and(|h| h.starts_with(b"HWP Document File"));
    let root = file
        .entries
        .first()
        .map(|root| root.class)
        .unwrap_or_default();
    match () {
        () if hwp => Kind::Hwp,
        () if file.has("WordDocument") => Kind::Word,
        () if file.has("PowerPoint Document") => Kind::PowerPoint,
        () if file.has("PP40") || file.has("PP97_DUALSTORAGE") => Kind::OldPowerPoint,
        () if file.has("Workbook") || file.has("Book") => Kind::Workbook,
        () if file.has("__properties_version1.0") || file.has("__nameid_version1.0") => {
            Kind::Message
        }
        () if file.has("EncryptedPackage") => {
            if file
                .find(&["\u{6}DataSpaces", "TransformInfo", "DRMEncryptedTransform"])
                .is_some()
            {
                Kind::RightsManaged
            } else {
                Kind::EncryptedPackage
            }
        }
        () if file.has("VisioDocument") => Kind::Visio,
        () if file.has("Quill") => Kind::Publisher,
        () if file.has("Props9")
            || file.has("Props12")
            || file.has("Props14")
            || file.has("Props") =>
        {
            Kind::Project
        }
        () if file.has("MatOST") || file.has("WksSSWorkBook") => Kind::Works,
        () if file.has("StarWriterDocument") || file.has("StarCalcDocument") => Kind::StarOffice,
        () if file.has("Catalog") => Kind::Thumbnails,
        // {000C1084-0000-0000-C000-000000000046}
        () if root.starts_with(&[0x84, 0x10, 0x0c, 0]) => Kind::WindowsInstaller,
        () => Kind::Compound,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::ole;

    #[test]
    fn documents_without_a_directory_are_known_by_their_first_stream() {
        let mut workbook = b"\x09\x08\x10\0\0\x06\x05\0".to_vec();
        workbook.resize(8192, 1);
        let mut slides = b"\x0f\0\xe8\x03".to_vec();
        slides.resize(8192, 1);
        for (name, stream, kind) in [
            ("Workbook", workbook, Kind::Workbook),
            ("PowerPoint Document", slides, Kind::PowerPoint),
        ] {
            let whole = ole::file_of(&[(name, &stream)]);
            let cut = whole.get(..512 + 4096).unwrap_or_default();
            for bytes in [&whole[..], cut] {
                assert_eq!(recognise(&mut Cursor::new(bytes)), Some(kind));
            }
            assert!(Compound::open(&mut Cursor::new(cut)).is_none_or(|file| file.broken));
        }
    }

    #[test]
    fn a_broken_compound_file_is_written_anew() {
        let stream = [7; 5000];
        let mut bytes = ole::file_of(&[("one", &stream), ("two", b"short")]);
        // Without its table of sectors.
        bytes[76..80].fill(0xff);
        let repaired = ole::repaired(&mut Cursor::new(&bytes)).unwrap_or_default();
        let mut source = Cursor::new(&repaired);
        let mut file = Compound::open(&mut source).expect("it is sound now");
        assert!(!file.broken);
        assert!(file.has("one") && file.has("two"));
        assert!(!file.read(&["one"]).unwrap_or_default().is_empty());
    }
}
