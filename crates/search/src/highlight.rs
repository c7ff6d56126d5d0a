//! Where a query matches in a text, and the stretches worth showing.

use casefile::Span;
use casefile::normal::normalise;

use crate::pattern::Finder;
use crate::query::Query;
use crate::words::{Stems, Units};

/// A place that a query matches. Offsets are those of the stored text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub span: Span,
    /// The word or phrase of the query, as it was written.
    pub term: String,
}

/// A stretch of a text, with the matches in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// In the whole text.
    pub span: Span,
    /// The stretch as it is stored.
    pub text: String,
    /// Matches, in `char`s of `text`; in order, not overlapping.
    pub marks: Vec<Span>,
}

impl Query {
    /// The places of a stored text that the query matches, in order and not overlapping.
    ///
    /// What `NOT` excludes and what is asked of fields alone is not marked.
    #[must_use]
    pub fn highlight(&self, raw: &str) -> Vec<Match> {
        let patterns = self.patterns();
        if patterns.is_empty() {
            return Vec::new();
        }
        let view = normalise(raw);
        let mut stems = Stems::default();
        let mut finder = Finder::new(patterns.clone());
        let mut units = Units::new(&view.text, &view.breaks);
        while units.advance() {
            finder.see(&units.unit, &mut stems);
        }
        let mut matches: Vec<Match> = Vec::new();
        let (mut byte, mut chars) = (0, 0u32);
        let mut pending: Option<(usize, usize, usize)> = None;
        let mut merged = Vec::new();
        for (start, end, pattern) in finder.finish() {
            match &mut pending {
                Some((_, last, _)) if start < *last => *last = (*last).max(end),
                _ => merged.extend(pending.replace((start, end, pattern))),
            }
        }
        merged.extend(pending);
        for (start, end, pattern) in merged {
            let mut place = |to: usize| {
                let between = view.text.get(byte..to).unwrap_or_default();
                chars = chars
                    .saturating_add(u32::try_from(between.chars().count()).unwrap_or(u32::MAX));
                byte = to;
                chars
            };
            let shown = Span::new(place(start), place(end));
            let term = patterns.get(pattern).map(|pattern| pattern.written.clone());
            matches.push(Match {
                span: view.map.to_raw(shown),
                term: term.unwrap_or_default(),
            });
        }
        matches
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '。' | '！' | '？' | '\n' | '\u{c}' | '…'
    )
}

/// The `most` stretches of a text that show most of the matches, in the order of the text, each
/// about `width` characters long and cut between words, after the end of a sentence if one is
/// near. Without matches: the beginning of the text.
#[must_use]
pub fn snippets(raw: &str, matches: &[Match], most: usize, width: u32) -> Vec<Snippet> {
    if most == 0 || raw.is_empty() {
        return Vec::new();
    }
    let width = width.max(20);
    // Windows begin at a match; one is worth the terms it shows first, then its matches.
    let mut windows: Vec<(usize, usize, usize)> = Vec::new();
    let mut end = 0;
    for (first, found) in matches.iter().enumerate() {
        end = end.max(first);
        let reach = found.span.start.saturating_add(width.saturating_mul(2) / 3);
        while matches.get(end).is_some_and(|next| next.span.end <= reach) {
            end += 1;
        }
        let inside = matches.get(first..end.min(first + 200)).unwrap_or_default();
        let mut terms: Vec<&str> = inside.iter().map(|m| m.term.as_str()).collect();
        terms.sort_unstable();
        terms.dedup();
        windows.push((
            first,
            end.max(first + 1),
            terms.len().max(1) * 1000 + inside.len().min(999),
        ));
    }
    let mut best: Vec<usize> = (0..windows.len()).collect();
    best.sort_by_key(|at| (std::cmp::Reverse(windows.get(*at).map_or(0, |w| w.2)), *at));
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for at in best {
        if spans.len() >= most {
            break;
        }
        let Some(&(first, end, _)) = windows.get(at) else {
            continue;
        };
        let (Some(from), Some(to)) = (matches.get(first), matches.get(end.saturating_sub(1)))
        else {
            continue;
        };
        let shown = to
            .span
            .end
            .max(from.span.end)
            .saturating_sub(from.span.start);
        let margin = width.saturating_sub(shown) / 2;
        let span = (
            from.span.start.saturating_sub(margin),
            to.span.end.max(from.span.end).saturating_add(margin),
        );
        if spans
            .iter()
            .all(|(start, end)| span.1 <= *start || *end <= span.0)
        {
            spans.push(span);
        }
    }
    if spans.is_empty() {
        spans.push((0, width));
    }
    spans.sort_unstable();
    cut(raw, &spans, matches, width)
}

