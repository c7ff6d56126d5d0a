//! `demo`: the sample case, from nothing to an answer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use investigation::records::file::Options;
use investigation::records::network::Masses;
use investigation::{
    AddOptions, Case, EstimateSettings, Event, Failure, ImportOptions, Judgement, Language,
    LinkKnown, LinkSettings, Method, Protection, SearchOptions, StatementQuery, TraceAsked, Unlock,
    Whose,
};

use super::tools;
use crate::cli::{self, Cli};
use crate::output::{Out, printable};
use crate::progress::Progress;

/// The passphrase of the sample case: it is public, and so is the case.
const PASSPHRASE: &str = "a sample is no secret";

pub(crate) fn demo(cli: &Cli, demo: &cli::Demo) -> Result<ExitCode, Failure> {
    let dir = demo.dir.clone().unwrap_or_else(|| fresh("tumen-demo"));
    let written = |error: std::io::Error| {
        Failure::new(
            Whose::Machine,
            "disk",
            format!("the sample cannot be written: {error}"),
        )
    };
    if std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::new(
            Whose::You,
            "not-empty",
            format!("`{}` is not empty", dir.display()),
        )
        .hint("name a new folder: `tumen demo DIR`"));
    }
    let (documents, folder) = (dir.join("documents"), dir.join("case"));
    testkit::write_sample(&documents).map_err(written)?;
    let passphrase = dir.join("passphrase");
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).map_err(written)?;

    let mut out = Out::new();
    out.line("1. A new case, encrypted")?;
    let protection = Protection::Passphrase(PASSPHRASE.to_owned().into());
    let (case, recovery) = Case::create(&folder, "Sample", &protection, tools())?;
    out.line(format_args!("   in {}", folder.display()))?;
    if let Some(code) = recovery {
        out.line(format_args!("   recovery code {}", code.as_str()))?;
    }
    out.line("")?;
    out.line(format_args!("2. Taking in {} files", testkit::FILES.len()))?;
    out.flush()?;
    let mut progress = Progress::new(cli.quiet, "files");
    let options = AddOptions {
        source: Some("sample".into()),
        ocr: true,
        ..AddOptions::default()
    };
    let summary = case.add(&[documents], &options, &mut |event| {
        if let Event::Progress { files, bytes } = event {
            progress.set(files, bytes);
        }
        Ok(())
    });
    progress.end();
    summary?;
    super::add::print_totals(&mut out, case.name(), &case.totals()?)?;
    out.line("")?;
    out.line("   Not read, and why:")?;
    for failure in case.failures()? {
        let member = failure
            .member
            .as_ref()
            .map(|m| format!(" › {m}"))
            .unwrap_or_default();
        let reason = failure.reason.unwrap_or_default();
        out.line(format_args!(
            "   {}{}: {}",
            failure.path,
            printable(&member),
            printable(&reason)
        ))?;
    }
    for (number, query) in [(3, "refugees reportedly held"), (4, "구금")] {
        out.line("")?;
        out.line(format_args!("{number}. tumen search {query}"))?;
        let options = SearchOptions {
            limit: 3,
            snippets: 1,
            ..SearchOptions::default()
        };
        let answer = case.search(query, &options)?;
        out.line(format_args!("   {} documents", answer.total))?;
        for found in &answer.documents {
            let title = found.title.as_deref().unwrap_or("(no title)");
            out.line(format_args!(
                "   {} — {}",
                printable(title),
                printable(&found.path)
            ))?;
            for hit in &found.hits {
                out.line(format_args!("     {}", printable(&hit.snippet)))?;
            }
        }
    }
    out.line("")?;
    out.line("5. tumen figures --event detention: what is said of one number, side by side")?;
    let query = StatementQuery {
        events: vec![casefile::statement::Event::Detention],
        ..StatementQuery::default()
    };
    let mut series = case.figures(&query)?;
    series.sort_by_key(|one| std::cmp::Reverse(one.series.mentions));
    for one in series.iter().take(1) {
        super::figures::print(&mut out, one)?;
    }
    out.line("")?;
    testkit::write_lists(&dir).map_err(written)?;
    who_is_who(&mut out, &case, &dir)?;
    out.line("")?;
    chain(&case, &dir.join("trade"), &mut out)?;
    uncounted(&mut out, &dir.join("overlapping"))?;
    if demo.serve {
        out.flush()?;
        let case = Case::open(
            &folder,
            &Unlock::Passphrase(PASSPHRASE.to_owned().into()),
            tools(),
        )?;
        return crate::serve::run(case, demo.listen, true, false);
    }
    out.line("10. The interface")?;
    out.line(format_args!(
        "   tumen --case {} --passphrase-file {} serve --open",
        folder.display(),
        passphrase.display()
    ))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// One man on three lists, each in the script of its source: proposed with reasons, joined by a person.
