//! `/trace`: how goods went, drawn and in a table; each hop opens its proof, each document can be withdrawn to see what
//! falls. Withdrawing is part of the question: it changes nothing in the case.

pub(crate) mod dossier;
mod drawing;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use investigation::records::network::Masses;
use investigation::{
    ChainFound, DenialShown, Failure, Fallen, HopShown, LeadShown, RegimeShown, RowProof, SeaEvent,
    TaintShown, TraceAsked, Traced, Whose, supply_days,
};
use maud::{Markup, html};

use super::pages::{Frame, encoded, failed, framed};
use super::statements::Asked;
use super::{Shared, blocking};
use crate::commands::trade::{bounds, by_end, mass, measured};

/// A document that something stands on.
struct Exhibit {
    key: String,
    title: String,
    sha256: Option<String>,
    withdrawn: bool,
}

/// Ends that get a sheet of elements on one page.
const MOST_SHEETS: usize = 12;

/// All that the page shows.
struct View {
    answer: Traced,
    exhibits: Vec<Exhibit>,
    /// For each end, what laws ask and what there is.
    sheets: Vec<(String, Vec<RegimeShown>)>,
    leads: Vec<LeadShown>,
    files: usize,
    hops: usize,
    problems: usize,
}

fn question(asked: &Asked) -> Result<TraceAsked, Failure> {
    let text = |name: &str| {
        asked
            .one(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let days = |name: &str| -> Result<Option<supply_days::Days>, Failure> {
        let Some(written) = text(name) else {
            return Ok(None);
        };
        let wrong = || {
            Failure::new(Whose::You, "bad-date", format!("`{written}` is no date"))
                .hint("write 2023, 2023-06, 2023-06-13, or 2023-01..2023-06 for a range")
        };
        supply_days::read(&written).ok_or_else(wrong).map(Some)
    };
    Ok(TraceAsked {
        from: text("from"),
        to: text("to"),
        between: days("between")?,
        product: text("product"),
        without: asked.all("without"),
        as_of: days("as_of")?.map(|days| days.last),
        certain: asked.one("certain").is_some(),
        critical: true,
        bounds: true,
        holding: None,
        most: 3,
    })
}

fn look(case: &investigation::Case, asked: &TraceAsked) -> Result<View, Failure> {
    let trade = case.trade(Masses::Stated)?;
    let nothing = trade.joined.network.hops.is_empty();
    let answer = if nothing {
        Traced::default()
    } else {
        investigation::trace(&trade, asked)?
    };
    // Whatever the whole answer stands on: what is withdrawn stays in sight, so that it can be put back.
    let mut known: Vec<(String, String)> = Vec::new();
    let all = answer.chains.iter().flat_map(|chain| {
        let hops = chain.hops.iter().flat_map(|hop| &hop.proof);
        hops.chain(chain.taints.iter().flat_map(|taint| &taint.proof))
    });
    for proof in all {
        let one = (proof.document.clone(), proof.title.clone());
        if !known.contains(&one) {
            known.push(one);
        }
    }
    for name in &asked.without {
        let document = trade
            .joined
            .network
            .documents
            .iter()
            .find(|d| *d.key == **name || *d.title == **name);
        let one = document.map_or_else(
            || (name.clone(), name.clone()),
            |d| (d.key.to_string(), d.title.to_string()),
        );
        if !known.contains(&one) {
            known.push(one);
        }
    }
    let exhibits = known
        .into_iter()
        .map(|(key, title)| Exhibit {
            sha256: trade
                .files
                .iter()
                .find(|file| file.key() == key)
                .map(|file| file.sha256.to_string()),
            withdrawn: asked.without.contains(&key) || asked.without.contains(&title),
            key,
            title,
        })
        .collect();
    let day = asked.as_of.unwrap_or_else(investigation::today);
    let sheets = by_end(&answer.chains)
        .into_iter()
        .take(MOST_SHEETS)
        .map(|(name, chains)| (name, investigation::sheet(&trade, &chains, day)))
        .collect();
    Ok(View {
        sheets,
        leads: investigation::leads(&trade),
        answer,
        exhibits,
        files: trade.files.len(),
        hops: trade.joined.network.hops.len(),
        problems: trade.joined.problems.len()
            + trade
                .files
                .iter()
                .map(|file| file.read.problems.len())
                .sum::<usize>(),
    })
}

pub(crate) async fn page(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let question = match question(&asked) {
        Ok(question) => question,
        Err(failure) => return failed(&failure, case, ""),
    };
    match blocking(&site, move |case| look(case, &question)).await {
        Ok(view) => {
            let frame = Frame {
                title: "Trace",
                case: Some(case),
                here: "/trace",
                query: "",
                wide: true,
            };
            framed(&frame, &body(&view, &asked)).into_response()
        }
        Err(failure) => failed(&failure, case, ""),
    }
}

/// The question with one document withdrawn or put back.
fn address(asked: &Asked, document: &str, withdraw: bool) -> String {
    let mut out = String::from("/trace?");
    for (name, value) in &asked.0 {
        if !value.is_empty() && (name != "without" || value != document) {
            out += &format!("{}={}&", encoded(name), encoded(value));
        }
    }
    if withdraw {
        out += &format!("without={}", encoded(document));
    }
    out.trim_end_matches(['&', '?']).to_owned()
}

fn body(view: &View, asked: &Asked) -> Markup {
    let answer = &view.answer;
    html! {
        h1 { "Trace" }
        p.facts { a href="/replies" { "Right of reply" } ": who was asked for an answer, and what came of it." }
        (form(asked))
        @if view.hops == 0 {
            p.note role="status" { "There are no hops in this case yet. " code { "tumen trade import FILE" } " brings in bills of lading, EPCIS events, vessel events, positions, registers, ownership and claims." }
        } @else {
            p.facts { (view.hops) " hops from " (view.files) " files; " (view.problems) " doubts in their rows, which " code { "tumen trade import --json" } " names one by one." }
            @for note in &answer.notes { p.facts { "Taken as given: " (note) "." } }
            @if let Some(fallen) = &answer.fallen { (fall(fallen)) }
            @if answer.chains.is_empty() {
                p.note role="status" { "No chain stands that these dates and documents allow. That nothing is found here does not show that nothing happened: records may be missing." }
                @if !answer.missing.is_empty() {
                    h2 { "Gaps" }
                    ul { @for missing in &answer.missing { li { "A " (missing.record.replace('_', " ")) " from " (dossier::link(&missing.from)) " to " (dossier::link(&missing.to)) ", " (missing.between) ", would join them." } } }
                }
            } @else {
                (drawing::drawing(&answer.chains))
                (drawing::steps(&answer.chains))
                h2 { "Hop by hop" }
                (table(&answer.chains, asked))
                (claims(&answer.chains))
                @if let Some(amounts) = &answer.amounts { (how_much(amounts)) }
                (at_sea(&answer.chains))
                @for (name, regimes) in &view.sheets { (sheet(name, regimes)) }
            }
            (leads(&view.leads))
            (exhibits(view, asked))
        }
    }
}

fn form(asked: &Asked) -> Markup {
    let value = |name: &str| asked.one(name).unwrap_or("").to_owned();
    html! {
        form.screen.asking method="get" action="/trace" aria-label="What to trace" {
            @for (name, label, hint) in [
                ("from", "From", "a plant, a vessel; empty: whatever a claim is made against"),
                ("to", "To", "an importer; empty: whoever sends the goods no further"),
                ("between", "Between", "2023-01..2023-06"),
                ("product", "Goods", "squid, 0307.43"),
                ("as_of", "As of", "2023-06-30"),
            ] {
                label { (label) " " input type="search" name=(name) value=(value(name)) placeholder=(hint); }
            }
            label { input type="checkbox" name="certain" value="yes" checked[asked.one("certain").is_some()]; " only what holds whatever the imprecise dates mean" }
            @for document in asked.all("without") { input type="hidden" name="without" value=(document); }
            div.acts { button.go type="submit" { "Trace" } }
        }
    }
}

fn names(list: &[investigation::HolderShown]) -> String {
    if list.is_empty() {
        return "nobody".to_owned();
    }
    list.iter()
        .map(|one| one.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn fall(fallen: &Fallen) -> Markup {
    html! {
        section.finding.conflict role="status" #falls {
            h2 { "Without " (fallen.title) }
            ul {
                li { "No longer reached: " strong { (names(&fallen.falls)) } }
                li { "Still reached: " (names(&fallen.stands)) }
            }
        }
    }
}

/// How something stands, never by colour alone.
fn word(word: impl serde::Serialize) -> Markup {
    let word = serde_json::to_value(word)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    let class = match word.as_str() {
        "contested" => "flag conflict",
        "alleged" => "flag warning",
        _ => "flag",
    };
    html! { span class=(class) { (word) } }
}

fn goods(hop: &HopShown) -> Markup {
    html! {
        (hop.product.as_deref().or(hop.species.as_deref()).unwrap_or("not described"))
        @if let Some(hs) = &hop.hs { " · HS " (hs) }
        @for lot in &hop.lots { " · lot " (lot) }
    }
}

fn table(chains: &[ChainFound], asked: &Asked) -> Markup {
    let mut seen = std::collections::BTreeSet::new();
    let hops: Vec<&HopShown> = chains
        .iter()
        .flat_map(|chain| &chain.hops)
        .filter(|hop| seen.insert(hop.hop))
        .collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Hops" { table.lines.twin.stack {
            caption { "The same as the drawing, with what each hop stands on." }
            thead { tr { th { "From" } th { "To" } th.dates { "Left" } th.dates { "Arrived" } th { "Goods" } th { "Kilograms" } th { "Stands" } th { "Proof" } } }
            tbody { @for hop in hops { tr #(format!("hop-{}", hop.hop)) {
                td data-label="From" { (dossier::link(&hop.from)) br; span.src { (hop.from.kind) } }
                td data-label="To" { (dossier::link(&hop.to)) br; span.src { (hop.to.kind) } @if !hop.stated { br; span.flag.warning { "possible" } " " span.src { (hop.why) } } }
                td.dates data-label="Left" { (hop.departed) } td.dates data-label="Arrived" { (hop.arrived) }
                td data-label="Goods" { (goods(hop)) @if let Some(vessel) = &hop.carried_by { br; span.src { "on " (vessel) } } }
                td.n data-label="Kilograms" { @match hop.kg { Some(kg) => { (mass(kg)) br; span.src { (hop.mass_basis.as_deref().unwrap_or("")) } }, None => "no mass" } }
                td data-label="Stands" { (word(hop.word)) " " span.src { (hop.origins) @if hop.origins == 1 { " origin" } @else { " origins" } } }
                td.said data-label="Proof" { (proofs(&hop.proof, Some(asked))) (denials(&hop.denials)) }
            } } }
        } }
    }
}