fn cut(raw: &str, spans: &[(u32, u32)], matches: &[Match], width: u32) -> Vec<Snippet> {
    let slack = (width / 5).clamp(8, 40);
    let mut snippets = Vec::new();
    let (mut byte, mut char_at) = (0usize, 0u32);
    for &(start, end) in spans {
        let lead = start.saturating_sub(slack);
        let skip = lead.saturating_sub(char_at);
        for c in raw
            .get(byte..)
            .unwrap_or_default()
            .chars()
            .take(skip as usize)
        {
            byte += c.len_utf8();
            char_at += 1;
        }
        let lead = char_at;
        let rest = raw.get(byte..).unwrap_or_default();
        let window: Vec<char> = rest
            .chars()
            .take(end.saturating_add(slack).saturating_sub(lead) as usize)
            .collect();
        let inside: Vec<&Match> = {
            let from = matches.partition_point(|m| m.span.end <= start);
            matches
                .iter()
                .skip(from)
                .take_while(|m| m.span.start < end)
                .collect()
        };
        let first = inside
            .iter()
            .map(|m| m.span.start)
            .min()
            .unwrap_or(start)
            .max(lead);
        let last = inside.iter().map(|m| m.span.end).max().unwrap_or(end);
        let from = if start == 0 {
            0
        } else {
            begin(&window, (start - lead) as usize, (first - lead) as usize)
        };
        let to = finish(
            &window,
            (end - lead) as usize,
            (last.saturating_sub(lead)) as usize,
        );
        let text: String = window.get(from..to).unwrap_or_default().iter().collect();
        let from = lead + u32::try_from(from).unwrap_or(0);
        let to = lead + u32::try_from(to).unwrap_or(0);
        let marks = inside
            .iter()
            .filter(|m| from <= m.span.start && m.span.end <= to);
        let marks = marks
            .map(|m| Span::new(m.span.start - from, m.span.end - from))
            .collect();
        if from < to {
            snippets.push(Snippet {
                span: Span::new(from, to),
                text,
                marks,
            });
        }
    }
    snippets
}

/// Where a snippet begins: after a sentence's end or a space near `wanted`, at the latest at
/// `latest`.
fn begin(window: &[char], wanted: usize, latest: usize) -> usize {
    let slack = wanted.max(8);
    let to = (wanted + slack).min(latest).min(window.len());
    let after = |test: fn(char) -> bool| {
        (0..to)
            .rev()
            .find(|at| window.get(*at).is_some_and(|c| test(*c)))
    };
    let from = after(ends_sentence).or_else(|| {
        let near = (0..to).filter(|at| window.get(*at).is_some_and(|c| c.is_whitespace()));
        near.min_by_key(|at| at.abs_diff(wanted))
    });
    let mut from = from.map_or(wanted.min(latest), |at| at + 1);
    while from < latest
        && window
            .get(from)
            .is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '”' | '’' | ')'))
    {
        from += 1;
    }
    from.min(window.len())
}

/// Where a snippet ends: before a space near `wanted`, at the earliest at `earliest`.
fn finish(window: &[char], wanted: usize, earliest: usize) -> usize {
    let wanted = wanted.min(window.len()).max(earliest.min(window.len()));
    let near = (earliest.max(wanted.saturating_sub(20))..=window.len())
        .find(|at| *at >= wanted && window.get(*at).is_none_or(|c| c.is_whitespace()));
    let mut to = match near {
        Some(at) if at < window.len() => at,
        _ => {
            let back = (earliest..wanted)
                .rev()
                .find(|at| window.get(*at).is_some_and(|c| c.is_whitespace()));
            back.unwrap_or(wanted)
        }
    };
    if window.len() <= wanted {
        to = window.len();
    }
    while to > earliest
        && window
            .get(to.wrapping_sub(1))
            .is_some_and(|c| c.is_whitespace())
    {
        to -= 1;
    }
    to
}
