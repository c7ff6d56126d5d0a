//! Sentences of the genres with what they claim. Names, places, numbers and dates are found by the
//! crate's own scanners.

use crate::{Context, find};

thread_local! {
    static WRONG: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn wrong(message: String) {
    WRONG.with_borrow_mut(|all| all.push(message));
}

/// Fails with all that went wrong since the last call.
fn settle() {
    let all = WRONG.take();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Each wanted line is `event trigger modality`, in the order of the text; `!` before a line means
/// that no statement of this event may come out at all.
fn check(text: &str, wanted: &[&str]) {
    let context = Context {
        published: "2024-05-07".parse().ok(),
        blocks: &[],
    };
    let found = find(text, &context);
    let got: Vec<String> = found
        .statements
        .iter()
        .map(|s| {
            format!(
                "{} {} {}",
                s.event.as_str(),
                s.trigger.text.to_lowercase(),
                s.modality.as_str()
            )
        })
        .collect();
    for line in wanted {
        if let Some(event) = line.strip_prefix('!') {
            if found.statements.iter().any(|s| s.event.as_str() == event) {
                wrong(format!(
                    "{text}
   unwanted {event}: {got:?}"
                ));
            }
        } else {
            if !got.iter().any(|g| g == line) {
                wrong(format!(
                    "{text}
   wanted {line}
   got {got:?}"
                ));
            }
        }
    }
}

/// What the statement of `event` carries: attribution sources, and the figure's words.
fn check_carried(text: &str, event: &str, sources: &[&str], figure: Option<&str>) {
    let context = Context {
        published: "2024-05-07".parse().ok(),
        blocks: &[],
    };
    let found = find(text, &context);
    let statement = found.statements.iter().find(|s| s.event.as_str() == event);
    let Some(statement) = statement else {
        wrong(format!(
            "{text}
   no {event}"
        ));
        return;
    };
    let got: Vec<&str> = statement
        .attribution
        .iter()
        .map(|a| a.source.quote().map_or("unnamed", |q| q.text.as_str()))
        .collect();
    if got != sources {
        wrong(format!("{text}\n   sources {sources:?}\n   got {got:?}"));
    }
    let counted = statement.quantity.as_ref().map(|q| q.text.as_str());
    if counted != figure {
        wrong(format!(
            "{text}
   figure {figure:?}
   got {counted:?}"
        ));
    }
}

#[test]
fn what_happened_is_told_from_what_may() {
    check(
        "Police in Yanji arrested seven North Koreans in March.",
        &["arrest arrested happened"],
    );
    check(
        "Seven North Koreans were arrested by police in Yanji.",
        &["arrest arrested happened"],
    );
    check(
        "Returnees face torture, forced labor, and even execution.",
        &[
            "torture torture risk",
            "forced_labour forced labor risk",
            "execution execution risk",
        ],
    );
    check(
        "She was subjected to torture and sexual violence in a detention center in Onsong.",
        &[
            "torture torture happened",
            "sexual_violence sexual violence happened",
            "!detention",
        ],
    );
    check(
        "Women who are repatriated while pregnant are often subjected to forced abortions.",
        &["forced_abortion forced abortions general"],
    );
    check(
        "The committee urged China to release all detained refugees.",
        &["request urged happened", "release release request"],
    );
    check(
        "We call on the Chinese government to halt the repatriation of North Korean refugees.",
        &[
            "request call on happened",
            "repatriation repatriation request",
        ],
    );
    check(
        "China may soon repatriate more than 200 people.",
        &["repatriation repatriate risk"],
    );
    check(
        "If they are sent back, they could be executed.",
        &[
            "repatriation sent back hypothetical",
            "execution executed risk",
        ],
    );
    check(
        "China has denied that it forcibly returned refugees.",
        &["repatriation forcibly returned denied"],
    );
    check(
        "Officials could not confirm whether the men had been deported.",
        &["deportation deported unconfirmed"],
    );
    check(
        "The ministry plans to deport 40 migrants next week.",
        &["deportation deport planned"],
    );
    check(
        "They fear being repatriated.",
        &["repatriation repatriated risk"],
    );
    check(
        "There is a real risk of torture upon return.",
        &["torture torture risk"],
    );
    check(
        "Authorities did not release the detainees.",
        &["release release denied"],
    );
    check("Nobody was executed.", &["execution executed denied"]);
    check(
        "He fled North Korea in 2019 and was detained in Kunming two years later.",
        &["crossing fled happened", "detention detained happened"],
    );
    check(
        "North Korean workers in Dandong are forced to work up to 18 hours a day.",
        &["forced_labour forced to work ongoing"],
    );
    check(
        "Thousands of women have been sold into marriage in China.",
        &["trafficking sold into happened"],
    );
    settle();
}

#[test]
fn words_alone_are_not_events() {
    check(
        "Customs officers detained a shipment of frozen squid at the port.",
        &["!detention"],
    );
    check("The parties executed the contract in May.", &["!execution"]);
    check(
        "The company held a meeting with its suppliers.",
        &["!detention"],
    );
    check(
        "The Commission released a report on Tuesday.",
        &["!release", "report released a report happened"],
    );
    check("The detention center was rebuilt in 2016.", &["!detention"]);
    check(
        "China returned to the negotiating table.",
        &["!repatriation"],
    );
    settle();
}

#[test]
fn tellers_and_figures_go_to_their_events() {
    check_carried(
        "According to the Database Center for North Korean Human Rights, 8,148 cases of forced repatriation were recorded.",
        "repatriation",
        &["Database Center for North Korean Human Rights"],
        Some("8,148"),
    );
    check_carried(
        "“About 600 people were sent back on the night of October 9,” said Peter Jung.",
        "repatriation",
        &["Peter Jung"],
        Some("About 600"),
    );
    check_carried(
        "A missionary told Human Rights Watch that police had detained 12 women.",
        "detention",
        &["missionary", "Human Rights Watch"],
        Some("12"),
    );
    check_carried(
        "Chinese authorities reportedly detained at least 30 people.",
        "detention",
        &["unnamed"],
        Some("at least 30"),
    );
    check_carried(
        "In Section 7 of the report, the authors say that China deported 3 people.12",
        "deportation",
        &["authors"],
        Some("3"),
    );
    settle();
}

#[test]
fn people_who_come_back_are_not_handed_over() {
    check("The flight crew returned to Denver.", &["!repatriation"]);
    check(
        "The man returned in December with worsening pain.",
        &["!repatriation"],
    );
    check(
        "More than 200 people were returned on Monday night.",
        &["repatriation returned happened"],
    );
    check(
        "China should not return refugees to North Korea.",
        &["repatriation return obligation"],
    );
    check(
        "The police returned the women to Onsong.",
        &["repatriation returned happened"],
    );
    check(
        "Those forcibly returned are never seen again.",
        &["repatriation forcibly returned happened"],
    );
    settle();
}

/// One field of a statement as the table of `told.txt` writes it.
fn field(statement: &casefile::statement::Statement, name: &str) -> String {
    let one = |all: &[casefile::statement::Argument]| {
        all.first()
            .and_then(|a| a.quote())
            .map_or(String::new(), |q| q.text.clone())
    };
    match name {
        "patient" => one(&statement.patient),
        "agent" => one(&statement.agent),
        "object" => one(&statement.object),
        "date" => statement
            .date
            .as_ref()
            .map_or(String::new(), |d| d.text.clone()),
        "modality" => statement.modality.as_str().to_owned(),
        "figure" => statement
            .quantity
            .as_ref()
            .map_or(String::new(), |q| q.text.clone()),
        "quote" => statement.quote.clone(),
        "sources" => statement
            .attribution
            .iter()
            .map(|a| a.source.quote().map_or("unnamed", |q| q.text.as_str()))
            .collect::<Vec<_>>()
            .join(" < "),
        other => panic!("told.txt asks for {other}"),
    }
}

#[test]
fn what_is_told_of_whom_by_whom_and_when() {
    for row in include_str!("told.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let mut columns = row.split('\t');
        let (Some(event), Some(asked), Some(text)) =
            (columns.next(), columns.next(), columns.next())
        else {
            panic!("three columns: {row}");
        };
        let found = find(text, &Context::default()).statements;
        let of_event: Vec<_> = found.iter().filter(|s| s.event.as_str() == event).collect();
        match (asked.split_once('='), of_event.first()) {
            (None, Some(_)) => wrong(format!("{text}\n   unwanted {event}")),
            (None, None) => {}
            (Some(_), None) => wrong(format!("{text}\n   no {event}")),
            (Some((name, value)), Some(statement)) => {
                let got = field(statement, name);
                if got != value {
                    wrong(format!(
                        "{text}\n   {event} {name}: wanted {value}, got {got}"
                    ));
                }
                if of_event.len() > 1 && matches!(event, "letter" | "export") {
                    wrong(format!("{text}\n   {event} twice"));
                }
            }
        }
    }
    settle();
}

#[test]
fn rival_figures_are_statements_of_their_own() {
    for (text, wanted) in [
        (
            "Some groups say 1,500 were returned that night, others at least 2,000.",
            vec!["1,500 Some groups", "at least 2,000 others"],
        ),
        (
            "About 600 people were repatriated in October. Amnesty International says 450.",
            vec!["About 600 ", "450 Amnesty International"],
        ),
        (
            "Police said 40 people were detained. They left in two buses, one black.",
            vec!["40 Police"],
        ),
    ] {
        let found = find(text, &Context::default()).statements;
        let got: Vec<String> = found
            .iter()
            .filter_map(|s| {
                let source = s.attribution.first().and_then(|a| a.source.quote());
                let figure = s.quantity.as_ref()?;
                Some(format!(
                    "{} {}",
                    figure.text,
                    source.map_or("", |q| q.text.as_str())
                ))
            })
            .collect();
        assert_eq!(got, wanted, "{text}");
    }
}
