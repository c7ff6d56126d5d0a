//! How many are on no list: a table in, the methods side by side out.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use investigation::{
    Columns, EstimateReport, EstimateSettings, Estimated, Failure, Known, Language, Method,
    MethodAnswer, OverlapTable, Whose, wording,
};
use maud::{Markup, html};

use super::gate::Sent;
use super::pages::{Frame, framed, refused};
use super::panel::{self, Desk};
use super::statements::Asked;
use super::{Shared, Site, blocking};
use crate::output::grouped;

/// Overlaps that the plot shows; the table has them all.
const MOST_BARS: usize = 32;

const LANGUAGES: &[(&str, &str)] = &[("en", "English"), ("ko", "한국어"), ("zh", "中文")];

fn language(code: &str) -> Language {
    match code {
        "ko" => Language::Korean,
        "zh" => Language::Chinese,
        _ => Language::English,
    }
}

fn people(number: f64) -> String {
    if number.is_finite() && number < 1e15 {
        grouped(number.max(0.0).round() as u64)
    } else {
        "∞".to_owned()
    }
}

/// What the form holds.
#[derive(Default)]
struct Form {
    table: String,
    known: [String; 3],
    lang: String,
    sensitivity: bool,
}

impl Form {
    fn of(asked: &Asked) -> Self {
        let text = |name: &str| asked.one(name).unwrap_or_default().to_owned();
        Self {
            table: text("table"),
            known: ["copied", "referral", "excludes"].map(text),
            lang: text("lang"),
            sensitivity: asked.one("sensitivity").is_some(),
        }
    }

    fn settings(&self) -> Result<EstimateSettings, Failure> {
        let pairs = |text: &String, mark: char| {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let told: Vec<String> = lines.map(str::to_owned).collect();
            crate::commands::chained_lists(&told, mark)
        };
        let [copied, referral, excludes] = &self.known;
        Ok(EstimateSettings {
            known: Known {
                copied: pairs(copied, ',')?,
                referral: pairs(referral, '>')?,
                excludes: pairs(excludes, ',')?,
            },
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            resamples: 500,
            ..EstimateSettings::default()
        })
    }
}

fn form(desk: &Desk<'_>, form: &Form) -> Markup {
    let questions = [
        (
            "copied",
            "Which lists copy one another or share an informant? One line each: A,B",
        ),
        (
            "referral",
            "Which list sends people on to another? One line each: A>B",
        ),
        (
            "excludes",
            "Which lists can nobody be on at once? One line each: A,B",
        ),
    ];
    html! {
        form.screen method="post" action="/estimate" {
            (panel::carried(desk))
            label for="table" { "Table: a heading; lists as columns of 0 and 1; the count in the last column, or a row for each person" }
            textarea #table name="table" rows="8" required spellcheck="false" { (form.table) }
            @for ((name, question), told) in questions.iter().zip(&form.known) {
                label for=(name) { (question) }
                textarea id=(name) name=(name) rows="1" spellcheck="false" { (told) }
            }
            label { "Wording in " select name="lang" { @for (value, shown) in LANGUAGES { option value=(value) selected[*value == form.lang] { (shown) } } } }
            label { input type="checkbox" name="sensitivity" value="1" checked[form.sensitivity]; " Leave each list out in turn" }
            div.acts { button.go type="submit" { "Estimate" } }
        }
    }
}

pub(crate) async fn page(State(site): Shared) -> Response {
    show(&site, &Form::default(), None)
}

