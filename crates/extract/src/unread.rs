//! Formats that are recognised and not read, and what to do about each.

use casefile::{Outcome, Reading};

const UNKNOWN: &str = "application/octet-stream";

/// The media type of a format that neither a reader nor the common list of magic numbers knows.
pub(crate) fn recognise(head: &[u8], extension: Option<&str>) -> Option<&'static str> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    let at =
        |from: usize, magic: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(magic));
    Some(match () {
        // {7B5C52E4-D88C-4DA7-AEB1-5378D02996D3} and {43FF2FA1-EFD9-4C76-9EE2-10EA5722765F}.
        () if starts(b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d")
            || starts(b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c") =>
        {
            "application/onenote"
        }
        () if starts(b"\xffWPC") => "application/vnd.wordperfect",
        () if at(4, b"Standard Jet DB") || at(4, b"Standard ACE DB") => "application/vnd.ms-access",
        () if starts(b"\x01\0\0\0") && at(40, b" EMF") => "image/emf",
        () if starts(b"\xd7\xcd\xc6\x9a")
            || starts(b"\x01\0\x09\0\0\x03")
            || starts(b"\x02\0\x09\0\0\x03") =>
        {
            "image/wmf"
        }
        () if starts(b"bplist00") => "application/x-plist",
        () if starts(b"wOFF") || starts(b"wOF2") => "font/woff",
        () if extension == Some("iwa") && starts(b"\0") => "application/x-iwork-archive",
        () if starts(b"\x0dKLZ") || starts(b"\x0eNSF") => "application/vnd.lotus-notes",
        () => return None,
    })
}

/// The reading of a file of such a format.
pub(crate) fn reading(media_type: &str) -> Reading {
    let reason = match (what(media_type), advice(media_type)) {
        _ if media_type == UNKNOWN => {
            "the format is not known; the file is kept and found by its name".to_owned()
        }
        (Some(what), Some(advice)) => format!("{what} is not read; {advice}"),
        (Some(what), None) => format!("{what} is not read; the file is kept and found by its name"),
        (None, Some(advice)) => format!("{media_type} is not read; {advice}"),
        (None, None) => {
            format!("{media_type} is not read; the file is kept and found by its name")
        }
    };
    Reading::failed(media_type, Outcome::Unsupported, reason)
}

/// What people call it, with its article.
fn what(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "application/onenote" => "a OneNote notebook",
        "application/vnd.wordperfect" => "a WordPerfect document",
        "application/vnd.ms-access" => "an Access database",
        "application/vnd.sqlite3" => "an SQLite database",
        "application/vnd.lotus-notes" => "a Lotus Notes database",
        "application/vnd.visio" => "a Visio drawing",
        "application/x-mspublisher" => "a Publisher document",
        "application/vnd.ms-project" => "a Project plan",
        "application/vnd.ms-works" => "a Works document",
        "application/vnd.stardivision.writer" => "a StarOffice document",
        "application/vnd.ms-powerpoint" => "a presentation of PowerPoint 95 or before",
        "application/x-iwork-archive" => "the inner form of Pages, Numbers and Keynote",
        "application/x-plist" => "a binary property list",
        "application/x-ole-storage" => "an OLE file of a program that is not known here",
        "application/x-msi" | "application/vnd.microsoft.portable-executable" => "a program",
        "image/x-thumbnails" => "a store of thumbnails",
        "image/heif" | "image/avif" => "a picture in this format (HEIC, AVIF)",
        "image/emf" | "image/wmf" => "a drawing made of Windows commands (EMF, WMF)",
        "image/vnd.adobe.photoshop" => "a Photoshop picture",
        "font/woff" => "a font",
        _ if media_type.starts_with("audio/") => "sound",
        _ if media_type.starts_with("video/") => "video",
        _ => return None,
    })
}

/// What makes its content readable.
fn advice(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "application/onenote" => "export it from OneNote as PDF or Word and add that",
        "application/vnd.wordperfect"
        | "application/vnd.ms-works"
        | "application/vnd.stardivision.writer" => {
            "save it as DOCX or ODT (LibreOffice opens it) and add that"
        }
        "application/vnd.ms-powerpoint" => {
            "save it as PPTX or PDF (LibreOffice opens it) and add that"
        }
        "application/vnd.ms-access" | "application/vnd.sqlite3" | "application/vnd.lotus-notes" => {
            "export its tables as CSV and add those"
        }
        "application/vnd.visio" | "application/x-mspublisher" | "application/vnd.ms-project" => {
            "export it as PDF (LibreOffice opens most) and add that"
        }
        "application/x-iwork-archive" => {
            "the preview beside it was read if there is one; export the document as PDF to have all of it"
        }
        "image/heif" | "image/avif" | "image/vnd.adobe.photoshop" => {
            "save it as JPEG or PNG and add that"
        }
        "application/x-msi" | "application/vnd.microsoft.portable-executable" => {
            "it is kept and never run"
        }
        _ if media_type.starts_with("audio/") || media_type.starts_with("video/") => {
            "write down what is said in it and add that as text"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_say_what_to_do() {
        let reason = |media_type| reading(media_type).reason.unwrap_or_default();
        assert_eq!(
            reason("application/onenote"),
            "a OneNote notebook is not read; export it from OneNote as PDF or Word and add that"
        );
        assert_eq!(
            reason("application/x-thing"),
            "application/x-thing is not read; the file is kept and found by its name"
        );
        assert_eq!(
            recognise(b"\xffWPC\x10\0", None),
            Some("application/vnd.wordperfect")
        );
        assert_eq!(recognise(b"plain", None), None);
    }
}
