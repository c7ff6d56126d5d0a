//! A message that stands in properties: head lines, body and metadata, for MSG and TNEF alike.

use casefile::{Field, Reading, TextBuilder};

use crate::body::{self, Stretch};
use crate::eml::Contents;
use crate::header::Head;
use crate::mapi::{self, Properties};

/// A recipient: kind (1 to, 2 copy, 3 blind copy) and who.
pub(crate) struct Recipient {
    pub(crate) kind: u32,
    pub(crate) who: String,
}

impl Recipient {
    pub(crate) fn of(properties: &Properties, charset: Option<&str>) -> Option<Self> {
        let text = |id| properties.text(id, charset);
        let who = mapi::person(
            text(mapi::DISPLAY_NAME),
            &[text(mapi::SMTP), text(mapi::EMAIL)],
        )?;
        let kind = properties.long(mapi::RECIPIENT_TYPE).unwrap_or(1) & 0xf;
        Some(Self { kind, who })
    }
}

/// Head lines and metadata; `from` names the kind of file ("MSG", "TNEF").
pub(crate) fn head(
    properties: &Properties,
    recipients: &[Recipient],
    from: &str,
    builder: &mut TextBuilder,
    reading: &mut Reading,
) {
    let charset = properties.charset();
    let text = |id| properties.text(id, charset.as_deref());
    let transport = text(mapi::HEADERS).map(|headers| Head::read(headers.as_bytes()).0);
    let sender = mapi::person(
        text(mapi::SENT_FOR_NAME).or_else(|| text(mapi::SENDER_NAME)),
        &[
            text(mapi::SENT_FOR_SMTP),
            text(mapi::SENDER_SMTP),
            text(mapi::SENT_FOR_EMAIL),
            text(mapi::SENDER_EMAIL),
        ],
    );
    let sender = sender.or_else(|| {
        let head = transport.as_ref()?;
        crate::header::addresses(head.first("from")?, None).pop()
    });
    if let Some(sender) = &sender {
        body::push_head(builder, "From", sender);
        reading.note(Field::Sender, sender, &format!("{from} sender"));
    }
    let lines = [
        (1, "To", Field::Recipient, mapi::DISPLAY_TO),
        (2, "Cc", Field::Copied, mapi::DISPLAY_CC),
        (3, "Bcc", Field::Copied, mapi::DISPLAY_BCC),
    ];
    for (kind, label, field, shown) in lines {
        let mut names: Vec<String> = recipients
            .iter()
            .filter(|recipient| recipient.kind == kind)
            .map(|recipient| recipient.who.clone())
            .collect();
        if names.is_empty() {
            names = text(shown)
                .map(|names| {
                    names
                        .split(';')
                        .map(|name| name.trim().to_owned())
                        .collect()
                })
                .unwrap_or_default();
        }
        body::push_head(builder, label, &names.join(", "));
        for name in names {
            reading.note(field, &name, &format!("{from} recipient ({label})"));
        }
    }
    let sent = properties
        .time(mapi::SUBMITTED)
        .map(|date| (date, "sent"))
        .or_else(|| Some((properties.time(mapi::DELIVERED)?, "delivered")));
    if let Some((date, how)) = sent {
        body::push_head(builder, "Date", &date);
        reading.note(Field::Sent, &date, &format!("{from} {how}"));
    }
    let subject = text(mapi::SUBJECT).or_else(|| text(mapi::NORMAL_SUBJECT));
    // U+0001 and a length mark the prefix of old subjects.
    let subject = subject.map(|subject| match subject.strip_prefix('\u{1}') {
        Some(rest) => rest.chars().skip(1).collect(),
        None => subject,
    });
    if let Some(subject) = &subject {
        body::push_head(builder, "Subject", subject);
        for field in [Field::Title, Field::Subject] {
            reading.note(field, subject, &format!("{from} subject"));
        }
    }
    for (id, field, what) in [
        (mapi::MESSAGE_ID, Field::MessageId, "message id"),
        (mapi::IN_REPLY_TO, Field::InReplyTo, "in reply to"),
        (mapi::TOPIC, Field::Other, "conversation"),
        (mapi::MESSAGE_CLASS, Field::Other, "class"),
    ] {
        if let Some(value) = text(id) {
            let value = value.trim_matches(['<', '>', ' ']).to_owned();
            reading.note(field, &value, &format!("{from} {what}"));
        }
    }
    for (id, field, what) in [
        (mapi::DELIVERED, Field::Other, "delivered"),
        (mapi::CREATED, Field::Created, "created"),
        (mapi::MODIFIED, Field::Modified, "modified"),
    ] {
        if let Some(value) = properties.time(id) {
            reading.note(field, &value, &format!("{from} {what}"));
        }
    }
    match properties.long(mapi::IMPORTANCE) {
        Some(0) => reading.note(Field::Other, "low", &format!("{from} importance")),
        Some(2) => reading.note(Field::Other, "high", &format!("{from} importance")),
        _ => {}
    }
    if let Some(head) = transport {
        for (name, field) in [
            ("reply-to", Field::ReplyTo),
            ("x-mailer", Field::Software),
            ("x-originating-ip", Field::Other),
            ("list-id", Field::Other),
        ] {
            if let Some(value) = head.text(name, None) {
                reading.note(field, &value, &format!("{from} transport header {name}"));
            }
        }
        if let Some(first) = head.all("received").next_back() {
            let value = crate::header::one_line(&crate::words::decode(first, None));
            reading.note(
                Field::Other,
                &value,
                &format!("{from} transport header Received (first hop)"),
            );
        }
    }
}

/// The body in the rendering that says most.
pub(crate) fn body(properties: &Properties, contents: &mut Contents<'_>) {
    let charset = properties.charset();
    let text = |id| properties.text(id, charset.as_deref());
    if text(mapi::MESSAGE_CLASS).is_some_and(|class| class.starts_with("IPM.Contact")) {
        let lines = mapi::CONTACT.into_iter().filter_map(|(id, label)| {
            Some(format!("{label}: {}", crate::header::one_line(&text(id)?)))
        });
        let lines: Vec<String> = lines.collect();
        contents.body.push(Stretch::Note(lines.join("\n")));
    }
    let mut renderings = Vec::new();
    if let Some(text) = properties.text(mapi::BODY, charset.as_deref()) {
        renderings.push(vec![Stretch::Plain {
            text,
            flowed: false,
            delsp: false,
        }]);
    }
    let html = match properties.0.get(&mapi::HTML) {
        Some(mapi::Value::Text(html)) => Some(html.clone()),
        Some(mapi::Value::Binary(bytes) | mapi::Value::Bytes8(bytes)) => {
            let page = properties
                .long(mapi::INTERNET_CODEPAGE)
                .and_then(mapi::charset_of);
            Some(crate::html::decode(bytes, page.as_deref()))
        }
        _ => None,
    };
    if let Some(html) = html.filter(|html| !html.trim().is_empty()) {
        renderings.push(vec![Stretch::Html(html)]);
    }
    if renderings
        .iter()
        .flatten()
        .all(|stretch| stretch.weight() == 0)
        && let Some(packed) = properties.bytes(mapi::RTF)
    {
        match legacy::rtf::decompress(packed) {
            Some(rtf) => renderings.push(vec![Stretch::Rtf(rtf)]),
            None => contents.problems.push(casefile::Problem::new(
                "rtf-broken",
                "the body is compressed RTF that could not be unpacked",
            )),
        }
    }
    if let Some(best) = crate::eml::choose(renderings) {
        contents.body.extend(best);
    }
}
