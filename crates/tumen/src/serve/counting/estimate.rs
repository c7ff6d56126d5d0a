//! How many are on no list: a table in, the methods side by side out.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use investigation::{
    Case, Columns, EstimateReport, EstimateSettings, Estimated, EstimatedLinkages, Failure, Known,
    Language, ListInfo, Method, MethodAnswer, OverlapTable, PriorChanged, Whose, wording,
};
use maud::{Markup, html};

use super::super::gate::Sent;
use super::super::pages::{Frame, failed, framed, refused};
use super::super::panel::{self, Desk};
use super::super::statements::Asked;
use super::super::{Shared, Site, blocking};
use super::plots::{intervals, models, overlaps, traces};
use super::{carried, choice, counted, people};
use crate::output::grouped;

const LANGUAGES: &[(&str, &str)] = &[("en", "English"), ("ko", "한국어"), ("zh", "中文")];

fn language(code: &str) -> Language {
    match code {
        "ko" => Language::Korean,
        "zh" => Language::Chinese,
        _ => Language::English,
    }
}

/// What the form holds.
#[derive(Default)]
struct Form {
    table: String,
    known: [String; 3],
    lang: String,
    sensitivity: bool,
    strata: String,
}

impl Form {
    fn of(asked: &Asked) -> Self {
        let text = |name: &str| asked.one(name).unwrap_or_default().to_owned();
        Self {
            table: text("table"),
            known: ["copied", "referral", "excludes"].map(text),
            lang: text("lang"),
            sensitivity: asked.one("sensitivity").is_some(),
            strata: text("strata"),
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

/// What people know of the lists, and how it is to be told; `of` keeps the names of fields in two forms apart.
fn questions(form: &Form, of: &str) -> Markup {
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
        @for ((name, question), told) in questions.iter().zip(&form.known) {
            label for=(format!("{of}-{name}")) { (question) }
            textarea id=(format!("{of}-{name}")) name=(name) rows="1" spellcheck="false" { (told) }
        }
        label { "Wording in " select name="lang" { @for (value, shown) in LANGUAGES { option value=(value) selected[*value == form.lang] { (shown) } } } }
        label { input type="checkbox" name="sensitivity" value="1" checked[form.sensitivity]; " Leave each list out in turn, and change the priors" }
    }
}

fn form(desk: &Desk<'_>, form: &Form) -> Markup {
    html! {
        form.screen method="post" action="/estimate" {
            (panel::carried(desk))
            label for="table" { "Table: a heading; lists as columns of 0 and 1; the count in the last column, or a row for each person" }
            textarea #table name="table" rows="8" required spellcheck="false" { (form.table) }
            label { "Column that divides people into strata, if any " input name="strata" value=(form.strata) autocomplete="off"; }
            (questions(form, "table"))
            div.acts { button.go type="submit" { "Estimate" } }
        }
    }
}

/// Everything that a page shows of one question.
struct Done {
    estimated: Estimated,
    /// With the error of linkage in it, where lists of the case were linked.
    drawn: Option<EstimatedLinkages>,
    priors: Vec<PriorChanged>,
    settings: EstimateSettings,
}

/// Quick methods are enough to see what rests on a list, or on the linkage.
fn quick(settings: &EstimateSettings) -> EstimateSettings {
    EstimateSettings {
        methods: vec![Method::Stepwise, Method::Bic, Method::Dga],
        resamples: 100,
        ..settings.clone()
    }
}

fn complete(
    mut estimated: Estimated,
    drawn: Option<EstimatedLinkages>,
    settings: EstimateSettings,
    sensitivity: bool,
) -> Result<Done, Failure> {
    let mut priors = Vec::new();
    if sensitivity {
        let mut settings = quick(&settings);
        if estimated.strata.iter().any(|one| one.table.width() == 3) {
            // Without one of three there are two, for which there is one method.
            settings.methods.insert(0, Method::Chapman);
        }
        estimated.leave_out(&settings)?;
        if let [one] = estimated.strata.as_slice() {
            priors = investigation::change_priors(&one.table, &settings)?;
        }
    }
    Ok(Done {
        estimated,
        drawn,
        priors,
        settings,
    })
}

/// `/estimate`: the lists of the case that the address names, linked and counted; or the forms alone.
pub(crate) async fn page(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let (form, lists) = (Form::of(&asked), asked.all("list"));
    let (working, sensitivity) = (site.clone(), form.sensitivity);
    let done = match (form.settings(), lists.is_empty()) {
        (_, true) => Ok(None),
        (Err(failure), _) => Err(failure),
        (Ok(settings), false) => {
            let lists = lists.clone();
            blocking(&site, move |case| {
                let counted = counted(&working, case, &lists)?;
                let Some(table) = &counted.table else {
                    return Err(Failure::new(
                        Whose::You,
                        "one-list",
                        "there is one list: how many are on none needs lists that overlap",
                    )
                    .hint("choose three lists or more"));
                };
                let estimated = investigation::estimate_table(table.clone(), &settings)?;
                let refused = estimated
                    .strata
                    .iter()
                    .any(|one| one.report.refused.is_some());
                let drawn = if refused || table.width() < 3 {
                    None
                } else {
                    Some(investigation::estimate_drawn(
                        &counted.drawn,
                        &quick(&settings),
                    )?)
                };
                complete(estimated, drawn, settings, sensitivity).map(Some)
            })
            .await
        }
    };
    finish(&site, &form, &lists, done).await
}

/// A table that was pasted.
pub(crate) async fn ask(State(site): Shared, Sent(fields): Sent) -> Response {
    let form = Form::of(&Asked(fields));
    let (text, sensitivity) = (form.table.clone(), form.sensitivity);
    let strata = Some(form.strata.trim().to_owned()).filter(|column| !column.is_empty());
    let done = match form.settings() {
        Ok(settings) => {
            blocking(&site, move |_| {
                let columns = Columns {
                    strata,
                    ..Columns::default()
                };
                let estimated = investigation::estimate_text(&text, &columns, &settings)?;
                complete(estimated, None, settings, sensitivity).map(Some)
            })
            .await
        }
        Err(failure) => Err(failure),
    };
    finish(&site, &form, &[], done).await
}

async fn finish(
    site: &Arc<Site>,
    form: &Form,
    lists: &[String],
    done: Result<Option<Done>, Failure>,
) -> Response {
    let name = site.case.name().to_owned();
    let of = (name.as_str(), site.case.is_plain());
    let all = match blocking(site, Case::lists).await {
        Ok(all) => all,
        Err(failure) => return failed(&failure, of, ""),
    };
    match done {
        Ok(done) => show(site, form, (&all, lists), done.as_ref()),
        Err(failure) if failure.kind == Whose::You => refused(&failure, of, "", Some("/estimate")),
        Err(failure) => failed(&failure, of, ""),
    }
}

fn show(
    site: &Site,
    asked: &Form,
    (all, lists): (&[ListInfo], &[String]),
    done: Option<&Done>,
) -> Response {
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
        (super::super::entities::tabs("/estimate"))
        p { "Several lists of the same people overlap; how they overlap says something about how many are on none. Nothing is kept of what is asked. Figures quoted in documents are never used." }
        @if let Some(done) = done {
            div lang=(lang.unwrap_or("en")) { (answered(done, language)) }
            @if !lists.is_empty() { p { a href=(format!("/linking?{}", carried(lists))) { "The pairs of records that this rests on" } } }
        }
        @if !all.is_empty() {
            h2 { "From lists of this case" }
            form.screen method="get" action="/estimate" {
                (choice(all, lists))
                (questions(asked, "of"))
                div.acts { button.go type="submit" { "Link and estimate" } }
            }
        }
        h2 { "From a table" }
        (form(&desk, asked))
    };
    framed(&frame, &body).into_response()
}

fn answered(done: &Done, language: Language) -> Markup {
    let estimated = &done.estimated;
    let say = |code: &'static str| wording(code, language);
    html! {
        @for one in &estimated.strata {
            @if !one.name.is_empty() { h2 { (say("stratum")) ": " (one.name) } }
            (found(&one.report, &one.table, &one.without, language))
            @if !done.priors.is_empty() { (priors(&done.priors, language)) }
            @if one.report.refused.is_none() {
                details { summary { "Appendix on the methods, for a report" }
                    pre.appendix tabindex="0" { (investigation::appendix(&one.report, &done.settings, language)) } }
            }
        }
        @if !estimated.together.is_empty() {
            h2 { (say("all-strata")) }
            table { thead { tr { th { (say("method")) } th.n { (say("estimate")) } th.n { (say("interval")) } } }
                tbody { @for (method, estimate, (low, high)) in &estimated.together { tr {
                    th scope="row" { (say(method.name())) } td.n { (people(*estimate)) } td.n { (people(*low)) " – " (people(*high)) }
                } } } }
        }
        @if let Some(drawn) = &done.drawn { (linkage_error(drawn, language)) }
        @for problem in &estimated.problems { p.facts { (problem.message) } }
    }
}

/// The same over linkages drawn from the probabilities of the pairs.
fn linkage_error(drawn: &EstimatedLinkages, language: Language) -> Markup {
    let say = |code: &'static str| wording(code, language);
    html! {
        section.linkage-error {
            h2 { "With the error of linkage in it" }
            p { "Who is who is never certain. The same was estimated over " (drawn.linkages) " linkages, each drawn from the probabilities of the pairs." }
            p.figure { (drawn.summary.say(language)) }
            table { thead { tr { th { (say("method")) } th.n { (say("estimate")) } th.n { (say("interval")) } th.n { "Variance from linkage" } } }
                tbody { @for one in &drawn.combined { tr {
                    th scope="row" { (say(one.method.name())) }
                    td.n { (one.estimate.map_or_else(|| "–".to_owned(), people)) }
                    td.n { @if let Some((low, high)) = one.interval { (people(low)) " – " (people(high)) } @else { "–" } }
                    td.n { @if one.share_of_linkage.is_finite() { (format!("{:.0}%", one.share_of_linkage * 100.0)) } @else { "–" } }
                } } } }
        }
    }
}

/// How much rests on what was assumed before anything was seen.
fn priors(changed: &[PriorChanged], language: Language) -> Markup {
    html! {
        table.priors {
            caption { "How much rests on the priors: each changed" }
            thead { tr { th { (wording("method", language)) } th { "Prior" } th.n { (wording("estimate", language)) } } }
            tbody { @for one in changed { tr {
                th scope="row" { (wording(one.answer.method.name(), language)) } td { (one.prior) } td.n { (estimate(&one.answer)) }
            } } }
        }
    }
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
                (traces(report, language))
                (models(report, language))
                @if !without.is_empty() {
                    div.scroll tabindex="0" role="region" aria-label="Each list left out" { table.methods {
                        caption { "How much rests on one list: each left out in turn" }
                        thead { tr { th { (say("without-list")) } @for (_, report) in without.iter().take(1) { @for answer in &report.answers { th.n { (say(answer.method.name())) } } } } }
                        tbody { @for (list, report) in without { tr {
                            th scope="row" { (list) }
                            @if report.answers.is_empty() { td colspan="3" { (report.summary.say(language)) } }
                            @for answer in &report.answers { td.n { (estimate(answer)) } }
                        } } }
                    } }
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
