//! Which part of a page is its content.
//!
//! Each stretch of text between block boundaries is prose (long enough, few links) or clutter.
//! The content is the element for which prose less clutter is greatest, not counting what its
//! class, id or role puts aside; one pass over the events, sums carried to the parents. The idea
//! of text and link density is that of Kohlschütter et al., "Boilerplate Detection using Shallow
//! Text Features" (WSDM 2010); the maximum over subtrees is that of "maximum subsequence" content
//! extraction (Pasternack and Roth, WWW 2009).

use crate::signs::{AROUND, CONTENT, HIDDEN};
use crate::tags::Name;
use crate::tree::{Event, Tree};

/// For each element, whether its own text is part of the content.
pub(crate) struct Content {
    main: Vec<bool>,
}

impl Content {
    /// All of the page is its content.
    pub(crate) fn everything(tree: &Tree) -> Self {
        let mut main = vec![true; tree.nodes.len()];
        for at in 0..tree.nodes.len() {
            let Some(node) = tree.nodes.get(at) else {
                break;
            };
            let inside = at == 0 || main.get(node.parent as usize).copied().unwrap_or(true);
            if let Some(slot) = main.get_mut(at) {
                *slot = inside && node.signs & HIDDEN == 0;
            }
        }
        Self { main }
    }

    pub(crate) fn is_main(&self, node: u32) -> bool {
        self.main.get(node as usize).copied().unwrap_or(false)
    }

    pub(crate) fn find(tree: &Tree) -> Self {
        let sums = Sums::of(tree, true);
        // If nearly all prose is put aside, its signs mislead: a page whose wrapper is called
        // "widget", or a comment page.
        let all = Sums::of(tree, false);
        let with_signs = sums.total() * 4 >= all.total();
        let sums = if with_signs { sums } else { all };
        let Some(best) = sums.best(tree) else {
            let aside = aside(tree, with_signs);
            return Self {
                main: aside.into_iter().map(|aside| !aside).collect(),
            };
        };
        let aside = aside(tree, with_signs);
        let last = sums.last_prose(tree, best);
        let mut main = vec![false; tree.nodes.len()];
        for at in best..tree.nodes.len() {
            let parent = tree.nodes.get(at).map_or(0, |node| node.parent as usize);
            let inside =
                at == best || (parent >= best && main.get(parent).copied().unwrap_or(false));
            if let Some(slot) = main.get_mut(at) {
                let out = aside.get(at).copied().unwrap_or(false)
                    || sums.is_links(tree, at)
                    || (at > last
                        && tree
                            .nodes
                            .get(at)
                            .is_some_and(|n| matches!(n.name, Name::Heading(_))));
                *slot = inside && (at == best || !out);
            }
        }
        Self { main }
    }
}

/// Elements that are, or lie in, something that is not the content.
fn aside(tree: &Tree, with_signs: bool) -> Vec<bool> {
    let mut aside = vec![false; tree.nodes.len()];
    let mut in_article = vec![false; tree.nodes.len()];
    for (at, node) in tree.nodes.iter().enumerate() {
        let parent = node.parent as usize;
        let (above, article) = if at == 0 {
            (false, false)
        } else {
            (
                aside.get(parent).copied().unwrap_or(false),
                in_article.get(parent).copied().unwrap_or(false),
            )
        };
        let banner = node.name == Name::Header && !article;
        let signs = node.signs;
        let own = signs & HIDDEN != 0
            || (with_signs && signs & AROUND != 0 && signs & CONTENT == 0)
            || (with_signs && banner)
            || matches!(node.name, Name::Button | Name::Select | Name::Option);
        if let Some(slot) = aside.get_mut(at) {
            *slot = above || own;
        }
        if let Some(slot) = in_article.get_mut(at) {
            *slot =
                article || matches!(node.name, Name::Article | Name::Main) || signs & CONTENT != 0;
        }
    }
    aside
}

/// Prose and clutter below each element, in weighted characters.
struct Sums {
    prose: Vec<u32>,
    clutter: Vec<u32>,
    /// All characters, and those within links.
    chars: Vec<u32>,
    linked: Vec<u32>,
}

impl Sums {
    fn of(tree: &Tree, with_signs: bool) -> Self {
        let count = tree.nodes.len();
        let mut sums = Self {
            prose: vec![0; count],
            clutter: vec![0; count],
            chars: vec![0; count],
            linked: vec![0; count],
        };
        let aside = aside(tree, with_signs);
        let mut blocks = Blocks {
            node: 0,
            chars: 0,
            linked: 0,
            stops: 0,
        };
        // Elements that are open, with whether they are links.
        let mut links = 0_u32;
        let mut at_node = 0_u32;
        for event in &tree.events {
            match *event {
                Event::Open(node) => {
                    let name = tree
                        .nodes
                        .get(node as usize)
                        .map_or(Name::Inline, |n| n.name);
                    if name.is_block() {
                        blocks.end(&mut sums, &aside, tree);
                        blocks.node = node;
                    }
                    links += u32::from(name == Name::Link);
                    at_node = node;
                }
                Event::Close(node) => {
                    let found = tree.nodes.get(node as usize);
                    let name = found.map_or(Name::Inline, |n| n.name);
                    let parent = found.map_or(0, |n| n.parent);
                    if name.is_block() {
                        blocks.end(&mut sums, &aside, tree);
                        blocks.node = parent;
                    }
                    links -= u32::from(name == Name::Link).min(links);
                    at_node = parent;
                }
                Event::Text(from, to) => {
                    if aside.get(at_node as usize).copied().unwrap_or(false) {
                        continue;
                    }
                    let text = tree
                        .text
                        .get(from as usize..to as usize)
                        .unwrap_or_default();
                    let (chars, stops) = weigh(text);
                    blocks.chars += chars;
                    blocks.stops += stops;
                    if links > 0 {
                        blocks.linked += chars;
                    }
                }
                Event::Alt(..) => {}
            }
        }
        blocks.end(&mut sums, &aside, tree);
        // Children stand after their parents: one pass backwards carries all sums up.
        for at in (1..count).rev() {
            let parent = tree.nodes.get(at).map_or(0, |node| node.parent as usize);
            for sums in [
                &mut sums.prose,
                &mut sums.clutter,
                &mut sums.chars,
                &mut sums.linked,
            ] {
                let value = sums.get(at).copied().unwrap_or(0);
                if let Some(slot) = sums.get_mut(parent) {
                    *slot = slot.saturating_add(value);
                }
            }
        }
        sums
    }