/// The words that something stands on, each leading to its document and with the way to withdraw it.
fn proofs(list: &[RowProof], asked: Option<&Asked>) -> Markup {
    html! {
        @for proof in list {
            details.why {
                summary { (proof.title) " row " (proof.row) @if proof.withdrawn { " (withdrawn)" } }
                blockquote { (proof.words.replace('\t', " · ")) }
                p.src { (proof.basis) "; first told by " (proof.origin)
                    @if proof.file.starts_with("d_") { " · " a href=(format!("/d/{}", proof.file)) { "open the file" } }
                    @if let Some(asked) = asked {
                        @if proof.withdrawn { " · " a href=(address(asked, &proof.document, false)) { "put back" } }
                        @else { " · " a href=(address(asked, &proof.document, true)) { "withdraw " (proof.title) } }
                    }
                }
            }
        }
    }
}

fn denials(list: &[DenialShown]) -> Markup {
    html! {
        @for denial in list {
            p { span.flag.conflict { "denied" } " by " (denial.by) @if let Some(on) = &denial.on { ", " (on) } }
            (proofs(&denial.proof, None))
        }
    }
}

fn claims(chains: &[ChainFound]) -> Markup {
    let all: Vec<(&ChainFound, &TaintShown)> = chains
        .iter()
        .flat_map(|chain| chain.taints.iter().map(move |taint| (chain, taint)))
        .collect();
    if all.is_empty() {
        return html! {};
    }
    let open = |day: &Option<String>| day.clone().unwrap_or_else(|| "not said".to_owned());
    html! {
        h2 #claims { "Claims against those on the way" }
        div.scroll tabindex="0" role="region" aria-label="Claims" { table.lines.stack {
            caption { "A claim is what somebody says. Whether it touches these goods follows from dates alone." }
            thead { tr { th { "To whom the goods went" } th { "Claim" } th { "At" } th.dates { "From" } th.dates { "To" } th { "These goods" } th { "Stands" } th { "Proof" } } }
            tbody { @for (chain, taint) in all { tr {
                td data-label="To whom the goods went" { (chain.to.name) } td data-label="Claim" { (taint.what) } td data-label="At" { (taint.on) }
                td.dates data-label="From" { (open(&taint.from)) } td.dates data-label="To" { (open(&taint.to)) }
                td data-label="These goods" { @match taint.touches { "certain" => "came under it by the dates", "possible" => "may have come under it", "withdrawn" => "withdrawn for this answer", _ => "did not come under it by the dates" } }
                td data-label="Stands" { (word(taint.word)) " " span.src { (taint.origins) @if taint.origins == 1 { " origin" } @else { " origins" } } }
                td.said data-label="Proof" { (proofs(&taint.proof, None)) (denials(&taint.denials)) }
            } } }
        } }
    }
}