pub(crate) async fn ask(State(site): Shared, Sent(fields): Sent) -> Response {
    let form = Form::of(&Asked(fields));
    let (text, sensitivity) = (form.table.clone(), form.sensitivity);
    let done = match form.settings() {
        Ok(settings) => {
            blocking(&site, move |_| {
                let columns = Columns::default();
                let mut done = investigation::estimate_text(&text, &columns, &settings)?;
                if sensitivity {
                    // Quick methods are enough to see what rests on a list.
                    let settings = EstimateSettings {
                        methods: vec![Method::Stepwise, Method::Bic, Method::Dga],
                        resamples: 100,
                        ..settings
                    };
                    done.leave_out(&settings)?;
                }
                Ok(done)
            })
            .await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(done) => show(&site, &form, Some(&done)),
        Err(failure) if failure.kind == Whose::You => {
            let name = site.case.name().to_owned();
            refused(
                &failure,
                (&name, site.case.is_plain()),
                "",
                Some("/estimate"),
            )
        }
        Err(failure) => {
            super::pages::failed(&failure, (site.case.name(), site.case.is_plain()), "")
        }
    }
}

fn show(site: &Site, asked: &Form, done: Option<&Estimated>) -> Response {
    let name = site.case.name().to_owned();
    let person = site.person();
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: "/estimate",
    };
    let frame = Frame {
        title: "Estimate",
        case: Some((name.as_str(), site.case.is_plain())),
        here: "/entities",
        query: "",
        wide: true,
    };
    let language = language(&asked.lang);
    let lang = LANGUAGES
        .iter()
        .map(|(code, _)| *code)
        .find(|code| *code == asked.lang);
    let body = html! {
        h1 { "How many are on no list" }
        (super::entities::tabs("/estimate"))
        p { "Several lists of the same people overlap; how they overlap says something about how many are on none. Nothing is kept of what is asked. Figures quoted in documents are never used." }
        @if let Some(done) = done {
            @for one in &done.strata {
                div lang=(lang.unwrap_or("en")) { (found(&one.report, &one.table, &one.without, language)) }
            }
            @for problem in &done.problems { p.facts { (problem.message) } }
        }
        (form(&desk, asked))
    };
    framed(&frame, &body).into_response()
}

fn found(
    report: &EstimateReport,
    table: &OverlapTable,
    without: &[(String, EstimateReport)],
    language: Language,
) -> Markup {
    let say = |code: &'static str| wording(code, language);
    let notes = report.warnings.iter().map(|note| note.say(language));
    let own = report.answers.iter().flat_map(|answer| {
        let name = say(answer.method.name());
        let notes = answer.refused.iter().chain(&answer.warnings);
        notes.map(move |note| format!("{name}: {}", note.say(language)))
    });
    let notes: Vec<String> = notes.chain(own).collect();
    html! {
        section.estimate {
            p.figure role="status" { (report.summary.say(language)) }
            p.facts { (say("seen")) ": " (grouped(report.observed)) " (" (report.lists.join(", ")) ")" }
            @if report.refused.is_none() {
                (overlaps(table))
                (intervals(report, language))
                (models(report, language))
                @if !without.is_empty() {
                    table.weights {
                        caption { "How much rests on one list: each left out in turn" }
                        thead { tr { th { (say("without-list")) } @for (_, report) in without.iter().take(1) { @for answer in &report.answers { th.n { (say(answer.method.name())) } } } } }
                        tbody { @for (list, report) in without { tr {
                            th scope="row" { (list) }
                            @if report.answers.is_empty() { td colspan="3" { (report.summary.say(language)) } }
                            @for answer in &report.answers { td.n { (estimate(answer)) } }
                        } } }
                    }
                }
                h2 { (say("assumptions")) }
                dl { @for answer in &report.answers { dt { (say(answer.method.name())) } dd { (say(answer.method.assumes())) } } }
                @if !notes.is_empty() { h2 { (say("warnings")) } ul { @for note in &notes { li { (note) } } } }
            }
        }
    }
}

fn estimate(answer: &MethodAnswer) -> String {
    match (answer.estimate, answer.interval) {
        (Some(estimate), Some((low, high))) => {
            format!("{} ({} – {})", people(estimate), people(low), people(high))
        }
        (Some(estimate), None) => people(estimate),
        (None, _) => "–".to_owned(),
    }
}

/// An UpSet plot (Lex and others 2014): a column for each combination of lists, the largest first, with dots for the
/// lists in it; and the same as a table.
fn overlaps(table: &OverlapTable) -> Markup {
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
fn intervals(report: &EstimateReport, language: Language) -> Markup {
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
        table {
            thead { tr { th { (say("method")) } th.n { (say("estimate")) } th.n { (say("interval")) } th { (say("model")) } } }
            tbody { @for answer in &report.answers { tr {
                th scope="row" { (say(answer.method.name())) }
                td.n { (answer.estimate.map_or_else(|| "–".to_owned(), people)) }
                td.n { @if let Some((low, high)) = answer.interval { (people(low)) " – " (people(high)) } @else { "–" } }
                td { @if let Some(why) = &answer.refused { (why.say(language)) } @else if let Some(model) = &answer.model { code { (model) } } }
            } } }
        }
    }
}

/// The best models of each method that ranks them, and the diagnostics.
fn models(report: &EstimateReport, language: Language) -> Markup {
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
