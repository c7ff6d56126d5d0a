//! Figures that may disagree, drawn side by side: one row each, time downwards, numbers to the
//! right. What the words leave open stays open: an end without a bound is an arrow, and the shape,
//! not the colour, says how the number was given. The table beside it says the same in words.

use casefile::statement::QuantityKind;
use maud::{Markup, html};

use crate::output::grouped;

/// One figure.
pub(crate) struct Bar {
    /// When it holds for, in words.
    pub(crate) date: String,
    /// Which origin, from 0.
    pub(crate) origin: usize,
    /// Who is its origin.
    pub(crate) who: String,
    /// `at least 500 people`.
    pub(crate) words: String,
    /// `None`: the words give no number.
    pub(crate) kind: Option<QuantityKind>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) best: Option<f64>,
    pub(crate) hedged: bool,
    /// Told as a fact.
    pub(crate) fact: bool,
    pub(crate) preferred: bool,
    /// Opens the passage.
    pub(crate) link: String,
}

/// What several figures have in common.
pub(crate) struct Band {
    /// `None` = open.
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// The first and the last of the rows that it is common to.
    pub(crate) rows: (usize, usize),
    pub(crate) words: String,
}

const LEFT: f64 = 330.0;
const RIGHT: f64 = 880.0;
const WIDTH: f64 = 920.0;
const ROW: f64 = 50.0;
const TOP: f64 = 34.0;

/// Numbers to places.
struct Scale {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (least, most) = finite
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        if least > most {
            return Self::between(0.0, 1.0, 1.0);
        }
        // From nought where that does not squeeze the differences out of sight.
        let spread = most - least;
        let low = if least >= 0.0 && (spread > most / 12.0 || spread == 0.0) {
            0.0
        } else {
            least - spread / 4.0
        };
        let high = if most > low { most } else { low + 1.0 };
        // Nobody is half a person.
        let whole = least.fract() == 0.0 && most.fract() == 0.0;
        let finest = if whole { 1.0 } else { 0.0 };
        Self::between(low, high + (high - low) / 8.0, finest)
    }

    /// Ticks at even steps, none finer than `finest`.
    fn between(low: f64, high: f64, finest: f64) -> Self {
        let rough = (high - low) / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|times| times * power)
            .find(|step| *step >= rough)
            .unwrap_or(rough)
            .max(finest);
        let first = (low / step).ceil();
        let ticks = (0..12)
            .map(|n| (first + f64::from(n)) * step)
            .take_while(|tick| *tick <= high)
            .collect();
        Self { low, high, ticks }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        let share = if share.is_finite() { share } else { 1.0 };
        LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }
}

fn at(value: f64) -> String {
    format!("{value:.1}")
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "−" } else { "" };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked"
        )]
        let whole = value.abs() as u64;
        format!("{sign}{}", grouped(whole))
    } else {
        format!("{value}")
    }
}