fn who_is_who(out: &mut Out, case: &Case, dir: &Path) -> Result<(), Failure> {
    out.line("6. tumen import the lists, tumen entities --candidates: who may be who, and why")?;
    for (path, _) in testkit::LISTS {
        case.import(
            &dir.join(path),
            &ImportOptions::default(),
            None,
            &mut |_, _| (),
        )?;
    }
    let pairs = case.candidates(investigation::THRESHOLD, 10)?;
    for pair in &pairs {
        super::entities::print_pair(out, pair)?;
    }
    out.line("")?;
    out.line("7. tumen review same: a person says so, with a reason; undo takes it back")?;
    let reason = "one name in three scripts, born in the same year";
    for (left, right) in [("police-1", "testimony-1"), ("police-1", "visa-1")] {
        let (number, _) = case.judge(left, right, Judgement::Positive, Some("demo"), reason)?;
        out.line(format_args!(
            "   decision {number}: {left} and {right} are the same, because: {reason}"
        ))?;
    }
    super::entities::people(out, &case.entity("police-1")?)
}

/// The estimate without which one importer is no longer reached.
const ESTIMATE: &str = "estimate of a trader.csv";

/// Invented squid from a vessel through a plant with a claim against it to two importers, and what one withdrawn
/// document does.
fn chain(case: &Case, folder: &Path, out: &mut Out) -> Result<(), Failure> {
    testkit::write_trade(folder).map_err(|error| {
        let message = format!("the trade records cannot be written: {error}");
        Failure::new(Whose::Machine, "disk", message)
    })?;
    out.line("8. tumen trade import, then tumen trace --from \"HAIYUN 21\": from a vessel to two importers")?;
    let import = ImportOptions {
        source: Some("sample".into()),
        ..ImportOptions::default()
    };
    for (name, _) in testkit::TRADE {
        case.import_trade(
            &folder.join(name),
            &Options::default(),
            &import,
            None,
            &mut |_, _| (),
        )?;
    }
    let trade = case.trade(Masses::Stated)?;
    let asked = TraceAsked {
        from: Some("HAIYUN 21".into()),
        most: 1,
        ..TraceAsked::default()
    };
    let answer = investigation::trace(&trade, &asked)?;
    for (number, chain) in (1..).zip(&answer.chains) {
        super::trade::people(out, number, chain)?;
    }
    out.line(format_args!("   The same with --without \"{ESTIMATE}\""))?;
    let fewer = TraceAsked {
        without: vec![ESTIMATE.into()],
        ..asked
    };
    super::trade::tell_fallen(out, &investigation::trace(&trade, &fewer)?, false)?;
    out.line("")
}

/// Three lists of the same invented people, each in its script: linked, and what none of them has estimated.
fn uncounted(out: &mut Out, folder: &Path) -> Result<(), Failure> {
    testkit::overlap::write(folder).map_err(|error| {
        let message = format!("the lists cannot be written: {error}");
        Failure::new(Whose::Machine, "disk", message)
    })?;
    let lists = testkit::overlap::lists();
    let paths: Vec<PathBuf> = lists.iter().map(|(file, ..)| folder.join(file)).collect();
    out.line("9. tumen link testimonies.csv notices.csv register.csv: one person in three scripts, and why")?;
    let read = investigation::read_lists(&tools(), &paths, |_, _| ())?;
    let linked =
        investigation::plan_link(&read, LinkSettings::default())?.run(&LinkKnown::default())?;
    let mut sample = None;
    let pairs = linked.pairs(false, true, |pair| {
        // The first that the reader can check letter by letter is as good as any.
        if sample.is_none() && pair.left.file.starts_with('t') && pair.right.file.starts_with('n') {
            sample = Some(pair.clone());
        }
        Ok(())
    })?;
    if let Some(pair) = &sample {
        super::link::people(out, pair)?;
    }
    let (records, people) = linked.totals();
    out.line(format_args!(
        "   {records} records, {pairs} pairs, {people} people; in truth there are {} of these invented people",
        testkit::overlap::PEOPLE
    ))?;
    out.line("")?;
    out.line("   tumen estimate: how many are on none of the lists, by every method")?;
    let settings = EstimateSettings {
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        ..EstimateSettings::default()
    };
    let done = investigation::estimate_table(linked.table()?, &settings)?;
    for one in &done.strata {
        super::estimate::answers(out, &one.report, Language::English)?;
        out.line(format_args!(
            "   {}",
            printable(&one.report.summary.say(Language::English))
        ))?;
    }
    out.line("")?;
    out.line("   The same over 20 linkages drawn from the probabilities of the pairs (estimate --linkages)")?;
    let settings = EstimateSettings {
        methods: vec![Method::Stepwise, Method::Bic, Method::Dga],
        resamples: 100,
        ..settings
    };
    let done = investigation::estimate_drawn(&linked.drawn_tables()?, &settings)?;
    super::estimate::linkages_text(out, &done, Language::English)?;
    out.line("")
}

/// A new folder below the temporary one.
fn fresh(name: &str) -> PathBuf {
    let base = std::env::temp_dir();
    let free = |number: &u32| !base.join(format!("{name}-{number}")).exists();
    let number = (1..10_000).find(free).unwrap_or(0);
    base.join(format!("{name}-{number}"))
}
