//! Pictures of an estimate, each with the table that says the same.

use investigation::{EstimateReport, Language, Method, MethodAnswer, OverlapTable, wording};
use maud::{Markup, html};

use super::people;
use crate::output::grouped;

/// Overlaps that the plot shows; the table has them all.
const MOST_BARS: usize = 32;

/// An UpSet plot (Lex and others 2014): a column for each combination of lists, the largest first, with dots for the
/// lists in it; and the same as a table.
pub(super) fn overlaps(table: &OverlapTable) -> Markup {
    let mut cells: Vec<(usize, u64)> = table
        .counts()
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .collect();
    cells.sort_by_key(|(pattern, count)| (std::cmp::Reverse(*count), *pattern));
    let drawn = &cells[..cells.len().min(MOST_BARS)];
    let most = drawn.first().map_or(1, |(_, count)| *count).max(1) as f64;
    let (left, tall, step, line) = (150.0, 120.0, 24.0, 20.0);
    let x = |n: usize| left + step * (n as f64 + 0.5);
    let y = |j: usize| tall + 24.0 + line * j as f64;
    let width = left + step * drawn.len() as f64 + 10.0;
    let height = y(table.width()) + 4.0;
    html! {
        div.drawn { div.scroll {
            svg.series.upset viewBox=(format!("0 0 {width:.0} {height:.0}")) role="img" aria-label="Overlaps of the lists; the table below says the same" {
                @for (j, list) in table.lists().iter().enumerate() {
                    text.words x=(format!("{:.0}", left - 8.0)) y=(format!("{:.0}", y(j) + 5.0)) text-anchor="end" { (list.chars().take(18).collect::<String>()) }
                }
                @for (n, (pattern, count)) in drawn.iter().enumerate() {
                    @let bar = *count as f64 / most * (tall - 20.0);
                    g.mark {
                        title { (table.name(*pattern)) ": " (grouped(*count)) }
                        rect.body x=(format!("{:.1}", x(n) - 8.0)) y=(format!("{:.1}", tall - bar)) width="16" height=(format!("{:.1}", bar.max(1.0))) {}
                        text.tick x=(format!("{:.1}", x(n))) y=(format!("{:.1}", tall - bar - 4.0)) text-anchor="middle" { (count) }
                        @for j in 0..table.width() {
                            @if pattern >> j & 1 == 1 { circle.body cx=(format!("{:.1}", x(n))) cy=(format!("{:.1}", y(j))) r="6" {} }
                            @else { circle.origin cx=(format!("{:.1}", x(n))) cy=(format!("{:.1}", y(j))) r="3" {} }
                        }
                    }
                }
            }
        } }
        details { summary { "The overlaps as a table" @if cells.len() > drawn.len() { " (" (cells.len() - drawn.len()) " more than are drawn)" } }
            table { thead { tr { th { "On exactly these lists" } th.n { "People" } } }
                tbody { @for (pattern, count) in &cells { tr { th scope="row" { (table.name(*pattern)) } td.n { (grouped(*count)) } } } } }
        }
    }
}

/// Each method's estimate in its interval; and the same as a table. The scale is logarithmic.
pub(super) fn intervals(report: &EstimateReport, language: Language) -> Markup {
    let say = |code: &'static str| wording(code, language);
    let figures: Vec<(&MethodAnswer, f64, f64, f64)> = report
        .answers
        .iter()
        .filter_map(|answer| {
            let estimate = answer.estimate?;
            let (low, high) = answer.interval.unwrap_or((estimate, estimate));
            high.is_finite().then_some((answer, low, estimate, high))
        })
        .collect();
    let least = (report.observed as f64).max(1.0);
    let most = figures.iter().map(|f| f.3).fold(least * 1.5, f64::max);
    let (left, right, row) = (230.0, 860.0, 34.0);
    let x =
        |value: f64| left + (value.max(least) / least).ln() / (most / least).ln() * (right - left);
    let y = |n: usize| 40.0 + row * n as f64;
    let height = y(figures.len()) + 10.0;
    let ticks: Vec<f64> = (0..=4)
        .map(|n| least * (most / least).powf(f64::from(n) / 4.0))
        .collect();
    html! {
        div.drawn { div.scroll {
            svg.series viewBox=(format!("0 0 920 {height:.0}")) role="img" aria-label="Estimates with their intervals; the table below says the same" {
                @for tick in &ticks {
                    line.grid x1=(format!("{:.1}", x(*tick))) x2=(format!("{:.1}", x(*tick))) y1="24" y2=(format!("{height:.0}")) {}
                    text.tick x=(format!("{:.1}", x(*tick))) y="16" text-anchor="middle" { (people(*tick)) }
                }
                @for (n, (answer, low, estimate, high)) in figures.iter().enumerate() {
                    g.mark {
                        title { (say(answer.method.name())) ": " (people(*estimate)) " (" (people(*low)) " – " (people(*high)) ")" }
                        text.words x="0" y=(format!("{:.1}", y(n) + 5.0)) { (say(answer.method.name())) }
                        line class=[(!answer.method.allows_dependence()).then_some("soft")] x1=(format!("{:.1}", x(*low))) x2=(format!("{:.1}", x(*high).max(x(*low) + 1.0))) y1=(format!("{:.1}", y(n))) y2=(format!("{:.1}", y(n))) {}
                        circle.body cx=(format!("{:.1}", x(*estimate))) cy=(format!("{:.1}", y(n))) r="6" {}
                    }
                }
            }
        } }
        div.scroll tabindex="0" role="region" aria-label=(say("method")) { table.methods {
            thead { tr { th { (say("method")) } th.n { (say("estimate")) } th.n { (say("interval")) } th { (say("model")) } } }
            tbody { @for answer in &report.answers { tr {
                th scope="row" { (say(answer.method.name())) }
                td.n { (answer.estimate.map_or_else(|| "–".to_owned(), people)) }
                td.n { @if let Some((low, high)) = answer.interval { (people(low)) " – " (people(high)) } @else { "–" } }
                td { @if let Some(why) = &answer.refused { (why.say(language)) } @else if let Some(model) = &answer.model { code { (model) } } }
            } } }
        } }
    }
}

