//! The elements that mean something for the text of a page.

/// An element's name, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// Flows in its line.
    Inline,
    /// Stands on lines of its own.
    Block,
    Html,
    Head,
    Body,
    Paragraph,
    Heading(u8),
    Item,
    List,
    Term,
    Quote,
    Preformatted,
    Table,
    RowGroup,
    Row,
    Cell,
    Caption,
    Article,
    Main,
    Section,
    Nav,
    Header,
    Footer,
    Aside,
    Link,
    Break,
    Rule,
    Image,
    Input,
    Button,
    Select,
    Option,
    Title,
    Meta,
    LinkRelation,
    Base,
    Script,
    /// Its content is no text of the page (style, template, iframe, object).
    Dropped,
    Raw,
    RubyText,
    RubyParenthesis,
    Time,
    Area,
}

pub(crate) fn name(tag: &str) -> Name {
    match tag {
        "html" => Name::Html,
        "head" => Name::Head,
        "body" => Name::Body,
        "p" => Name::Paragraph,
        "h1" => Name::Heading(1),
        "h2" => Name::Heading(2),
        "h3" => Name::Heading(3),
        "h4" => Name::Heading(4),
        "h5" => Name::Heading(5),
        "h6" => Name::Heading(6),
        "li" => Name::Item,
        "ul" | "ol" | "menu" | "dir" => Name::List,
        "dt" | "dd" => Name::Term,
        "blockquote" => Name::Quote,
        "pre" | "listing" => Name::Preformatted,
        "textarea" | "xmp" | "plaintext" => Name::Raw,
        "table" => Name::Table,
        "thead" | "tbody" | "tfoot" => Name::RowGroup,
        "tr" => Name::Row,
        "td" | "th" => Name::Cell,
        "caption" | "figcaption" => Name::Caption,
        "article" => Name::Article,
        "main" => Name::Main,
        "section" => Name::Section,
        "nav" => Name::Nav,
        "header" => Name::Header,
        "footer" => Name::Footer,
        "aside" => Name::Aside,
        "a" => Name::Link,
        "br" => Name::Break,
        "hr" => Name::Rule,
        "img" => Name::Image,
        "area" => Name::Area,
        "input" => Name::Input,
        "button" => Name::Button,
        "select" => Name::Select,
        "option" => Name::Option,
        "title" => Name::Title,
        "meta" => Name::Meta,
        "link" => Name::LinkRelation,
        "base" => Name::Base,
        "script" => Name::Script,
        "style" | "template" | "iframe" | "object" | "noembed" | "noframes" | "canvas"
        | "audio" | "video" | "applet" | "math-annotation" => Name::Dropped,
        "rt" => Name::RubyText,
        "rp" => Name::RubyParenthesis,
        "time" => Name::Time,
        "div" | "address" | "center" | "dl" | "fieldset" | "form" | "figure" | "hgroup"
        | "legend" | "details" | "summary" | "dialog" | "optgroup" | "noscript" | "frameset"
        | "search" | "colgroup" | "o:p-block" => Name::Block,
        _ => Name::Inline,
    }
}

impl Name {
    /// Elements that have no content.
    pub(crate) fn is_void(self, tag: &str) -> bool {
        matches!(
            self,
            Self::Break
                | Self::Rule
                | Self::Image
                | Self::Input
                | Self::Meta
                | Self::LinkRelation
                | Self::Base
                | Self::Area
        ) || matches!(
            tag,
            "col"
                | "embed"
                | "param"
                | "source"
                | "track"
                | "wbr"
                | "keygen"
                | "basefont"
                | "bgsound"
                | "frame"
        )
    }

    /// Elements that begin and end lines.
    pub(crate) fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Inline
                | Self::Link
                | Self::Break
                | Self::Image
                | Self::Input
                | Self::Button
                | Self::Select
                | Self::Option
                | Self::Meta
                | Self::LinkRelation
                | Self::Base
                | Self::Script
                | Self::Dropped
                | Self::RubyText
                | Self::RubyParenthesis
                | Self::Time
                | Self::Area
                | Self::Title
                | Self::Raw
        )
    }
}
