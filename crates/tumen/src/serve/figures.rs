//! `/figures`: figures of one quantity side by side. Nothing is averaged and nothing is chosen but
//! by a person with a reason.

use std::collections::{BTreeSet, HashMap};

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use casefile::StatementId;
use casefile::statement::{Count, Modality};
use investigation::figures::{Figure, Origin, Series};
use investigation::{Case, Decided, Failure, FigureSeries, State as Stands, StatementQuery, Whose};
use maud::{Markup, html};

use super::chart::{self, Band, Bar};
use super::pages::{Frame, encoded, failed, framed};
use super::panel::{self, Desk};
use super::statements::{Asked, facets, turning};
use super::{Shared, blocking, words};
use crate::output::grouped;

/// Series on one page.
const PAGE: usize = 30;
/// Figures that one page draws.
const DRAWN: usize = 300;

/// One figure of a series as the page shows it.
struct Row {
    bar: Bar,
    id: String,
    quote: String,
    /// The first teller, then through whom it came.
    says: String,
    hedges: String,
    modality: Modality,
    title: String,
    published: String,
    state: Option<Stands>,
    preferred: Option<Decided>,
}

/// A series as the page shows it: all in words.
struct View {
    key: String,
    title: String,
    /// What is counted and how: `people · within the time`.
    counted: String,
    rows: Vec<Row>,
    mentions: u64,
    bands: Vec<Band>,
    /// What cannot all hold, each with the reason.
    conflicts: Vec<Finding>,
    /// Sums and parts.
    identities: Vec<Finding>,
    /// What a state confirms, if it does.
    confirmed: Vec<Finding>,
    /// Tellers who cite one another.
    circles: Vec<String>,
    /// Drift between a relay and what it relays.
    warnings: Vec<Finding>,
    /// Name of each origin and how many figures go back to it.
    origins: Vec<(String, u64)>,
}

/// Something that stands out, and the passages that it came from.
struct Finding {
    words: String,
    /// What a link says, and the statement that it opens.
    passages: Vec<(String, String)>,
}

/// Findings in the same words are told once, with the passages of all.
fn told_once(found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for one in found {
        let known = places
            .get(&one.words)
            .and_then(|place| told.get_mut(*place));
        match known {
            Some(known) => {
                for passage in one.passages {
                    if !known.passages.contains(&passage) {
                        known.passages.push(passage);
                    }
                }
            }
            None => {
                places.insert(one.words.clone(), told.len());
                told.push(one);
            }
        }
    }
    told
}

fn noun(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// How many say it, and how many of these are independent.
fn weight(view: &View) -> String {
    format!(
        "{} from {}",
        noun(view.mentions, "mention", "mentions"),
        noun(view.origins.len() as u64, "origin", "origins")
    )
}

/// What a series is about, in words.
fn title(series: &Series) -> String {
    let mut parts = vec![words::event(series.event)];
    if !series.population.is_empty() {
        parts.push(cased(series, &series.population));
    }
    parts.extend(series.place.as_deref().map(|place| cased(series, place)));
    if let Some(modality) = Modality::from_word(series.standing) {
        parts.push(words::modality(modality).to_owned());
    }
    parts.join(" · ")
}

/// A name as the texts write it: series hold theirs in small letters.
fn cased(series: &Series, name: &str) -> String {
    let found = series.figures.iter().find_map(|figure| {
        let quote = words::flat(&figure.quote);
        let letters = quote.as_bytes();
        let at = letters
            .windows(name.len().max(1))
            .position(|here| here.eq_ignore_ascii_case(name.as_bytes()))?;
        quote
            .get(at..at.saturating_add(name.len()))
            .map(str::to_owned)
    });
    found.unwrap_or_else(|| words::flat(name))
}

fn counted(series: &Series) -> String {
    let unit = if series.unit.is_empty() {
        "no unit told".to_owned()
    } else {
        words::unit(&series.unit)
    };
    match series.measure {
        Some(measure) => format!("{unit} · {}", words::measure(measure, series.event)),
        None => unit,
    }
}

fn count(value: Option<f64>) -> Option<Count> {
    value.map(Count::new)
}

fn said(figure: &Figure, unit: &str) -> String {
    let Some(kind) = figure.kind else {
        return "no number given".into();
    };
    let (low, high, best) = (count(figure.low), count(figure.high), count(figure.best));
    let bounds = words::bounds(kind, low, high, best);
    if unit.is_empty() {
        bounds
    } else {
        format!("{bounds} {}", words::unit(unit))
    }
}

/// `2023-10-09`, `2020-01-01 to 2024-04-30`.
fn time(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => from.to_owned(),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "no time told".to_owned(),
    }
}