/// The best models of each method that ranks them, and the diagnostics.
pub(super) fn models(report: &EstimateReport, language: Language) -> Markup {
    html! {
        @for answer in &report.answers {
            details { summary { (wording(answer.method.name(), language)) ": models and diagnostics" }
                @if !answer.ranking.is_empty() {
                    table {
                        thead { tr { th { (wording("model", language)) } th.n { @if answer.method == Method::Dga { "Probability" } @else { "BIC" } } th.n { (wording("estimate", language)) } } }
                        tbody { @for one in &answer.ranking { tr {
                            th scope="row" { code { (one.model) } }
                            td.n { (format!("{:.3}", one.criterion)) }
                            td.n { (one.estimate.map_or_else(|| "–".to_owned(), people)) }
                        } } }
                    }
                }
                dl { @for (name, value) in &answer.diagnostics { dt { (name.replace('_', " ")) } dd { (format!("{value:.4}")) } } }
            }
        }
    }
}

/// Where each chain of a sampler went, draw by draw: chains that lie over one another have come to one place.
pub(super) fn traces(report: &EstimateReport, language: Language) -> Markup {
    let sampled = report.answers.iter().filter(|one| !one.traces.is_empty());
    html! {
        @for answer in sampled {
            @let name = wording(answer.method.name(), language);
            @let number = |key: &str| answer.diagnostics.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
            h3 { (name) ": chains" }
            p.facts {
                @if let Some(r_hat) = number("r_hat") { "Split R-hat " strong { (format!("{r_hat:.3}")) } " (1 is best; above 1.05 it is refused)" }
                @if let Some(effective) = number("effective_draws") { ", " strong { (grouped(effective.max(0.0) as u64)) } " effective draws" }
            }
            (trace(&answer.traces, name))
        }
    }
}

fn trace(chains: &[Vec<f64>], name: &str) -> Markup {
    let all = || chains.iter().flatten().copied().filter(|x| x.is_finite());
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return html! {};
    }
    // A few far draws would press all others flat: the scale is that of logarithms.
    let span = (high / low.max(1.0)).ln().max(1e-9);
    let most = chains.iter().map(Vec::len).max().unwrap_or(1).max(2);
    let x = |at: usize| 70.0 + at as f64 / (most - 1) as f64 * 820.0;
    let y = |value: f64| 130.0 - (value / low.max(1.0)).max(1.0).ln() / span * 110.0;
    let line = |chain: &Vec<f64>| -> String {
        let points = chain.iter().enumerate();
        let points = points.map(|(at, value)| format!("{:.1},{:.1}", x(at), y(*value)));
        points.collect::<Vec<_>>().join(" ")
    };
    let summary = |chain: &Vec<f64>| -> [f64; 3] {
        let mut sorted = chain.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
            sorted.get(place).copied().unwrap_or(f64::NAN)
        };
        [at(0.025), at(0.5), at(0.975)]
    };
    html! {
        div.drawn { div.scroll tabindex="0" role="region" aria-label=(format!("{name}: chains")) {
            svg.series.trace viewBox="0 0 920 150" role="img" aria-label=(format!("{name}: people in all along each chain; the table below sums it up")) {
                @for value in [low, (low * high).sqrt(), high] {
                    line.grid x1="70" x2="890" y1=(format!("{:.1}", y(value))) y2=(format!("{:.1}", y(value))) {}
                    text.tick x="62" y=(format!("{:.1}", y(value) + 4.0)) text-anchor="end" { (people(value)) }
                }
                @for (number, chain) in chains.iter().enumerate() {
                    polyline class=(format!("chain c{}", number % 4)) points=(line(chain)) { title { "Chain " (number + 1) } }
                }
            }
        } }
        details { summary { (name) ": the chains as a table" }
            table { thead { tr { th { "Chain" } th.n { "2.5%" } th.n { "Median" } th.n { "97.5%" } } }
                tbody { @for (number, chain) in chains.iter().enumerate() { tr {
                    th scope="row" { (number + 1) } @for value in summary(chain) { td.n { (people(value)) } }
                } } }
            }
        }
    }
}