/// What laws ask about one importer. Whether something is against the law is for others to say.
fn sheet(name: &str, regimes: &[RegimeShown]) -> Markup {
    html! {
        details.elements open {
            summary { strong { "Elements for " (name) } }
            @for regime in regimes {
                h3 { (regime.name) " · " (regime.jurisdiction) }
                p.src { "applies from " (regime.applies_from)
                    @if !regime.applies { " (not yet on the day asked about)" }
                    @if !regime.verified { " · this description is unverified" }
                    @if !regime.note.is_empty() { " · " (regime.note) }
                    @for (title, address) in &regime.sources { " · source: " (title) " (" (address) ")" }
                }
                div.scroll tabindex="0" role="region" aria-label=(format!("Elements of {}", regime.name)) { table.lines.stack {
                    thead { tr { th { "Element" } th { "Stands" } th { "Standard and burden" } th { "Exhibits" } } }
                    tbody { @for element in &regime.elements { tr {
                        td.said { (element.what) }
                        td data-label="Stands" { (state(element)) }
                        td data-label="Standard and burden" { (element.standard) br; span.src { "to be shown by " (element.burden) @if !element.verified { " (unverified)" } } }
                        td.said data-label="Exhibits" { (proofs(&element.exhibits, None))
                            @if !element.denials.is_empty() { p { span.flag.conflict { "denied" } } (proofs(&element.denials, None)) } }
                    } } }
                } }
            }
        }
    }
}

