//! Chains drawn in columns: vessel, plant, exporter, importer, brand. A line is a hop and opens its row; its shape says
//! how it stands, its words say when. What waits unseen between two hops is drawn as a gap.

use std::collections::BTreeMap;

use investigation::{ChainFound, HolderShown, HopShown};
use maud::{Markup, html};

const COLUMNS: [(&str, &str); 5] = [
    ("vessel", "Vessel"),
    ("facility", "Plant"),
    ("exporter", "Exporter"),
    ("importer", "Importer"),
    ("brand", "Brand"),
];
const WIDTH: f64 = 1060.0;
const BOX: (f64, f64) = (164.0, 44.0);
const TOP: f64 = 46.0;
const ROW: f64 = 84.0;
/// Nodes that are drawn; the table has all.
const MOST: usize = 60;
/// Days that goods rest before the wait is drawn as a gap.
const LONG_WAIT: i32 = 90;

struct Node<'a> {
    holder: &'a HolderShown,
    x: f64,
    y: f64,
}

fn column(kind: &str) -> usize {
    match kind {
        "vessel" => 0,
        "facility" => 1,
        "importer" => 3,
        "brand" => 4,
        // Whose part is not known stands where goods change hands.
        _ => 2,
    }
}

fn nodes<'a>(hops: &[&'a HopShown]) -> BTreeMap<&'a str, Node<'a>> {
    let used = |at: usize| {
        hops.iter()
            .any(|hop| column(&hop.from.kind) == at || column(&hop.to.kind) == at)
    };
    let columns: Vec<usize> = (0..COLUMNS.len()).filter(|at| used(*at)).collect();
    let wide = WIDTH / columns.len().max(1) as f64;
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    let mut out = BTreeMap::new();
    for holder in hops.iter().flat_map(|hop| [&hop.from, &hop.to]) {
        if out.contains_key(holder.id.as_str()) || out.len() >= MOST {
            continue;
        }
        let at = column(&holder.kind);
        let place = columns.iter().position(|one| *one == at).unwrap_or(0);
        let number = count.entry(at).or_default();
        out.insert(
            holder.id.as_str(),
            Node {
                holder,
                x: wide * (place as f64 + 0.5),
                y: TOP + ROW * (*number as f64 + 0.5),
            },
        );
        *number += 1;
    }
    out
}

/// Letters that fit on a line of a box; those of Chinese, Japanese and Korean are twice as wide.
const FITS: usize = 18;

fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

fn short(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        cut.push(c);
        if width(&cut) >= most {
            cut.pop();
            break;
        }
    }
    format!("{}…", cut.trim_end())
}

/// A name on at most two lines, broken between words where it can be.
fn two_lines(name: &str) -> Vec<String> {
    if width(name) <= FITS {
        return vec![name.to_owned()];
    }
    let fits = |at: &usize| name.get(..*at).is_some_and(|line| width(line) <= FITS);
    let ends = || name.char_indices();
    let mut breaks = ends().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let at = breaks.rfind(fits);
    let at = at
        .or_else(|| ends().map(|(at, _)| at).rfind(fits))
        .unwrap_or(0);
    let (first, rest) = name.split_at(at);
    vec![first.to_owned(), short(rest.trim_start(), FITS)]
}

fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// Waits longer than is usual between a hop and the next of its chain: `(holder, days)`.
fn waits(chains: &[ChainFound]) -> BTreeMap<&str, i32> {
    let mut out: BTreeMap<&str, i32> = BTreeMap::new();
    for pair in chains.iter().flat_map(|chain| chain.hops.windows(2)) {
        if let [before, after] = pair {
            let days = after.days.0.saturating_sub(before.days.1);
            if days > LONG_WAIT {
                let known = out.entry(before.to.id.as_str()).or_insert(days);
                *known = (*known).max(days);
            }
        }
    }
    out
}

pub(super) fn drawing(chains: &[ChainFound]) -> Markup {
    let mut seen = std::collections::BTreeSet::new();
    let hops: Vec<&HopShown> = chains
        .iter()
        .flat_map(|chain| &chain.hops)
        .filter(|hop| seen.insert(hop.hop))
        .collect();
    let nodes = nodes(&hops);
    let deepest = nodes.values().map(|node| node.y).fold(TOP, f64::max);
    let height = deepest + ROW * 0.6;
    let columns: BTreeMap<usize, f64> = nodes
        .values()
        .map(|node| (column(&node.holder.kind), node.x))
        .collect();
    let waits = waits(chains);
    html! {
        figure.drawn {
            div.scroll tabindex="0" role="region" aria-label="Drawing of the chains" {
                svg.series.chains viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-labelledby="chains-title" {
                    title id="chains-title" { "Hops from left to right; the table below says the same in words" }
                    @for (kind, x) in &columns {
                        text.date x=(at(*x)) y="20" text-anchor="middle" { (COLUMNS.get(*kind).map_or("", |(_, name)| name)) }
                    }
                    @for hop in &hops {
                        @if let (Some(from), Some(to)) = (nodes.get(hop.from.id.as_str()), nodes.get(hop.to.id.as_str())) { (line(hop, from, to)) }
                    }
                    @for node in nodes.values() { (holder(node, waits.get(node.holder.id.as_str()).copied())) }
                }
            }
            figcaption.facts { "Whole lines are shown or supported, broken ones alleged, lines with a cross denied. Each line opens its hop." }
            @if nodes.len() >= MOST { p.note { "The first " (MOST) " are drawn; the table has all." } }
        }
    }
}

