//! What a page states about itself.

use casefile::{Field, Metadatum};
use serde_json::Value;

use crate::dates;

/// Facts of one kind that are kept; a page with thousands of tags is no library.
const MOST: usize = 400;
/// Bytes of structured data that are looked at.
const SCRIPT: usize = 1 << 20;

/// What was met while the page was read.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) title: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) metadata: Vec<Metadatum>,
    pub(crate) base: Option<String>,
    collecting: Option<(Collecting, String)>,
    times: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collecting {
    Title,
    JsonLd,
}

impl Gathered {
    pub(crate) fn takes_text(&self) -> bool {
        self.collecting.is_some()
    }

    pub(crate) fn text(&mut self, text: &str) {
        if let Some((_, so_far)) = &mut self.collecting
            && so_far.len() < SCRIPT
        {
            so_far.push_str(text);
        }
    }

    pub(crate) fn begin_title(&mut self) {
        self.collecting = Some((Collecting::Title, String::new()));
    }

    pub(crate) fn end_title(&mut self) {
        if let Some((Collecting::Title, text)) = self.collecting.take() {
            let title = flat(&text);
            // Drawings have titles of their own: the first is the page's.
            if self.title.is_none() && !title.is_empty() {
                self.title = Some(title);
            }
        }
    }

    pub(crate) fn script(&mut self, kind: Option<&str>) {
        if kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json")) {
            self.collecting = Some((Collecting::JsonLd, String::new()));
        }
    }

    pub(crate) fn end_script(&mut self) {
        if let Some((Collecting::JsonLd, text)) = self.collecting.take() {
            let text = text
                .trim()
                .trim_start_matches("<!--")
                .trim_end_matches("-->");
            let text = text
                .trim()
                .trim_start_matches("//<![CDATA[")
                .trim_end_matches("//]]>");
            if let Ok(value) = serde_json::from_str::<Value>(text) {
                self.linked_data(&value);
            }
        }
    }

    pub(crate) fn language(&mut self, language: Option<&str>) {
        if let Some(language) = language
            .map(str::trim)
            .filter(|l| !l.is_empty() && l.len() < 40)
            && self.language.is_none()
        {
            self.language = Some(language.to_owned());
        }
    }

    pub(crate) fn base(&mut self, href: Option<&str>) {
        if let Some(href) = href.filter(|href| is_address(href))
            && self.base.is_none()
        {
            self.base = Some(href.trim().to_owned());
            self.keep(Field::Url, href, "HTML base href");
        }
    }

    pub(crate) fn link<'a>(&mut self, attribute: &impl Fn(&str) -> Option<&'a str>) {
        let canonical = attribute("rel").is_some_and(|rel| {
            rel.split_ascii_whitespace()
                .any(|word| word.eq_ignore_ascii_case("canonical"))
        });
        if let Some(href) = attribute("href").filter(|href| canonical && is_address(href)) {
            self.keep(Field::Url, href, "HTML link canonical");
        }
    }

    pub(crate) fn time<'a>(&mut self, attribute: &impl Fn(&str) -> Option<&'a str>) {
        let Some(value) = attribute("datetime").and_then(dates::rfc3339) else {
            return;
        };
        let said = |word: &str| {
            ["itemprop", "class", "property"]
                .iter()
                .filter_map(|name| attribute(name))
                .any(|value| value.to_ascii_lowercase().contains(word))
        };
        let published = attribute("pubdate").is_some() || said("publish") || said("created");
        let field = if said("modif") || said("updated") {
            Field::Modified
        } else if published {
            Field::Published
        } else {
            Field::Other
        };
        self.times += 1;
        if self.times <= 8 {
            self.keep(field, &value, "HTML time datetime");
        }
    }

    /// The comment that browsers leave in saved pages.
    pub(crate) fn comment(&mut self, text: &str) {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("saved from url=(") {
            let address = rest.split_once(')').map_or("", |(_, address)| address);
            if is_address(address) {
                self.keep(Field::Url, address, "HTML comment saved from url");
            }
        }
        for (mark, field) in [("url:", Field::Url), ("saved date:", Field::Captured)] {
            // The form of the SingleFile extension.
            if text.starts_with("Page saved with SingleFile")
                && let Some(line) = text.lines().find_map(|line| line.trim().strip_prefix(mark))
            {
                let value = line.trim();
                let date = dates::rfc3339(value.split(" GMT").next().unwrap_or(value));
                self.keep(
                    field,
                    date.as_deref().unwrap_or(value),
                    "HTML comment SingleFile",
                );
            }
        }
    }

    pub(crate) fn meta<'a>(&mut self, attribute: &impl Fn(&str) -> Option<&'a str>) {
        let Some(content) = attribute("content") else {
            return;
        };
        let named = ["property", "name", "itemprop", "http-equiv"];
        let Some(name) = named.iter().find_map(|&name| attribute(name)) else {
            return;
        };
        let lower = name.trim().to_ascii_lowercase();
        let field = match lower.as_str() {
            "og:title" | "twitter:title" | "dc.title" | "dcterms.title" | "citation_title"
            | "headline" | "parsely-title" | "sailthru.title" => Field::Title,
            "author" | "article:author" | "dc.creator" | "dcterms.creator" | "citation_author"
            | "byl" | "parsely-author" | "sailthru.author" | "dc.contributor"
            | "og:article:author" => Field::Author,
            "og:site_name"
            | "publisher"
            | "article:publisher"
            | "dc.publisher"
            | "dcterms.publisher"
            | "citation_publisher"
            | "citation_journal_title" => Field::Publisher,
            "description"
            | "og:description"
            | "dc.description"
            | "dcterms.description"
            | "twitter:description"
            | "dcterms.abstract" => Field::Description,
            "keywords" | "news_keywords" | "article:tag" | "citation_keywords" => Field::Keywords,
            "dc.subject" | "dcterms.subject" | "article:section" | "subject" => Field::Subject,
            "article:published_time"
            | "og:published_time"
            | "datepublished"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.date"
            | "dcterms.issued"
            | "dcterms.created"
            | "dc.date.created"
            | "citation_publication_date"
            | "citation_date"
            | "citation_online_date"
            | "date"
            | "pubdate"
            | "publishdate"
            | "publish-date"
            | "publish_date"
            | "parsely-pub-date"
            | "sailthru.date"
            | "ptime"
            | "originalpublicationdate"
            | "article_date_original"
            | "cxenseparse:recs:publishtime"
            | "og:article:published_time" => Field::Published,
            "article:modified_time"
            | "og:updated_time"
            | "datemodified"
            | "last-modified"
            | "lastmod"
            | "dcterms.modified"
            | "dc.date.modified"
            | "revised" => Field::Modified,
            "og:url"
            | "twitter:url"
            | "citation_public_url"
            | "citation_abstract_html_url"
            | "dc.identifier"
                if is_address(content) =>
            {
                Field::Url
            }
            "generator" => Field::Software,
            "content-language" | "dc.language" | "dcterms.language" | "language" | "og:locale" => {
                Field::Language
            }
            "geo.position" | "icbm" => Field::Position,
            _ => return,
        };
        let from = format!("HTML meta {}", name.trim());
        let dated = matches!(field, Field::Published | Field::Modified);
        match dates::rfc3339(content).filter(|_| dated) {
            Some(date) => self.keep(field, &date, &from),
            None if field == Field::Position => {
                self.keep(field, &content.replace(';', ", "), &from)
            }
            None => self.keep(field, &flat(content), &from),
        }
    }

    /// JSON-LD with the words of schema.org, without recursion: a list of what is still to see.
    fn linked_data(&mut self, value: &Value) {
        let mut waiting = vec![value];
        let mut seen = 0;
        while let Some(value) = waiting.pop() {
            seen += 1;
            if seen > 5_000 {
                return;
            }
            match value {
                Value::Array(all) => waiting.extend(all.iter().rev()),
                Value::Object(object) => {
                    for nested in ["@graph", "mainEntity", "mainEntityOfPage"] {
                        waiting.extend(object.get(nested));
                    }
                    let kind = match object.get("@type") {
                        Some(Value::String(kind)) => kind.clone(),
                        Some(Value::Array(kinds)) => kinds
                            .iter()
                            .filter_map(Value::as_str)
                            .collect::<Vec<_>>()
                            .join(" "),
                        _ => String::new(),
                    };
                    let about_text = [
                        "Article",
                        "Posting",
                        "Report",
                        "Page",
                        "CreativeWork",
                        "Book",
                        "Event",
                        "Legislation",
                    ];
                    if !about_text.iter().any(|word| kind.contains(word)) {
                        continue;
                    }
                    for (key, field) in [
                        ("headline", Field::Title),
                        ("author", Field::Author),
                        ("creator", Field::Author),
                        ("publisher", Field::Publisher),
                        ("datePublished", Field::Published),
                        ("dateModified", Field::Modified),
                        ("dateCreated", Field::Created),
                        ("description", Field::Description),
                        ("keywords", Field::Keywords),
                        ("inLanguage", Field::Language),
                        ("url", Field::Url),
                    ] {
                        for text in object.get(key).into_iter().flat_map(names) {
                            let dated = key.starts_with("date");
                            let text = dates::rfc3339(&text).filter(|_| dated).unwrap_or(text);
                            if field != Field::Url || is_address(&text) {
                                self.keep(field, &text, &format!("JSON-LD {key}"));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn keep(&mut self, field: Field, value: &str, from: &str) {
        let value = value.trim();
        if value.is_empty() || value.len() > 20_000 || self.metadata.len() >= MOST {
            return;
        }
        let new = Metadatum::new(field, value, from);
        if !self.metadata.contains(&new) {
            self.metadata.push(new);
        }
    }
}

/// A name, or the names of persons and organisations.
fn names(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(flat(text)),
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(flat),
        _ => None,
    };
    match value {
        Value::Array(all) => all.iter().take(40).filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

/// One line without needless space.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    text.len() < 4_000
        && ["http://", "https://", "ftp://", "file://"]
            .iter()
            .any(|scheme| {
                text.get(..scheme.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            })
}
