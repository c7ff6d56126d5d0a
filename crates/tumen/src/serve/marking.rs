//! The text of a document with its marks: what was searched for, what carries a statement, and the
//! words of the one that is looked at. Spans overlap as they like; the text is cut where any of
//! them begins or ends, and each piece says what it belongs to.

use casefile::{Block, BlockKind, Span};
use maud::{Markup, html};

/// One thing to mark, in characters of the section.
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What a mark is.
pub(crate) enum Kind {
    /// What was searched for.
    Hit,
    /// The trigger of a statement.
    Trigger {
        /// `s_…`.
        statement: String,
        /// Opens the statement beside the text.
        link: String,
        /// What it claims, for whoever does not see the panel.
        claim: String,
        /// Told as a fact; all else looks different.
        fact: bool,
        /// The statement that is looked at.
        chosen: bool,
    },
    /// The sentence of the statement that is looked at.
    Quote,
    /// The part that words play in it: `who`, `how many` …
    Role(&'static str),
}

/// The section's text as blocks. `marks` in the order of their starts.
pub(crate) fn text(chars: &[char], blocks: &[Block], marks: &[Mark]) -> Markup {
    let whole = u32::try_from(chars.len()).unwrap_or(u32::MAX);
    let one = [Block {
        kind: BlockKind::Paragraph,
        span: Span::new(0, whole),
        main: true,
    }];
    let blocks = if blocks.is_empty() { &one } else { blocks };
    let mut next = 0;
    let mut live: Vec<&Mark> = Vec::new();
    let mut drawn = Vec::with_capacity(blocks.len());
    for one in blocks {
        while let Some(mark) = marks
            .get(next)
            .filter(|mark| mark.span.start < one.span.end)
        {
            live.push(mark);
            next += 1;
        }
        live.retain(|mark| mark.span.end > one.span.start);
        drawn.push(block(chars, one, &live));
    }
    html! { @for one in &drawn { (one) } }
}

fn block(chars: &[char], block: &Block, marks: &[&Mark]) -> Markup {
    let inner = stretch(chars, block.span, marks);
    match block.kind {
        BlockKind::Heading(1 | 2) => html! { h2 { (inner) } },
        BlockKind::Heading(_) => html! { h3 { (inner) } },
        BlockKind::Margin | BlockKind::Footnote | BlockKind::Caption => {
            html! { p.aside { (inner) } }
        }
        BlockKind::ListItem => html! { p { "• " (inner) } },
        _ if !block.main => html! { p.aside { (inner) } },
        _ => html! { p { (inner) } },
    }
}

/// The words of `span`, cut where a mark begins or ends.
fn stretch(chars: &[char], span: Span, marks: &[&Mark]) -> Markup {
    let marks: Vec<&Mark> = marks
        .iter()
        .copied()
        .filter(|mark| mark.span.overlaps(span))
        .collect();
    let mut cuts = vec![span.start, span.end];
    for mark in &marks {
        cuts.extend([mark.span.start.max(span.start), mark.span.end.min(span.end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut next = 0;
    let mut live: Vec<&Mark> = Vec::new();
    let mut pieces = Vec::with_capacity(cuts.len());
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        while let Some(mark) = marks.get(next).filter(|mark| mark.span.start <= *from) {
            live.push(mark);
            next += 1;
        }
        live.retain(|mark| mark.span.end > *from);
        let words: String = chars
            .get(*from as usize..*to as usize)
            .unwrap_or_default()
            .iter()
            .collect();
        pieces.push(piece(&words, Span::new(*from, *to), &live));
    }
    html! { @for one in &pieces { (one) } }
}

fn piece(words: &str, span: Span, marks: &[&Mark]) -> Markup {
    let mut inner = html! { (words) };
    let mut others = Vec::new();
    let mut linked = false;
    // The chosen statement's trigger comes first, then those that begin here.
    let mut triggers: Vec<&&Mark> = marks
        .iter()
        .filter(|mark| matches!(mark.kind, Kind::Trigger { .. }))
        .collect();
    triggers.sort_by_key(|mark| {
        let chosen = matches!(mark.kind, Kind::Trigger { chosen: true, .. });
        (!chosen, mark.span.start != span.start)
    });
    for mark in triggers {
        let Kind::Trigger {
            statement,
            link,
            claim,
            fact,
            chosen,
        } = &mark.kind
        else {
            continue;
        };
        let begins = mark.span.start == span.start;
        let id = begins.then(|| format!("t-{statement}"));
        if linked {
            if begins {
                others.push(html! {
                    a.more id=[id] href=(link) title=(claim) aria-label=(format!("Also states: {claim}")) { "+" }
                });
            }
            continue;
        }
        linked = true;
        let class = match (fact, chosen) {
            (true, true) => "trigger fact chosen",
            (true, false) => "trigger fact",
            (false, true) => "trigger guard chosen",
            (false, false) => "trigger guard",
        };
        inner = html! { a class=(class) id=[id] href=(link) title=(claim) data-s=(statement) { (inner) } };
    }
    for mark in marks {
        match &mark.kind {
            Kind::Role(role) => {
                let ends = mark.span.end == span.end;
                inner = html! { span.role data-role=[ends.then_some(*role)] { (inner) } };
            }
            Kind::Hit => {
                let begins = mark.span.start == span.start;
                inner = html! { mark tabindex=[begins.then_some("-1")] { (inner) } };
            }
            Kind::Quote | Kind::Trigger { .. } => {}
        }
    }
    if marks.iter().any(|mark| matches!(mark.kind, Kind::Quote)) {
        inner = html! { span.quoted { (inner) } };
    }
    html! { (inner) @for other in &others { (other) } }
}