/// The chains from top to bottom, for screens on which the drawing would be too small to read.
pub(super) fn steps(chains: &[ChainFound]) -> Markup {
    html! {
        @for (number, chain) in (1..).zip(chains.iter().take(MOST)) {
            ol.steps aria-label=(format!("Chain {number}")) {
                li { strong { (chain.from.name) } " " span.src { (chain.from.kind) } }
                @for hop in &chain.hops {
                    li { a href=(format!("#hop-{}", hop.hop)) { "↓ " (hop.departed) @if hop.arrived != hop.departed { " to " (hop.arrived) } } " · " (super::word(hop.word))
                        br; strong { (hop.to.name) } " " span.src { (hop.to.kind) } }
                }
            }
        }
    }
}

fn line(hop: &HopShown, from: &Node<'_>, to: &Node<'_>) -> Markup {
    let word = serde_json::to_value(hop.word)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    let half = BOX.0 / 2.0;
    let right = to.x >= from.x;
    let (x1, x2) = if right {
        (from.x + half, to.x - half)
    } else {
        (from.x - half, to.x + half)
    };
    let bend = ((x2 - x1) / 2.0).abs().max(24.0) * if right { 1.0 } else { -1.0 };
    // Within one column the line goes round.
    let same = (from.x - to.x).abs() < 1.0;
    let (x2, bend_end) = if same {
        (to.x + half, bend.abs())
    } else {
        (x2, -bend)
    };
    let path = format!(
        "M{} {}C{} {} {} {} {} {}",
        at(x1),
        at(from.y),
        at(x1 + bend),
        at(from.y),
        at(x2 + bend_end),
        at(to.y),
        at(x2),
        at(to.y)
    );
    let middle = (
        (x1 + x2) / 2.0 + if same { bend.abs() * 0.75 } else { 0.0 },
        f64::midpoint(from.y, to.y),
    );
    let says = format!(
        "{} to {}: left {}, arrived {}; {word}",
        hop.from.name, hop.to.name, hop.departed, hop.arrived
    );
    let when = hop
        .departed
        .trim_start_matches("not said ")
        .trim_matches(['(', ')'])
        .split("..")
        .next()
        .unwrap_or_default()
        .to_owned();
    html! {
        a href=(format!("#hop-{}", hop.hop)) aria-label=(says) {
            title { (says) }
            g class=(format!("mark{}", if matches!(word.as_str(), "alleged" | "contested") { " guard" } else { "" })) {
                path class=(if word == "alleged" || !hop.stated { "way soft" } else { "way" }) d=(path) {}
                circle.body cx=(at(x2)) cy=(at(to.y)) r="4" {}
                @if word == "contested" {
                    path.open d=(format!("M{0} {1}l12 12M{0} {2}l12 -12", at(middle.0 - 6.0), at(middle.1 - 6.0), at(middle.1 + 6.0))) {}
                }
            }
            text.tick x=(at(middle.0)) y=(at(middle.1 - 9.0)) text-anchor="middle" { (when) @if hop.arrived.is_empty() { " …" } }
        }
    }
}

fn holder(node: &Node<'_>, wait: Option<i32>) -> Markup {
    let (wide, high) = BOX;
    html! {
        g {
            title { (node.holder.name) " (" (node.holder.kind) ")" }
            rect.holder x=(at(node.x - wide / 2.0)) y=(at(node.y - high / 2.0)) width=(wide) height=(high) rx="6" {}
            @let lines = two_lines(&node.holder.name);
            @for (number, line) in lines.iter().enumerate() {
                @let y = node.y + 5.0 + (number as f64 - (lines.len() as f64 - 1.0) / 2.0) * 17.0;
                text.words x=(at(node.x)) y=(at(y)) text-anchor="middle" { (line) }
            }
            @if let Some(days) = wait {
                text.tick x=(at(node.x)) y=(at(node.y + high / 2.0 + 16.0)) text-anchor="middle" { "gap: " (days) " days without a record" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_their_box() {
        for (name, lines) in [
            ("HAIYUN 21", &["HAIYUN 21"][..]),
            (
                "Haishan Cold Storage (Dalian) Co Ltd",
                &["Haishan Cold", "Storage (Dalian)…"],
            ),
            ("大连海山冷库有限公司", &["大连海山冷库有限公", "司"]),
            (
                "Donaudampfschifffahrtsgesellschaft",
                &["Donaudampfschifffa", "hrtsgesellschaft"],
            ),
            ("", &[""]),
        ] {
            assert_eq!(two_lines(name), lines, "{name}");
            assert!(
                two_lines(name).iter().all(|line| width(line) <= FITS + 1),
                "{name}"
            );
        }
    }
}
