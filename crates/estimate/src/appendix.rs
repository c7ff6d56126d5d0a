//! The methods appendix of a report: what was done, with what settings, under what assumptions, after whom.

use std::fmt::Write;

use crate::methods::Method;
use crate::report::{Report, Settings, grouped, round};
use crate::words::{Language, wording};

/// The source of each method.
#[must_use]
pub fn source(method: Method) -> &'static str {
    match method {
        Method::Chapman => {
            "Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications to \
             zoological sample censuses. University of California Publications in Statistics 1, 131-160."
        }
        Method::Chao => {
            "Chao, A. (1987). Estimating the population size for capture-recapture data with unequal \
             catchability. Biometrics 43, 783-791."
        }
        Method::Main => {
            "Fienberg, S. E. (1972). The multiple recapture census for closed populations and incomplete 2^k \
             contingency tables. Biometrika 59, 591-603."
        }
        Method::Stepwise => {
            "Chan, L., Silverman, B. W., Vincent, K. (2021). Multiple systems estimation for sparse capture data. \
             Journal of the American Statistical Association 116, 1297-1306."
        }
        Method::Bic => {
            "Silverman, B. W., Chan, L., Vincent, K. (2024). Bootstrapping multiple systems estimates to account \
             for model selection. Statistics and Computing 34, 44."
        }
        Method::Threshold => {
            "Silverman, B. W. (2020). Multiple-systems analysis for the quantification of modern slavery. Journal \
             of the Royal Statistical Society A 183, 691-736."
        }
        Method::Dga => {
            "Madigan, D., York, J. C. (1997). Bayesian methods for estimation of the size of a closed population. \
             Biometrika 84, 19-31."
        }
        Method::Lcmcr => {
            "Manrique-Vallier, D. (2016). Bayesian population size estimation using Dirichlet process mixtures. \
             Biometrics 72, 1246-1254."
        }
    }
}

/// The appendix as Markdown. Counts of single cells are not in it.
#[must_use]
pub fn appendix(report: &Report, settings: &Settings, language: Language) -> String {
    let say = |code: &'static str| wording(code, language);
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "## {}\n\n{}\n",
        say("appendix"),
        report.summary.say(language)
    );
    let lists = report.lists.join(", ");
    let observed = grouped(report.observed);
    let _ = writeln!(out, "- {}: {observed} ({lists})", say("seen"));
    let _ = writeln!(
        out,
        "- {}: {}; {}: {}; {}: {}%; Tumen {}",
        say("seed"),
        settings.seed,
        say("resamples"),
        settings.resamples,
        say("level"),
        settings.level * 100.0,
        env!("CARGO_PKG_VERSION"),
    );
    for (code, pairs) in [
        ("copied", &report.known.copied),
        ("referral", &report.known.referral),
        ("excludes", &report.known.excludes),
    ] {
        let named: Vec<String> = pairs.iter().map(|(a, b)| format!("{a}, {b}")).collect();
        let told = if named.is_empty() {
            say("nothing-said").to_owned()
        } else {
            named.join("; ")
        };
        let _ = writeln!(out, "- {}: {told}", say(code));
    }
    for warning in &report.warnings {
        let _ = writeln!(out, "- {}", warning.say(language));
    }
    for answer in &report.answers {
        let method = answer.method;
        let _ = writeln!(out, "\n### {}\n", say(method.name()));
        let _ = writeln!(out, "{}\n", say(method.assumes()));
        if let Some(why) = &answer.refused {
            let _ = writeln!(out, "{}: {}\n", say("refused"), why.say(language));
        }
        if let Some(estimate) = answer.estimate {
            let interval = answer.interval;
            let interval = interval.map_or_else(String::new, |(low, high)| {
                format!(" ({} - {})", round(low), round(high))
            });
            let _ = writeln!(out, "- {}: {}{interval}", say("estimate"), round(estimate));
        }
        if let Some(model) = &answer.model {
            let _ = writeln!(out, "- {}: `{model}`", say("model"));
        }
        if answer.models_considered > 1 {
            let (all, without) = (answer.models_considered, answer.models_without_estimate);
            let _ = writeln!(out, "- {}: {all} ({without})", say("considered"));
        }
        for (name, value) in &answer.diagnostics {
            let _ = writeln!(out, "- `{name}`: {value:.4}");
        }
        for warning in &answer.warnings {
            let _ = writeln!(out, "- {}", warning.say(language));
        }
        let _ = writeln!(out, "- {}", source(method));
    }
    out
}