/// The first letters of the alphabet, then numbers.
pub(crate) fn tag(origin: usize) -> String {
    u8::try_from(origin).ok().filter(|n| *n < 26).map_or_else(
        || (origin + 1).to_string(),
        |n| char::from(b'A' + n).to_string(),
    )
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

fn arrow(x: f64, y: f64, right: bool) -> Markup {
    let (tip, back) = if right { (x, x - 9.0) } else { (x, x + 9.0) };
    html! { path.open d=(format!("M{} {}L{} {}L{} {}", at(back), at(y - 5.0), at(tip), at(y), at(back), at(y + 5.0))) {} }
}

fn line(from: f64, to: f64, y: f64, soft: bool) -> Markup {
    html! { line class=[soft.then_some("soft")] x1=(at(from)) x2=(at(to)) y1=(at(y)) y2=(at(y)) {} }
}

fn stop(x: f64, y: f64) -> Markup {
    html! { line x1=(at(x)) x2=(at(x)) y1=(at(y - 8.0)) y2=(at(y + 8.0)) {} }
}

fn diamond(x: f64, y: f64) -> Markup {
    html! { path.body d=(format!("M{} {}l7 -7l7 7l-7 7z", at(x - 7.0), at(y))) {} }
}

fn circle(x: f64, y: f64) -> Markup {
    html! { circle.body cx=(at(x)) cy=(at(y)) r="6.5" {} }
}

/// The shape of a figure: what is bounded ends in a stop, what is open in an arrow.
fn shape(kind: QuantityKind, ends: [Option<f64>; 3], y: f64, far: (f64, f64)) -> Markup {
    let [low, high, best] = ends;
    let (far_left, far_right) = far;
    let open_right = |from: f64, soft: bool| {
        html! { (line(from, far_right, y, soft)) (arrow(far_right, y, true)) }
    };
    let open_left = |to: f64, soft: bool| {
        html! { (line(far_left, to, y, soft)) (arrow(far_left, y, false)) }
    };
    match kind {
        QuantityKind::Exact => {
            html! { @if let Some(x) = best.or(low).or(high) { (diamond(x, y)) } }
        }
        QuantityKind::Approx => match (low, high, best) {
            (Some(low), Some(high), best) if low < high => html! {
                (line(low, high, y, true)) @if let Some(x) = best { (circle(x, y)) }
            },
            _ => {
                html! { @if let Some(x) = best.or(low).or(high) { (line(x - 16.0, x + 16.0, y, true)) (circle(x, y)) } }
            }
        },
        QuantityKind::ApproxBelow => html! {
            @if let Some(x) = high.or(best) { (open_left(x, true)) (stop(x, y)) (circle(x, y)) }
        },
        QuantityKind::Max => {
            html! { @if let Some(x) = high.or(best) { (open_left(x, false)) (stop(x, y)) } }
        }
        QuantityKind::Min => {
            html! { @if let Some(x) = low.or(best) { (stop(x, y)) (open_right(x, false)) } }
        }
        QuantityKind::MinApprox => html! {
            @if let Some(x) = low.or(best) { (stop(x, y)) (open_right(x, true)) (circle(x, y)) }
        },
        QuantityKind::Range | QuantityKind::Vague => {
            let soft = kind == QuantityKind::Vague;
            match (low, high) {
                (Some(low), Some(high)) => {
                    html! { (stop(low, y)) (line(low, high, y, soft)) (stop(high, y)) }
                }
                (Some(low), None) => html! { (stop(low, y)) (open_right(low, soft)) },
                (None, Some(high)) => html! { (open_left(high, soft)) (stop(high, y)) },
                (None, None) => html! { @if let Some(x) = best { (circle(x, y)) } },
            }
        }
    }
}

/// The drawing. `label` says for ears what it shows.
pub(crate) fn chart(bars: &[&Bar], bands: &[Band], label: &str) -> Markup {
    let values = bars
        .iter()
        .flat_map(|bar| [bar.low, bar.high, bar.best])
        .flatten();
    let scale = Scale::of(values);
    let place = |value: Option<f64>| {
        value
            .filter(|value| value.is_finite())
            .map(|value| scale.x(value))
    };
    let row = |n: usize| {
        let n = u32::try_from(n.min(bars.len())).unwrap_or(u32::MAX);
        TOP + f64::from(n) * ROW
    };
    let bottom = row(bars.len());
    html! {
        svg.series viewBox=(format!("0 0 {WIDTH} {}", bottom + 26.0)) role="group" aria-label=(label) {
            @for band in bands {
                @let (from, to) = (place(band.low).unwrap_or(LEFT), place(band.high).unwrap_or(RIGHT));
                @let (first, last) = (row(band.rows.0), row(band.rows.1.saturating_add(1)));
                rect.band x=(at(from)) y=(at(first)) width=(at((to - from).max(3.0))) height=(at((last - first).max(0.0))) { title { (band.words) } }
            }
            @for tick in &scale.ticks {
                @let x = scale.x(*tick);
                line.grid x1=(at(x)) x2=(at(x)) y1=(at(TOP)) y2=(at(bottom)) {}
                text.tick x=(at(x)) y=(at(TOP - 10.0)) text-anchor="middle" { (number(*tick)) }
                text.tick x=(at(x)) y=(at(bottom + 18.0)) text-anchor="middle" { (number(*tick)) }
            }
            @for (n, bar) in (0_u32..).zip(bars) {
                @let top = TOP + f64::from(n) * ROW;
                @let y = top + ROW / 2.0;
                @let class = match (bar.hedged, bar.fact) { (true, true) => "mark hedged", (false, true) => "mark", (true, false) => "mark hedged guard", (false, false) => "mark guard" };
                a class=(class) href=(bar.link) {
                    title { (bar.words) " · " (bar.who) " · " (bar.date) }
                    rect.row x="0" y=(at(top)) width=(at(WIDTH)) height=(at(ROW)) {}
                    circle.origin cx="16" cy=(at(y)) r="12" {}
                    text.tag x="16" y=(at(y + 4.5)) text-anchor="middle" { (tag(bar.origin)) }
                    text.words x="38" y=(at(y - 3.0)) { (short(&bar.words, 36)) @if bar.preferred { " ★" } }
                    text.date x="38" y=(at(y + 15.0)) { (short(&format!("{} · {}", bar.date, bar.who), 42)) }
                    @match bar.kind {
                        Some(kind) => (shape(kind, [place(bar.low), place(bar.high), place(bar.best)], y, (LEFT + 2.0, RIGHT + 18.0))),
                        None => text.date x=(at(LEFT + 6.0)) y=(at(y + 4.5)) { "told without a number" },
                    }
                }
            }
        }
    }
}

/// What the shapes mean.
pub(crate) fn legend() -> Markup {
    let percent = (investigation::figures::ABOUT * 100.0).round();
    let shapes = [
        (QuantityKind::Exact, "exact, as reported"),
        (QuantityKind::Approx, "about"),
        (QuantityKind::ApproxBelow, "close to, not above"),
        (QuantityKind::Min, "at least"),
        (QuantityKind::MinApprox, "somewhat more than"),
        (QuantityKind::Max, "at most"),
        (QuantityKind::Range, "between"),
        (QuantityKind::Vague, "vague: dozens, hundreds"),
    ];
    html! {
        details.legend { summary { "What the shapes mean" }
            ul {
                @for (kind, words) in shapes {
                    li { svg.series viewBox="0 0 160 24" width="160" height="24" aria-hidden="true" {
                            g.mark { (shape(kind, [Some(50.0), Some(110.0), Some(80.0)], 12.0, (6.0, 154.0))) }
                        } " " (words) }
                }
            }
            p.facts { "A hollow shape is hedged by its text. A broken outline is no fact: feared, planned, denied. "
                "An arrow is an open end. ★ is preferred by a person. The shaded band is what figures that agree have in common. Letters are origins: "
                "however many pages repeat it, a first teller counts once. “About n” is taken to be within " (percent) " % of n: a convention of ours, not the source's." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Scale, chart, tag};
    use casefile::statement::QuantityKind;

    #[test]
    fn places_stay_on_the_sheet() {
        for values in [
            vec![],
            vec![0.0],
            vec![-3.0, 7.0],
            vec![f64::NAN, f64::INFINITY],
            vec![1e300, 1.0],
            vec![2000.0, 2000.0],
            vec![600.0, 601.0],
        ] {
            let scale = Scale::of(values.iter().copied());
            assert!(
                scale.ticks.len() < 13 && scale.low < scale.high,
                "{values:?}"
            );
            for value in values {
                assert!(
                    (super::LEFT..=super::RIGHT).contains(&scale.x(value)),
                    "{value}"
                );
            }
        }
        assert_eq!(
            (tag(0), tag(25), tag(26)),
            ("A".into(), "Z".into(), "27".into())
        );
    }

    #[test]
    fn an_open_end_is_an_arrow_and_words_are_escaped() {
        let bar = |kind, low, high| Bar {
            date: "2023".into(),
            origin: 0,
            who: "<b>".into(),
            words: "at least 500".into(),
            kind: Some(kind),
            low,
            high,
            best: None,
            hedged: false,
            fact: true,
            preferred: false,
            link: "/s/s_1".into(),
        };
        let open = chart(&[&bar(QuantityKind::Min, Some(500.0), None)], &[], "x").into_string();
        assert!(open.contains("class=\"open\"") && !open.contains("<b>"));
        let closed =
            chart(&[&bar(QuantityKind::Range, Some(5.0), Some(6.0))], &[], "x").into_string();
        assert!(!closed.contains("class=\"open\""));
    }
}
