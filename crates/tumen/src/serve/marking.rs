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

#[cfg(test)]
mod tests {
    use super::{Kind, Mark, text};
    use casefile::{Block, BlockKind, Span};
    use expect_test::{Expect, expect};

    fn trigger(span: Span, statement: &str, chosen: bool) -> Mark {
        Mark {
            span,
            kind: Kind::Trigger {
                statement: statement.to_owned(),
                link: format!("?s={statement}#t-{statement}"),
                claim: "Detention".to_owned(),
                fact: true,
                chosen,
            },
        }
    }

    fn check_marked(words: &str, blocks: &[(u32, u32)], mut marks: Vec<Mark>, expected: &Expect) {
        let chars: Vec<char> = words.chars().collect();
        let blocks: Vec<Block> = blocks
            .iter()
            .map(|(start, end)| Block {
                kind: BlockKind::Paragraph,
                span: Span::new(*start, *end),
                main: true,
            })
            .collect();
        marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
        expected.assert_eq(&text(&chars, &blocks, &marks).into_string());
    }

    #[test]
    fn marks_overlap_as_they_like() {
        let hit = |start, end| Mark {
            span: Span::new(start, end),
            kind: Kind::Hit,
        };
        check_marked(
            "they <held> them",
            &[],
            vec![hit(0, 8), trigger(Span::new(6, 10), "s_1", false)],
            &expect![[
                r##"<p><mark tabindex="-1">they &lt;</mark><mark><a class="trigger fact" id="t-s_1" href="?s=s_1#t-s_1" title="Detention" data-s="s_1">he</a></mark><a class="trigger fact" href="?s=s_1#t-s_1" title="Detention" data-s="s_1">ld</a>&gt; them</p>"##
            ]],
        );
    }

    #[test]
    fn a_second_statement_of_the_same_words_has_its_own_link() {
        check_marked(
            "held",
            &[],
            vec![
                trigger(Span::new(0, 4), "s_1", false),
                trigger(Span::new(0, 4), "s_2", true),
            ],
            &expect![[
                r##"<p><a class="trigger fact chosen" id="t-s_2" href="?s=s_2#t-s_2" title="Detention" data-s="s_2">held</a><a class="more" id="t-s_1" href="?s=s_1#t-s_1" title="Detention" aria-label="Also states: Detention">+</a></p>"##
            ]],
        );
    }

    #[test]
    fn marks_go_over_blocks_and_beyond_the_text() {
        let quote = Mark {
            span: Span::new(3, 90),
            kind: Kind::Quote,
        };
        let role = Mark {
            span: Span::new(4, 9),
            kind: Kind::Role("whom"),
        };
        check_marked(
            "one two\nthree",
            &[(0, 7), (8, 13)],
            vec![quote, role],
            &expect![[
                r#"<p>one<span class="quoted"> </span><span class="quoted"><span class="role">two</span></span></p><p><span class="quoted"><span class="role" data-role="whom">t</span></span><span class="quoted">hree</span></p>"#
            ]],
        );
    }
}