fn state(element: &investigation::ElementShown) -> Markup {
    let written = serde_json::to_value(element.state)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    let class = match written.as_str() {
        "contested" => "flag conflict",
        "presumed" => "flag warning",
        _ => "flag",
    };
    html! {
        span class=(class) { (written.replace('_', " ")) }
        @if element.origins > 0 { " " span.src { (element.origins) @if element.origins == 1 { " origin" } @else { " origins" } } }
        @if written == "presumed" { br; span.src { "from " (element.presumed_from.join(", ")) } }
    }
}

fn leads(leads: &[LeadShown]) -> Markup {
    html! {
        @if !leads.is_empty() {
            h2 #leads { "Leads: a new name with the marks of a listed one" }
            p.facts { "A lead says where to look. It is no claim of guilt: offices are shared, numbers are handed on." }
            div.scroll tabindex="0" role="region" aria-label="Leads" { table.lines {
                thead { tr { th { "Listed" } th { "Seen later as" } th { "By" } th { "After the listing" } th { "Who have it" } th { "Listing, the one, the other" } } }
                tbody { @for lead in leads { tr {
                    td { (lead.listed) } td { (lead.other) } td { (lead.mark) } td.n { (lead.after) " days" } td.n { (lead.shared_by) } td.said { (proofs(&lead.proof, None)) }
                } } }
            } }
        }
    }
}

