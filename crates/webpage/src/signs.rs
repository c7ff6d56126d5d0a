//! What the class, id, role and style of an element say about its content.

use crate::tags::Name;

/// Not shown by a browser.
pub(crate) const HIDDEN: u8 = 1;
/// Surrounds the content: menus, notices, related links, comments.
pub(crate) const AROUND: u8 = 2;
/// Says of itself that it is the content.
pub(crate) const CONTENT: u8 = 4;
/// A table that is used to place things.
pub(crate) const LAYOUT: u8 = 8;
/// A note to the text.
pub(crate) const NOTE: u8 = 16;

/// Words of classes and ids that stand for what is around the content.
const WORDS_AROUND: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "footer",
    "sidebar",
    "sidenav",
    "comment",
    "comments",
    "commentlist",
    "respond",
    "disqus",
    "share",
    "sharing",
    "sharebar",
    "sharedaddy",
    "social",
    "addthis",
    "addtoany",
    "related",
    "relatedposts",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "promo",
    "promotion",
    "advert",
    "advertisement",
    "ads",
    "adsense",
    "sponsor",
    "sponsored",
    "newsletter",
    "subscribe",
    "subscription",
    "signup",
    "breadcrumb",
    "breadcrumbs",
    "popup",
    "modal",
    "overlay",
    "masthead",
    "pagination",
    "pager",
    "toolbar",
    "recommended",
    "recommendations",
    "trending",
    "popular",
    "outbrain",
    "taboola",
    "widget",
    "rail",
    "skip",
    "skiplink",
    "login",
    "tags",
    "taglist",
    "topics",
    "byline",
    "copyright",
    "legal",
    "announcement",
    "paywall",
    "teaser",
    "teasers",
    "carousel",
    "dropdown",
    "mostread",
    "readmore",
    "morestories",
    "infobox",
    "meta",
    "postmeta",
    "hatnote",
    "catlinks",
    "toc",
    "rating",
    "ratings",
    "reviews",
    "author",
    "authorbox",
    "bio",
    "print",
    "donate",
    "fundraising",
    "screenreader",
    "hidden",
    "sr",
];
const WORDS_CONTENT: &[&str] = &[
    "articlebody",
    "storybody",
    "entrycontent",
    "postcontent",
    "articlecontent",
    "articletext",
    "storycontent",
    "bodytext",
    "postbody",
    "pagecontent",
    "maincontent",
    "newsbody",
    "articletxt",
];

pub(crate) fn of<'a>(name: Name, attribute: &impl Fn(&str) -> Option<&'a str>, count: usize) -> u8 {
    let mut signs = match name {
        Name::Nav | Name::Footer | Name::Aside => AROUND,
        Name::Main => CONTENT,
        _ => 0,
    };
    if count == 0 {
        return signs;
    }
    if attribute("hidden").is_some() {
        signs |= HIDDEN;
    }
    if let Some(style) = attribute("style") {
        let style: String = style
            .chars()
            .take(500)
            .filter(|c| !c.is_whitespace())
            .collect();
        let style = style.to_ascii_lowercase();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            signs |= HIDDEN;
        }
    }
    match attribute("role") {
        Some(
            "navigation" | "banner" | "contentinfo" | "complementary" | "search" | "dialog"
            | "alertdialog" | "menu" | "menubar" | "toolbar",
        ) => signs |= AROUND,
        Some("main" | "article") => signs |= CONTENT,
        Some("presentation" | "none") if name == Name::Table => signs |= LAYOUT,
        Some("doc-footnote" | "doc-endnote") => signs |= NOTE,
        _ => {}
    }
    if attribute("itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("articleBody")) {
        signs |= CONTENT;
    }
    if matches!(
        name,
        Name::Body | Name::Html | Name::Main | Name::Article | Name::Inline | Name::Link
    ) {
        return signs;
    }
    for value in [attribute("class"), attribute("id")].into_iter().flatten() {
        signs |= words(value);
    }
    signs
}

/// Looks at each name, and at the words that it is made of.
fn words(value: &str) -> u8 {
    let mut signs = 0;
    let mut end = value.len().min(300);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    for whole in value
        .get(..end)
        .unwrap_or_default()
        .split_ascii_whitespace()
    {
        let joined: String = whole
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if WORDS_CONTENT.iter().any(|word| joined.contains(word)) {
            signs |= CONTENT;
            continue;
        }
        let mut word = String::new();
        let mut parts = 0;
        let mut around = false;
        let mut about_page = false;
        let mut check = |word: &mut String| {
            if !word.is_empty() {
                parts += 1;
                around |= WORDS_AROUND.contains(&word.as_str());
                // "has-sidebar", "no-comments", "with-nav": said of the page, not of a part.
                about_page |= matches!(
                    word.as_str(),
                    "has" | "no" | "with" | "without" | "page" | "layout" | "wrapper" | "container"
                );
                word.clear();
            }
        };
        let mut lower_before = false;
        for character in whole.chars() {
            if !character.is_ascii_alphanumeric()
                || (character.is_ascii_uppercase() && lower_before)
            {
                check(&mut word);
            }
            if character.is_ascii_alphanumeric() {
                word.push(character.to_ascii_lowercase());
            }
            lower_before = character.is_ascii_lowercase();
        }
        check(&mut word);
        around |= WORDS_AROUND.contains(&joined.as_str());
        if around && !about_page && parts <= 5 {
            signs |= AROUND;
        }
    }
    signs
}
