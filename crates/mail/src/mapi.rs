//! Properties of MAPI (MS-OXPROPS), as MSG files and TNEF hold them.

use std::collections::BTreeMap;

/// A value of the kinds that are used here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Long(u32),
    /// Windows FILETIME.
    Time(u64),
    Text(String),
    /// A string of 8-bit characters whose charset stands elsewhere.
    Bytes8(Vec<u8>),
    Binary(Vec<u8>),
}

/// Properties by their id (the upper half of a tag).
#[derive(Debug, Clone, Default)]
pub(crate) struct Properties(pub(crate) BTreeMap<u16, Value>);

impl Properties {
    pub(crate) fn insert(&mut self, id: u16, value: Value) {
        // A Unicode string wins over its 8-bit twin.
        if matches!(value, Value::Bytes8(_)) && matches!(self.0.get(&id), Some(Value::Text(_))) {
            return;
        }
        self.0.insert(id, value);
    }

    pub(crate) fn long(&self, id: u16) -> Option<u32> {
        match self.0.get(&id)? {
            Value::Long(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn time(&self, id: u16) -> Option<String> {
        match self.0.get(&id)? {
            Value::Time(ticks) => crate::date::from_filetime(*ticks),
            _ => None,
        }
    }

    pub(crate) fn text(&self, id: u16, charset: Option<&str>) -> Option<String> {
        let text = match self.0.get(&id)? {
            Value::Text(text) => text.clone(),
            Value::Bytes8(bytes) | Value::Binary(bytes) => crate::charset::decode(bytes, charset),
            _ => return None,
        };
        let text = text.trim_end_matches('\0').to_owned();
        (!text.trim().is_empty()).then_some(text)
    }

    pub(crate) fn bytes(&self, id: u16) -> Option<&[u8]> {
        match self.0.get(&id)? {
            Value::Binary(bytes) | Value::Bytes8(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The charset of 8-bit strings: the message's code page, or that of its language.
    pub(crate) fn charset(&self) -> Option<String> {
        let page = self
            .long(MESSAGE_CODEPAGE)
            .or_else(|| self.long(INTERNET_CODEPAGE));
        page.and_then(charset_of).or_else(|| {
            let language = self.long(LOCALE)? & 0x3ff;
            let page = match language {
                0x12 => 949,
                0x11 => 932,
                0x04 => 936,
                0x19 | 0x22 | 0x23 => 1251,
                0x0d => 1255,
                0x01 => 1256,
                0x1e => 874,
                0x2a => 1258,
                0x1f => 1254,
                0x08 => 1253,
                _ => return None,
            };
            charset_of(page)
        })
    }
}

pub(crate) const MESSAGE_CLASS: u16 = 0x001a;
pub(crate) const IMPORTANCE: u16 = 0x0017;
pub(crate) const SUBJECT: u16 = 0x0037;
pub(crate) const SUBMITTED: u16 = 0x0039;
pub(crate) const SENT_FOR_NAME: u16 = 0x0042;
pub(crate) const SENT_FOR_EMAIL: u16 = 0x0065;
pub(crate) const TOPIC: u16 = 0x0070;
pub(crate) const HEADERS: u16 = 0x007d;
pub(crate) const RECIPIENT_TYPE: u16 = 0x0c15;
pub(crate) const SENDER_NAME: u16 = 0x0c1a;
pub(crate) const SENDER_EMAIL: u16 = 0x0c1f;
pub(crate) const DISPLAY_BCC: u16 = 0x0e02;
pub(crate) const DISPLAY_CC: u16 = 0x0e03;
pub(crate) const DISPLAY_TO: u16 = 0x0e04;
pub(crate) const DELIVERED: u16 = 0x0e06;
pub(crate) const NORMAL_SUBJECT: u16 = 0x0e1d;
pub(crate) const BODY: u16 = 0x1000;
pub(crate) const RTF: u16 = 0x1009;
pub(crate) const HTML: u16 = 0x1013;
pub(crate) const MESSAGE_ID: u16 = 0x1035;
pub(crate) const IN_REPLY_TO: u16 = 0x1042;
pub(crate) const DISPLAY_NAME: u16 = 0x3001;
pub(crate) const EMAIL: u16 = 0x3003;
pub(crate) const CREATED: u16 = 0x3007;
pub(crate) const MODIFIED: u16 = 0x3008;
pub(crate) const ATTACH_DATA: u16 = 0x3701;
pub(crate) const ATTACH_EXTENSION: u16 = 0x3703;
pub(crate) const ATTACH_NAME: u16 = 0x3704;
pub(crate) const ATTACH_METHOD: u16 = 0x3705;
pub(crate) const ATTACH_LONG_NAME: u16 = 0x3707;
pub(crate) const ATTACH_PATH: u16 = 0x370d;
pub(crate) const ATTACH_TYPE: u16 = 0x370e;
pub(crate) const ATTACH_CONTENT_ID: u16 = 0x3712;
pub(crate) const SMTP: u16 = 0x39fe;
pub(crate) const INTERNET_CODEPAGE: u16 = 0x3fde;
pub(crate) const LOCALE: u16 = 0x3ff1;
pub(crate) const MESSAGE_CODEPAGE: u16 = 0x3ffd;
pub(crate) const SENDER_SMTP: u16 = 0x5d01;
pub(crate) const SENT_FOR_SMTP: u16 = 0x5d02;

/// Fields of a contact, with what they are called.
pub(crate) const CONTACT: [(u16, &str); 22] = [
    (0x3001, "Name"),
    (0x3a16, "Company"),
    (0x3a18, "Department"),
    (0x3a17, "Title"),
    (0x3a08, "Business phone"),
    (0x3a1b, "Business phone 2"),
    (0x3a09, "Home phone"),
    (0x3a2f, "Home phone 2"),
    (0x3a1c, "Mobile phone"),
    (0x3a24, "Business fax"),
    (0x3a25, "Home fax"),
    (0x3a1f, "Other phone"),
    (0x3a21, "Pager"),
    (0x3a15, "Postal address"),
    (0x3a29, "Street"),
    (0x3a27, "City"),
    (0x3a28, "State"),
    (0x3a2a, "Postal code"),
    (0x3a26, "Country"),
    (0x3a51, "Business home page"),
    (0x3a50, "Personal home page"),
    (0x3a4f, "Nickname"),
];

/// The name of a Windows code page.
pub(crate) fn charset_of(page: u32) -> Option<String> {
    Some(match page {
        65001 => "utf-8".to_owned(),
        65000 => "utf-7".to_owned(),
        1200 => "utf-16le".to_owned(),
        1201 => "utf-16be".to_owned(),
        949 | 51949 => "euc-kr".to_owned(),
        1361 => "johab".to_owned(),
        932 => "shift_jis".to_owned(),
        936 | 20936 => "gbk".to_owned(),
        54936 => "gb18030".to_owned(),
        950 => "big5".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        50225 => "iso-2022-kr".to_owned(),
        51932 => "euc-jp".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        874 => "windows-874".to_owned(),
        1250..=1258 => format!("windows-{page}"),
        28591..=28606 => format!("iso-8859-{}", page - 28590),
        20127 => "us-ascii".to_owned(),
        437 | 850 | 852 | 855 | 866 => format!("ibm{page}"),
        _ => return None,
    })
}

/// `Name <address>`; addresses of Exchange (`/o=…`) only where there is nothing else.
pub(crate) fn person(name: Option<String>, addresses: &[Option<String>]) -> Option<String> {
    let good = addresses.iter().flatten().find(|text| text.contains('@'));
    let any = good.or_else(|| addresses.iter().flatten().next());
    let name = name
        .map(|name| crate::header::one_line(name.trim_matches('\'')))
        .filter(|name| !name.is_empty());
    match (name, any) {
        (Some(name), Some(address)) if name != *address && address.contains('@') => {
            Some(format!("{name} <{address}>"))
        }
        (Some(name), _) => Some(name),
        (None, address) => address.cloned(),
    }
}