/// Bounds for each importer and for all together; exposed and tainted are never one for the other.
fn how_much(amounts: &investigation::Amounts) -> Markup {
    html! {
        h2 #amounts { "How much" }
        @if amounts.tainted_not_shown { p.note { strong { "Tainted volume is not shown" } ": no claim names goods themselves. What follows is exposed volume, which came from or passed the place in question." } }
        div.scroll tabindex="0" role="region" aria-label="Amounts" { table.lines.stack {
            caption { "Least and greatest. The bounds of several together are not the sum of theirs." }
            thead { tr { th { "Whose" } th { "What" } th { "Took in" } th { "At least and at most" } th { "With goods of unknown origin" } th { "By convention" } } }
            tbody { @for amount in &amounts.amounts { tr {
                td { (names(&amount.of)) @if amount.of.len() > 1 { " " strong { "together" } } }
                td { (measured(amount)) }
                td.n data-label="Took in" { (bounds(amount.received)) }
                td.n data-label="At least and at most" { strong { (bounds(amount.known)) } @if !amount.attained { br; span.src { "the truth lies within" } } }
                td.n data-label="With goods of unknown origin" { (bounds(amount.with_unknown)) }
                td data-label="By convention" { @for one in &amount.conventions {
                    (one.convention.replace('_', " ")) ": "
                    @for (name, kg) in &one.kg { (name) " " (mass([*kg, *kg])) " kg " }
                    br;
                } }
            } } }
        } }
    }
}

fn at_sea(chains: &[ChainFound]) -> Markup {
    let mut events: Vec<&SeaEvent> = chains.iter().flat_map(|chain| &chain.sea).collect();
    events.sort_by(|a, b| (&a.from, &a.vessel).cmp(&(&b.from, &b.vessel)));
    events.dedup_by(|a, b| (&a.from, &a.vessel, a.kind) == (&b.from, &b.vessel, b.kind));
    html! {
        @if !events.is_empty() {
            h2 { "Gaps at sea" }
            ul { @for event in events { li { strong { (event.kind) } " of " (event.vessel) ", " (event.from) " to " (event.to) ": " (event.rule) } } }
        }
    }
}

/// What everything above stands on, with what falls without each, and hashes for whoever checks a printed copy.
fn exhibits(view: &View, asked: &Asked) -> Markup {
    html! {
        h2 #exhibits { "Documents" }
        @for broken in &view.answer.breaking {
            p.facts {
                @match (&broken.without, broken.at_least) {
                    (Some(set), _) => { "The fewest " (broken.of) " that break the way to " strong { (broken.to.name) } ": " (set.len()) " (" (set.join(", ")) ")." }
                    (None, Some(least)) => { "At least " (least) " " (broken.of) " are needed to break the way to " strong { (broken.to.name) } "." }
                    (None, None) => {}
                }
            }
        }
        div.scroll tabindex="0" role="region" aria-label="Documents" { table.lines.stack {
            caption { "Each document, and who is no longer reached without it." }
            thead { tr { th { "Document" } th { "Without it" } th { "SHA-256 of the original" } th { "Withdraw" } } }
            tbody { @for one in &view.exhibits { tr {
                td { @if one.sha256.is_some() && one.key.starts_with("d_") { a href=(format!("/d/{}", one.key)) { (one.title) } } @else { (one.title) } }
                td data-label="Without it" {
                    @match view.answer.critical.iter().find(|fallen| fallen.without == one.key) {
                        Some(fallen) => { strong { "breaks: " } (names(&fallen.falls)) }
                        None if one.withdrawn => "withdrawn",
                        None => "nothing falls",
                    }
                }
                td data-label="SHA-256 of the original" { @match &one.sha256 { Some(hash) => code { (hash) }, None => span.src { "named in a row; not itself a file of trade records" } } }
                td { @if one.withdrawn { a.button href=(address(asked, &one.key, false)) { "Put back" } } @else { a.button href=(address(asked, &one.key, true)) { "Withdraw" } } }
            } } }
        } }
    }
}