    /// A list or line that is mostly links: where to go next, not what is said here.
    fn is_links(&self, tree: &Tree, at: usize) -> bool {
        let name = tree.nodes.get(at).map_or(Name::Inline, |node| node.name);
        let chars = self.chars.get(at).copied().unwrap_or(0);
        let linked = self.linked.get(at).copied().unwrap_or(0);
        name.is_block()
            && !matches!(
                name,
                Name::Heading(_) | Name::Cell | Name::Row | Name::RowGroup
            )
            && u64::from(linked) * 10 > u64::from(chars) * 6
    }

    /// The last element in the content that has prose of its own.
    fn last_prose(&self, tree: &Tree, best: usize) -> usize {
        let mut end = best;
        let mut inside = vec![false; tree.nodes.len()];
        for at in best..tree.nodes.len() {
            let parent = tree.nodes.get(at).map_or(0, |node| node.parent as usize);
            let within = at == best || (parent >= best && inside.get(parent) == Some(&true));
            if let Some(slot) = inside.get_mut(at) {
                *slot = within;
            }
            let name = tree.nodes.get(at).map_or(Name::Inline, |node| node.name);
            let prose = self.prose.get(at).copied().unwrap_or(0);
            if within && prose > 0 && !matches!(name, Name::Heading(_)) {
                end = at;
            }
        }
        end
    }

    fn total(&self) -> u32 {
        self.prose.first().copied().unwrap_or(0)
    }

    /// The element with most prose after what clutter costs.
    fn best(&self, tree: &Tree) -> Option<usize> {
        let mut best: Option<(i64, usize)> = None;
        for (at, node) in tree.nodes.iter().enumerate() {
            let prose = i64::from(self.prose.get(at).copied().unwrap_or(0));
            let clutter = i64::from(self.clutter.get(at).copied().unwrap_or(0));
            if prose < 140 || node.signs & HIDDEN != 0 {
                continue;
            }
            let mut value = prose - clutter;
            if matches!(node.name, Name::Article | Name::Main) || node.signs & CONTENT != 0 {
                value += prose / 8;
            }
            // At equal value the inner element is the more exact one.
            if best.is_none_or(|(most, _)| value >= most) {
                best = Some((value, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// The stretch of text that is being measured.
struct Blocks {
    node: u32,
    chars: u32,
    linked: u32,
    stops: u32,
}

impl Blocks {
    fn end(&mut self, sums: &mut Sums, aside: &[bool], tree: &Tree) {
        let (chars, linked, stops) = (self.chars, self.linked, self.stops);
        (self.chars, self.linked, self.stops) = (0, 0, 0);
        let at = self.node as usize;
        if chars == 0 || aside.get(at).copied().unwrap_or(false) {
            return;
        }
        let name = tree.nodes.get(at).map_or(Name::Inline, |node| node.name);
        let prose = matches!(name, Name::Heading(_)) && linked == 0;
        let (good, bad) = if prose {
            (chars / 2, 0)
        } else if is_prose(chars, linked, stops, name) {
            (chars - linked / 2, 0)
        } else {
            // Words that are no sentence cost little; links cost more.
            (0, linked + (chars - linked.min(chars)) / 3 + 4)
        };
        for (sums, value) in [(&mut sums.chars, chars), (&mut sums.linked, linked)] {
            if let Some(slot) = sums.get_mut(at) {
                *slot = slot.saturating_add(value);
            }
        }
        if let Some(slot) = sums.prose.get_mut(at) {
            *slot = slot.saturating_add(good);
        }
        if let Some(slot) = sums.clutter.get_mut(at) {
            *slot = slot.saturating_add(bad);
        }
    }
}

/// A sentence or more, mostly not links.
fn is_prose(chars: u32, linked: u32, stops: u32, name: Name) -> bool {
    let long = match name {
        Name::Paragraph | Name::Quote | Name::Preformatted => 25,
        Name::Item | Name::Term | Name::Cell | Name::Caption => 60,
        _ => 50,
    };
    linked * 2 < chars && (chars >= 160 || (chars >= long && (stops > 0 || chars >= 100)))
}

/// Characters that say something, Han, kana and Hangul for more than one; and marks that end
/// sentences or part them.
fn weigh(text: &str) -> (u32, u32) {
    let (mut chars, mut stops) = (0_u32, 0_u32);
    for character in text.chars() {
        match character {
            ' ' | '\t' | '\n' | '\r' | '\u{a0}' => {}
            '.' | ',' | '?' | '!' | ';' => {
                stops += 1;
                chars += 1;
            }
            '。' | '，' | '、' | '？' | '！' => {
                stops += 1;
                chars += 2;
            }
            '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
                chars += 3
            }
            _ => chars += 1,
        }
    }
    // Spaces between words belong to the text as well.
    (chars + chars / 6, stops)
}