fn named(origin: &Origin) -> String {
    let name = words::flat(&origin.name);
    if origin.unnamed {
        format!("somebody unnamed, by {name}")
    } else {
        name
    }
}

/// The figures in the order of what they are about: time after time, origin by origin.
fn order(series: &Series) -> Vec<usize> {
    let mut points: Vec<_> = series.points.iter().collect();
    points.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    let mut placed = vec![false; series.figures.len()];
    let mut order: Vec<usize> = Vec::with_capacity(placed.len());
    let mut place = |mut here: Vec<usize>| {
        here.retain(|n| {
            placed
                .get_mut(*n)
                .is_some_and(|placed| !std::mem::replace(placed, true))
        });
        here.sort_by_key(|n| series.figures.get(*n).map(|figure| figure.origin));
        order.extend(here);
    };
    for point in points {
        place(point.figures.clone());
    }
    place((0..series.figures.len()).collect());
    order.truncate(DRAWN);
    order
}

/// What the figures of each time have in common, and the rows that it is drawn behind.
fn bands(series: &Series, order: &[usize]) -> Vec<Band> {
    series
        .points
        .iter()
        .filter(|point| point.compatible)
        .filter_map(|point| {
            // What is told without a number agrees with any, and says nothing by it.
            let numbered: Vec<usize> = point
                .figures
                .iter()
                .copied()
                .filter(|n| series.figures.get(*n).is_some_and(|one| one.kind.is_some()))
                .collect();
            if numbered.len() < 2 {
                return None;
            }
            let origins: BTreeSet<usize> = numbered
                .iter()
                .filter_map(|n| series.figures.get(*n).map(|one| one.origin))
                .collect();
            let places = numbered
                .iter()
                .filter_map(|n| order.iter().position(|other| other == n));
            let (first, last) = (places.clone().min()?, places.max()?);
            let left = match (count(point.low), count(point.high)) {
                (Some(low), Some(high)) if low == high => words::number(low),
                (Some(low), Some(high)) => {
                    format!("{} to {}", words::number(low), words::number(high))
                }
                (Some(low), None) => format!("at least {}", words::number(low)),
                (None, Some(high)) => format!("at most {}", words::number(high)),
                (None, None) => return None,
            };
            Some(Band {
                low: point.low,
                high: point.high,
                rows: (first, last),
                words: format!(
                    "{}: {} from {} can hold together; they leave {left}",
                    words::titled(&time(point.from.as_deref(), point.to.as_deref())),
                    noun(numbered.len() as u64, "figure", "figures"),
                    noun(origins.len() as u64, "origin", "origins"),
                ),
            })
        })
        .collect()
}

fn row(one: &FigureSeries, figure: &Figure, states: &HashMap<String, Stands>) -> Row {
    let series = &one.series;
    let id = figure.id.to_string();
    let preferred = one
        .preferred
        .as_ref()
        .filter(|chosen| chosen.statement == id);
    let chain: Vec<String> = figure.chain.iter().map(|name| words::flat(name)).collect();
    let hedges: Vec<String> = figure
        .hedges
        .iter()
        .map(|hedge| format!("“{}”", words::flat(hedge)))
        .collect();
    let origin = series.origins.get(figure.origin);
    let who = origin.map_or_else(String::new, named);
    Row {
        says: if chain.is_empty() {
            who.clone()
        } else {
            chain.join(", as told by ")
        },
        bar: Bar {
            date: time(figure.from.as_deref(), figure.to.as_deref()),
            origin: figure.origin,
            who,
            words: said(figure, &series.unit),
            kind: figure.kind,
            low: figure.low,
            high: figure.high,
            best: figure.best,
            hedged: !figure.hedges.is_empty(),
            fact: figure.modality.is_fact(),
            preferred: preferred.is_some(),
            link: format!("/s/{id}"),
        },
        quote: words::flat(&figure.quote),
        hedges: hedges.join(", "),
        modality: figure.modality,
        title: figure.title.clone().unwrap_or_else(|| "(no title)".into()),
        published: figure.published.clone().unwrap_or_default(),
        state: states.get(&id).copied(),
        preferred: preferred.map(|chosen| chosen.decided.clone()),
        id,
    }
}

