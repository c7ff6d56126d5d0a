//! A page as a flat record of what opens, what is said and what closes.
//!
//! The tokens come from html5ever; elements are matched here with the few rules of the HTML
//! standard that matter for text (implied ends of paragraphs, items, rows and cells). Everything
//! lies in flat vectors: nothing recurses, however deep a page nests.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::facts::Gathered;
use crate::signs;
use crate::tags::{Name, name};

/// Open elements that an end tag looks through for its own start.
const REACH: usize = 512;
/// Elements of one page.
const NODES: usize = 4_000_000;
/// Bytes of text of one page.
const TEXT: usize = 192 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Open(u32),
    Close(u32),
    /// A range of `Tree::text`, in bytes.
    Text(u32, u32),
    /// Alternative text of an image: a range as well.
    Alt(u32, u32),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) name: Name,
    pub(crate) parent: u32,
    /// What its class, id, role and style say of it.
    pub(crate) signs: u8,
}

#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) events: Vec<Event>,
    pub(crate) text: String,
    /// The page is larger than what is held; what came first is here.
    pub(crate) full: bool,
}

/// Builds the tree, token by token.
pub(crate) struct Builder {
    tokenizer: Tokenizer<Sink>,
    queue: BufferQueue,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let mut state = State::default();
        state.open_element(Name::Html, "html", 0);
        let options = TokenizerOpts {
            exact_errors: false,
            discard_bom: true,
            ..TokenizerOpts::default()
        };
        Self {
            tokenizer: Tokenizer::new(
                Sink {
                    state: RefCell::new(state),
                },
                options,
            ),
            queue: BufferQueue::default(),
        }
    }

    /// The next stretch of HTML. False when no more can be held.
    pub(crate) fn push(&mut self, html: &str) -> bool {
        let mut rest = html;
        while !rest.is_empty() {
            let mut end = rest.len().min(1 << 20);
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (now, later) = rest.split_at_checked(end).unwrap_or((rest, ""));
            self.queue.push_back(StrTendril::from_slice(now));
            let _ = self.tokenizer.feed(&self.queue);
            rest = later;
            if self.tokenizer.sink.state.borrow().tree.full {
                return false;
            }
        }
        true
    }

    pub(crate) fn finish(self) -> (Tree, Gathered) {
        self.tokenizer.end();
        let mut state = self.tokenizer.sink.state.into_inner();
        while let Some(open) = state.open.pop() {
            state.tree.events.push(Event::Close(open.node));
        }
        (state.tree, state.gathered)
    }
}

struct Sink {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    tree: Tree,
    gathered: Gathered,
    open: Vec<Open>,
    /// Open elements whose content is no text.
    dropped: u32,
}

struct Open {
    node: u32,
    name: Name,
    /// First letters of the tag's name, to match the end tag of elements without a meaning here.
    tag: [u8; 10],
}

