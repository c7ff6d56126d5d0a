//! Text of a message: head lines, plain text as it was set, HTML.

use casefile::{BlockKind, TextBuilder};

use crate::members::{Halt, Members};

/// A stretch of a message's body.
#[derive(Debug, Clone)]
pub(crate) enum Stretch {
    /// Plain text; `flowed` and `delsp` as in RFC 3676.
    Plain {
        text: String,
        flowed: bool,
        delsp: bool,
    },
    Html(String),
    /// RTF, decompressed.
    Rtf(Vec<u8>),
    /// Words of this program's own about a part that is not text (where an external body is).
    Note(String),
}

impl Stretch {
    /// Visible characters, about: to tell which of two renderings says more.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Plain { text, .. } | Self::Note(text) => {
                text.chars().filter(|c| !c.is_whitespace()).count()
            }
            Self::Html(html) => visible(html),
            Self::Rtf(rtf) => rtf.len() / 4,
        }
    }

    pub(crate) const fn is_html(&self) -> bool {
        matches!(self, Self::Html(_))
    }
}

/// Characters of an HTML text outside tags, styles and scripts, without white space.
fn visible(html: &str) -> usize {
    let html = html.to_ascii_lowercase();
    let mut count = 0;
    let mut rest = &html[..];
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        count += weigh(text);
        let end = match tag {
            _ if tag.starts_with("<style") => "</style>",
            _ if tag.starts_with("<script") => "</script>",
            _ if tag.starts_with("<!--") => "-->",
            _ => ">",
        };
        rest = match tag.find(end) {
            Some(at) => tag.get(at + end.len()..).unwrap_or(""),
            None => return count,
        };
    }
    count + weigh(rest)
}

fn weigh(text: &str) -> usize {
    let mut entity = false;
    let mut count = 0;
    for c in text.chars() {
        match c {
            '&' => entity = true,
            ';' if entity => {
                entity = false;
                count += 1;
            }
            c if c.is_whitespace() => entity = false,
            _ if entity => {}
            _ => count += 1,
        }
    }
    count
}

/// A section is handed over when it is this long.
const SECTION: u32 = 1_000_000;

/// Head lines, as a mail program shows them.
pub(crate) fn push_head(builder: &mut TextBuilder, label: &str, value: &str) {
    let value = crate::header::one_line(value);
    if !value.is_empty() {
        builder.block(BlockKind::Margin, true, &format!("{label}: {value}"));
    }
}

/// The gap between head and body.
pub(crate) fn end_head(builder: &mut TextBuilder) {
    if !builder.is_blank() {
        builder.push("\n");
    }
}

pub(crate) fn push(
    builder: &mut TextBuilder,
    stretch: &Stretch,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    match stretch {
        Stretch::Plain {
            text,
            flowed: true,
            delsp,
        } => push_plain(builder, &unflow(text, *delsp), members),
        Stretch::Plain { text, .. } | Stretch::Note(text) => push_plain(builder, text, members),
        Stretch::Html(html) => {
            crate::html::push(html, builder);
            Ok(())
        }
        Stretch::Rtf(rtf) => {
            crate::html::push_rtf(rtf, builder);
            Ok(())
        }
    }
}

/// Plain text: paragraphs are what empty lines part; line breaks inside them stay.
pub(crate) fn push_plain(
    builder: &mut TextBuilder,
    text: &str,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let mut open = false;
    let mut in_block = 0_usize;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after
            .strip_prefix("\r\n")
            .or_else(|| after.get(1..))
            .unwrap_or("");
        let line = line.trim_end();
        if line.is_empty() {
            builder.end();
            open = false;
        } else {
            if open {
                builder.push("\n");
            } else {
                builder.begin(BlockKind::Paragraph, true);
                open = true;
                in_block = 0;
            }
            builder.push(line);
            in_block += line.len();
        }
        if builder.chars() > SECTION && (!open || in_block > 100_000) {
            builder.end();
            open = false;
            members.section(builder.take_section())?;
        }
    }
    builder.end();
    Ok(())
}

/// Joins the soft line breaks of `format=flowed` (RFC 3676 section 4).
fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Depth of quoting of the paragraph that is open.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|&b| b == b'>').count();
        let content = line.get(depth..).unwrap_or("");
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open.is_some_and(|before| before != depth || signature) {
            out.push('\n');
            open = None;
        }
        if open.is_none() && depth > 0 {
            out.extend(std::iter::repeat_n('>', depth));
            out.push(' ');
        }
        if content.ends_with(' ') && !signature {
            out.push_str(if delsp {
                content.strip_suffix(' ').unwrap_or(content)
            } else {
                content
            });
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_text_is_joined() {
        assert_eq!(
            unflow("one \ntwo\n\n>quo \n>ted\n> >x\n-- \nKim\n", false),
            "one two\n\n> quoted\n> >x\n-- \nKim\n".replace("quoted", "quo ted")
        );
        assert_eq!(unflow("탈북 \n자\n", true), "탈북자\n");
    }

    #[test]
    fn html_is_weighed_by_what_is_seen() {
        let html = "<html><STYLE>p {x}</STYLE><p>Hello&nbsp;<b>you</b><!-- no -->";
        assert_eq!(Stretch::Html(html.into()).weight(), 9);
    }
}