fn view(one: &FigureSeries, states: &HashMap<String, Stands>) -> View {
    let series = &one.series;
    let order = order(series);
    let figures = order.iter().filter_map(|n| series.figures.get(*n));
    let passage = |figure: &Figure| {
        let origin = series.origins.get(figure.origin);
        let who = origin.map_or_else(String::new, named);
        (
            format!("{}: {who}", said(figure, "")),
            figure.id.to_string(),
        )
    };
    let known = |id: StatementId, otherwise: &str| {
        let figure = series.figures.iter().find(|figure| figure.id == id);
        figure.map_or_else(|| (otherwise.to_owned(), id.to_string()), passage)
    };
    View {
        key: series.key.clone(),
        title: title(series),
        counted: counted(series),
        rows: figures.map(|figure| row(one, figure, states)).collect(),
        mentions: series.mentions as u64,
        bands: bands(series, &order),
        conflicts: told_once(series.conflicts.iter().map(|conflict| {
            let figures = conflict
                .figures
                .iter()
                .filter_map(|n| series.figures.get(*n));
            Finding {
                words: words::flat(&conflict.reason),
                passages: figures.map(passage).collect(),
            }
        })),
        identities: told_once(
            series
                .identities
                .iter()
                .map(|identity| {
                    let parts = identity.parts.iter().map(|part| known(*part, "a part"));
                    Finding {
                        words: identity.words.clone(),
                        passages: parts.chain([known(identity.total, "the total")]).collect(),
                    }
                })
                .chain(series.splits.iter().map(|split| Finding {
                    words: split.words.clone(),
                    passages: vec![
                        known(split.total, "the whole"),
                        known(split.part, "the part"),
                    ],
                })),
        ),
        confirmed: told_once(
            series
                .figures
                .iter()
                .filter(|figure| figure.confirmed_by_state)
                .map(|figure| Finding {
                    words: "A state confirms that it happened. That confirms no number of others."
                        .into(),
                    passages: vec![passage(figure)],
                }),
        ),
        circles: series
            .circles
            .iter()
            .map(|circle| {
                let names: Vec<String> = circle.iter().map(|name| words::flat(name)).collect();
                format!("{} cite one another: one origin", names.join(" and "))
            })
            .collect(),
        warnings: told_once(series.warnings.iter().map(|drift| Finding {
            words: format!(
                "{}: {}",
                words::titled(drift.kind),
                words::flat(&drift.words)
            ),
            passages: vec![known(drift.from, "one telling"), known(drift.to, "another")],
        })),
        origins: series
            .origins
            .iter()
            .map(|origin| (named(origin), origin.figures as u64))
            .collect(),
    }
}

fn list(heading: &str, findings: &[Finding], class: &str) -> Markup {
    const LINKS: usize = 8;
    html! { @if !findings.is_empty() {
        section class=(class) { h2 { (heading) } ul {
            @for one in findings {
                li { (one.words)
                    @if !one.passages.is_empty() { br; span.facts {
                        @for (n, (label, id)) in one.passages.iter().take(LINKS).enumerate() {
                            @if n > 0 { " · " } a href=(format!("/s/{id}")) { (label) }
                        }
                        @if one.passages.len() > LINKS { " · " (grouped((one.passages.len() - LINKS) as u64)) " more" }
                    } }
                }
            }
        } }
    } }
}

fn prefer(row: &Row, desk: &Desk<'_>) -> Markup {
    html! {
        @if let Some(decided) = &row.preferred {
            strong { "★ preferred" } p.facts { "By " (decided.by) ", " (panel::day(&decided.at)) ": “" (decided.reason) "”" }
            (panel::undo(desk, decided.number, "Undo", false))
        } @else {
            details.why {
                summary.button { "Prefer" }
                form method="post" action="/review" {
                    (panel::carried(desk))
                    input type="hidden" name="act" value="prefer";
                    input type="hidden" name="statement" value=(row.id);
                    label { "Who decides " input name="by" value=(desk.person) required maxlength="120" autocomplete="off"; }
                    (panel::reason(&format!("prefer-{}", row.id), "Why this one?"))
                    button type="submit" { "Prefer this figure" }
                }
            }
        }
    }
}