fn short(tag: &str) -> [u8; 10] {
    let mut short = [0; 10];
    for (slot, byte) in short.iter_mut().zip(tag.bytes()) {
        *slot = byte;
    }
    short
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            Token::CommentToken(text) => state.gathered.comment(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let kind = name(&tag.name);
        let attribute = |wanted: &str| {
            tag.attrs
                .iter()
                .find(|attribute| &*attribute.name.local == wanted)
                .map(|attribute| &*attribute.value)
        };
        match kind {
            Name::Html => {
                self.gathered
                    .language(attribute("lang").or(attribute("xml:lang")));
                return TokenSinkResult::Continue;
            }
            Name::Meta => self.gathered.meta(&attribute),
            Name::LinkRelation => self.gathered.link(&attribute),
            Name::Base => self.gathered.base(attribute("href")),
            Name::Time => self.gathered.time(&attribute),
            _ => {}
        }
        if self.tree.nodes.len() >= NODES || self.tree.text.len() >= TEXT {
            self.tree.full = true;
            return TokenSinkResult::Continue;
        }
        self.imply_ends(kind);
        let signs = signs::of(kind, &attribute, tag.attrs.len());
        let node = self.open_element(kind, &tag.name, signs);
        match kind {
            Name::Image | Name::Area if self.dropped == 0 => {
                if let Some(alt) = attribute("alt") {
                    self.alternative(alt);
                }
            }
            Name::Input if self.dropped == 0 => {
                let typed = attribute("type").unwrap_or("text").to_ascii_lowercase();
                let value = attribute("value").unwrap_or_default();
                if !matches!(
                    typed.as_str(),
                    "hidden" | "password" | "checkbox" | "radio" | "image" | "file" | "submit"
                ) {
                    self.raw_text(" ");
                    self.raw_text(value);
                    self.raw_text(" ");
                }
            }
            _ => {}
        }
        let raw = match (kind, &*tag.name) {
            (Name::Script, _) => {
                self.gathered.script(attribute("type"));
                Some(RawKind::ScriptData)
            }
            (Name::Title, _) => {
                self.gathered.begin_title();
                Some(RawKind::Rcdata)
            }
            (_, "textarea") => Some(RawKind::Rcdata),
            (_, "style" | "iframe" | "xmp" | "noembed" | "noframes") => Some(RawKind::Rawtext),
            _ => None,
        };
        let empty = kind.is_void(&tag.name)
            // In XHTML and in drawings elements close themselves; in HTML the slash means nothing.
            || (tag.self_closing && !matches!(kind, Name::Inline | Name::Block | Name::Link | Name::Script | Name::Title) && raw.is_none())
            || (tag.self_closing && kind == Name::Inline);
        if empty {
            self.open.pop();
            self.tree.events.push(Event::Close(node));
            return TokenSinkResult::Continue;
        }
        if matches!(kind, Name::Dropped | Name::Script | Name::RubyParenthesis) {
            self.dropped += 1;
        }
        if &*tag.name == "plaintext" {
            return TokenSinkResult::Plaintext;
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn open_element(&mut self, name: Name, tag: &str, signs: u8) -> u32 {
        let node = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        let parent = self.open.last().map_or(0, |open| open.node);
        self.tree.nodes.push(Node {
            name,
            parent,
            signs,
        });
        self.tree.events.push(Event::Open(node));
        self.open.push(Open {
            node,
            name,
            tag: short(tag),
        });
        node
    }

    /// Start tags that end what stands before them.
    fn imply_ends(&mut self, kind: Name) {
        match kind {
            Name::Item => self.close_until(|name| name == Name::Item, |name| name == Name::List),
            Name::Term => self.close_until(|name| name == Name::Term, |name| name == Name::List),
            Name::Option => {
                self.close_until(|name| name == Name::Option, |name| name == Name::Select);
            }
            Name::Cell => self.close_until(
                |name| name == Name::Cell,
                |n| matches!(n, Name::Row | Name::Table),
            ),
            Name::Row => self.close_until(
                |name| name == Name::Row,
                |n| matches!(n, Name::RowGroup | Name::Table),
            ),
            Name::RowGroup => self.close_until(|name| name == Name::RowGroup, |n| n == Name::Table),
            Name::Body => self.close_until(|name| name == Name::Head, |_| false),
            _ => {}
        }
        let ends_paragraph = kind.is_block() && !matches!(kind, Name::Caption);
        if ends_paragraph {
            self.close_until(
                |name| name == Name::Paragraph,
                |name| name.is_block() && !matches!(name, Name::Paragraph),
            );
        }
        if matches!(kind, Name::Heading(_))
            && matches!(
                self.open.last(),
                Some(Open {
                    name: Name::Heading(_),
                    ..
                })
            )
        {
            self.close_one();
        }
    }

    /// Closes up to and with the nearest open element that is `wanted`, if none that `stops` lies
    /// between.
    fn close_until(&mut self, wanted: impl Fn(Name) -> bool, stops: impl Fn(Name) -> bool) {
        let within = self.open.iter().rev().take(REACH);
        for (depth, open) in (1..).zip(within) {
            if wanted(open.name) {
                for _ in 0_usize..depth {
                    self.close_one();
                }
                return;
            }
            if stops(open.name) {
                return;
            }
        }
    }

    fn close_one(&mut self) {
        if self.open.len() <= 1 {
            return;
        }
        if let Some(open) = self.open.pop() {
            if matches!(
                open.name,
                Name::Dropped | Name::Script | Name::RubyParenthesis
            ) {
                self.dropped = self.dropped.saturating_sub(1);
            }
            if open.name == Name::Title {
                self.gathered.end_title();
            }
            if open.name == Name::Script {
                self.gathered.end_script();
            }
            self.tree.events.push(Event::Close(open.node));
        }
    }

    fn end(&mut self, tag: &str) {
        let kind = name(tag);
        match kind {
            Name::Html | Name::Body => return,
            Name::Break => {
                // `</br>` is a line break for every browser.
                let node = self.open_element(Name::Break, "br", 0);
                self.open.pop();
                self.tree.events.push(Event::Close(node));
                return;
            }
            _ => {}
        }
        let tag = short(tag);
        for (depth, open) in (1..).zip(self.open.iter().rev().take(REACH)) {
            let same = open.tag == tag
                || matches!((open.name, kind), (Name::Heading(_), Name::Heading(_)));
            if same {
                for _ in 0_usize..depth {
                    self.close_one();
                }
                return;
            }
            // An inline end tag closes nothing outside its cell; nothing closes a table but itself.
            let barrier = matches!(open.name, Name::Cell | Name::Caption) && !kind.is_block();
            let table = open.name == Name::Table && !matches!(kind, Name::Table | Name::Body);
            if barrier || table {
                return;
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.gathered.takes_text() {
            self.gathered.text(text);
            return;
        }
        if self.dropped > 0 {
            return;
        }
        self.raw_text(text);
    }

    fn raw_text(&mut self, text: &str) {
        if let Some((from, to)) = self.range(text) {
            if let Some(Event::Text(_, end)) = self.tree.events.last_mut()
                && *end == from
            {
                *end = to;
                return;
            }
            self.tree.events.push(Event::Text(from, to));
        }
    }

    fn alternative(&mut self, alt: &str) {
        if alt.trim().is_empty() {
            return;
        }
        if let Some((from, to)) = self.range(alt) {
            self.tree.events.push(Event::Alt(from, to));
        }
    }

    fn range(&mut self, text: &str) -> Option<(u32, u32)> {
        if text.is_empty() {
            return None;
        }
        if self.tree.text.len() >= TEXT {
            self.tree.full = true;
            return None;
        }
        let from = u32::try_from(self.tree.text.len()).ok()?;
        self.tree.text.push_str(text);
        Some((from, u32::try_from(self.tree.text.len()).ok()?))
    }
}