fn table(view: &View, desk: &Desk<'_>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="The same as a table" { table.lines.twin {
            caption { "The same in words" }
            thead { tr { th { "Origin" } th { "Figure" } th { "Holds for" } th { "Says so" } th { "Words" } th { "Stands in" } th { "Review" } th { "Preferred" } } }
            tbody { @for row in &view.rows { tr.result {
                td.short { (chart::tag(row.bar.origin)) }
                td { a.open href=(row.bar.link) { (row.bar.words) } br;
                    span class=(if row.modality.is_fact() { "chip fact" } else { "chip guard" }) { (words::modality(row.modality)) } }
                td.dates { (row.bar.date) }
                td { (row.says) @if !row.hedges.is_empty() { br; span.facts { "hedged: " (row.hedges) } } }
                td.said { span.quote { "“" (row.quote) "”" } }
                td { (row.title) @if !row.published.is_empty() { br; span.facts { (row.published) } } }
                td.short { @if let Some(state) = row.state { span class=(format!("state {}", state.as_str())) { (state.as_str()) } } }
                td { (prefer(row, desk)) }
            } } }
        } }
    }
}

fn series(view: &View, done: Option<&Decided>, desk: &Desk<'_>) -> Markup {
    let bars: Vec<&Bar> = view.rows.iter().map(|row| &row.bar).collect();
    let label = format!(
        "{}: {}. The table below says the same",
        view.title,
        weight(view)
    );
    html! {
        h1 { (view.title) }
        p.facts { (view.counted) " · " (weight(view)) " · " a href="/figures" { "all series" } }
        @if let Some(done) = done { (panel::notice(done, desk)) }
        figure.drawn {
            div.scroll tabindex="0" role="region" aria-label="Drawing of the figures" { (chart::chart(&bars, &view.bands, &label)) }
            figcaption { (chart::legend()) }
        }
        div.findings {
            (list("What cannot all hold", &view.conflicts, "finding conflict"))
            @if !view.bands.is_empty() {
                section.finding { h2 { "What agrees" } ul { @for band in &view.bands { li { (band.words) } } } }
            }
            (list("Confirmed by a state", &view.confirmed, "finding"))
            (list("Sums and parts", &view.identities, "finding"))
            (list("Beware", &view.warnings, "finding warning"))
            section.finding { h2 { "Origins" }
                ul { @for (n, (name, mentions)) in view.origins.iter().enumerate() {
                    li { strong { (chart::tag(n)) } " " (name) ": " (noun(*mentions, "mention", "mentions")) }
                }
                @for circle in &view.circles { li { "Circular: " (circle) } } }
            }
        }
        @if view.rows.len() >= DRAWN && view.mentions > DRAWN as u64 {
            p.note { "The first " (grouped(DRAWN as u64)) " figures are shown; `tumen figures` lists all." }
        }
        (table(view, desk))
    }
}

/// One series and where its figures stand in review.
fn one(case: &Case, key: &str) -> Result<(FigureSeries, HashMap<String, Stands>), Failure> {
    let all = case.figures(&StatementQuery::default())?;
    let found = all.into_iter().find(|one| one.series.key == key);
    let found = found.ok_or_else(|| {
        Failure::new(
            Whose::You,
            "not-found",
            "there is no such series: its figures may have been rejected, edited or found anew",
        )
        .hint("`Figures` lists the series that there are; decisions stand in the log")
    })?;
    let mut states = HashMap::new();
    for n in order(&found.series) {
        if let Some(figure) = found.series.figures.get(n) {
            states.insert(figure.id.to_string(), case.statement(figure.id)?.state);
        }
    }
    Ok((found, states))
}

fn address(key: &str) -> String {
    format!("/figures/{}", encoded(key))
}

pub(crate) async fn page(
    State(site): Shared,
    Path(key): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let done = asked.one("done").and_then(|number| number.parse().ok());
    let both = blocking(&site, move |case| {
        let done = done.map(|number| case.decision(number)).transpose()?;
        Ok((one(case, &key)?, done.flatten()))
    });
    let ((found, states), done) = match both.await {
        Ok(both) => both,
        Err(failure) => return failed(&failure, case, ""),
    };
    let view = view(&found, &states);
    let (person, back) = (site.person(), address(&view.key));
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: &back,
    };
    let body = html! { (site.freshness()) (series(&view, done.as_ref(), &desk)) };
    let frame = Frame {
        title: &view.title,
        case: Some(case),
        here: "/figures",
        query: "",
        wide: true,
    };
    framed(&frame, &body).into_response()
}

/// The series that most are told of come first, as on the command line.
///
/// # Errors
/// A filter is faulty, or the case is damaged.
pub(crate) fn found(case: &Case, asked: &Asked) -> Result<Vec<FigureSeries>, Failure> {
    let mut all = case.figures(&asked.query()?)?;
    let least = asked.count("least", 1);
    all.retain(|one| one.series.mentions >= least);
    all.sort_by_key(|one| std::cmp::Reverse(one.series.mentions));
    Ok(all)
}

fn line(one: &FigureSeries) -> Markup {
    const SHOWN: usize = 6;
    let series = &one.series;
    let mut figures: Vec<String> = Vec::new();
    for figure in &series.figures {
        let words = said(figure, "");
        if !figures.contains(&words) {
            figures.push(words);
        }
        if figures.len() > SHOWN {
            break;
        }
    }
    let flags = [
        (
            series.conflicts.len(),
            "conflict",
            "conflicts",
            "flag conflict",
        ),
        (series.warnings.len(), "warning", "warnings", "flag warning"),
        (series.identities.len(), "sum", "sums", "flag"),
        (series.splits.len(), "division", "divisions", "flag"),
        (series.circles.len(), "circle", "circles", "flag warning"),
    ];
    html! {
        tr.result {
            td.said { a.open href=(address(&series.key)) { (title(series)) } br; span.facts { (counted(series)) } }
            td { @for (n, words) in figures.iter().take(SHOWN).enumerate() { @if n > 0 { " · " } (words) } @if figures.len() > SHOWN { " · …" } }
            td.n { (grouped(series.mentions as u64)) }
            td.n { (grouped(series.origins.len() as u64)) }
            td {
                @for (many, one, several, class) in flags { @if many > 0 { span class=(class) { (noun(many as u64, one, several)) } " " } }
                @if series.status == "confirmed_by_state" { span.flag { "confirmed by a state" } " " }
                @if one.preferred.is_some() { span.flag { "★ preferred" } }
            }
        }
    }
}

pub(crate) async fn list_page(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let both = blocking(&site, move |case| {
        let counted = StatementQuery {
            counted: true,
            ..asked.query()?
        };
        let answer = case.statements(&counted, 0, 0)?;
        Ok((found(case, &asked)?, answer, asked))
    });
    let (all, answer, asked) = match both.await {
        Ok(all) => all,
        Err(failure) => return failed(&failure, case, ""),
    };
    let page = asked.count("page", 1);
    let shown = all.iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    let several = asked.one("least") == Some("2");
    let body = html! {
        (site.freshness())
        div.two {
            section aria-label="Figure series" {
                h1 { (grouped(all.len() as u64)) " figure series" }
                p { "Figures of one quantity stand side by side, each with its bounds and who says so. None is averaged. "
                    @if several { a href=(asked.with("/figures", "least", None)) { "Show single figures too" } }
                    @else { a href=(asked.with("/figures", "least", Some("2"))) { "Only where several are told" } } "." }
                @if all.is_empty() { p { "No figure fits all of this. " a href="/figures" { "Begin again" } "." } }
                @else {
                    div.scroll tabindex="0" role="region" aria-label="Table of figure series" { table.lines {
                        thead { tr { th { "Series" } th { "Figures" } th.n { "Mentions" } th.n { "Origins" } th { "Look at" } } }
                        tbody { @for one in shown { (line(one)) } }
                    } }
                    (turning("/figures", &asked, page, PAGE, all.len() as u64))
                }
            }
            (facets("/figures", &asked, &answer))
        }
    };
    let frame = Frame {
        title: "Figures",
        case: Some(case),
        here: "/figures",
        query: "",
        wide: true,
    };
    framed(&frame, &body).into_response()
}
