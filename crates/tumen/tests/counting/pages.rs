//! From lists to estimate, in a real browser.

use serde_json::json;

use crate::driver::Browser;
use crate::served::Served;

#[test]
fn from_lists_to_estimate() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let lists = testkit::overlap::lists();
    let named: Vec<(&str, &str)> = lists
        .iter()
        .map(|(file, text, _)| (*file, text.as_str()))
        .collect();
    let (served, _) = Served::with_lists(
        |documents| std::fs::write(documents.join("note.txt"), "A note.").expect("a file"),
        &named,
    );
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");

    // The lists are chosen, linked, and what is in doubt lies side by side with its reasons.
    browser.open(&format!("{home}/linking"));
    browser.wait_for("document.querySelectorAll('input[name=list]').length === 3");
    let tick =
        "document.querySelectorAll('input[name=list]').forEach(box => { box.checked = true; });";
    browser.script(&format!(
        "{tick} document.querySelector('form.screen').requestSubmit()"
    ));
    browser.wait_for("document.querySelector('.figure')?.innerText.includes('are counted as')");
    browser.wait_for("document.querySelectorAll('.queue .claim').length > 0");
    browser.wait_for("document.querySelector('.queue table.pair tbody th')?.innerText === 'name'");
    browser.wait_for("document.querySelectorAll('.queue td.bar rect').length > 2");
    let taught = "/(\\d+) judged pairs taught/.exec(document.body.innerText)?.[1]";
    browser.wait_for(&format!("{taught} === '0'"));
    let first = "document.querySelector('.queue .claim')?.getAttribute('aria-label')";
    let before = browser.script(&format!("return {first}"));

    // Judged by keys, where it was asked; taken back by a key.
    browser.keys("y");
    browser.wait_for("document.activeElement.name === 'reason'");
    browser.keys("one village, one birthday\u{e007}");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Called the same')");
    browser.wait_for("location.pathname === '/linking'");
    browser.wait_for(&format!("{taught} === '1'"));
    let judged = before.as_str().expect("a pair").replace('\'', "\\'");
    browser.wait_for(&format!(
        "![...document.querySelectorAll('.queue .claim')].some(one => one.getAttribute('aria-label') === '{judged}')"
    ));
    browser.keys("u");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Taken back')");
    browser.wait_for(&format!("{taught} === '0' && {first} === '{judged}'"));

    // From there to the estimate: a range, the overlaps, each method, chains, linkage error, and a table for each picture.
    browser.script("[...document.querySelectorAll('main a')].find(a => a.pathname === '/estimate' && a.search).click()");
    browser.wait_for("document.querySelector('.estimate .figure')");
    browser.wait_for("document.querySelectorAll('svg.upset rect').length === 7");
    browser.wait_for("document.querySelectorAll('svg.trace polyline').length >= 4");
    browser.wait_for("document.body.innerText.includes('Split R-hat')");
    browser.wait_for("document.querySelectorAll('.linkage-error tbody tr').length === 3");
    let twins = browser.script(
        "return [...document.querySelectorAll('svg.series')].every(svg => svg.closest('.drawn').nextElementSibling.matches(':has(table)'))",
    );
    assert_eq!(twins, true);
    // What rests on a list and on a prior, and an appendix for a report.
    browser.script(
        "const form = document.querySelector('form.screen'); form.sensitivity.checked = true; form.requestSubmit()",
    );
    browser.wait_for("document.body.innerText.includes('each left out in turn')");
    browser.wait_for("document.querySelectorAll('table.priors tbody tr').length === 5");
    browser.wait_for("document.querySelector('pre.appendix')?.textContent.includes('Madigan')");

    let lists = browser.script("return location.search");
    let lists = lists.as_str().expect("lists");
    let size = json!({ "width": 390, "height": 800 });
    browser.call("POST", "window/rect", &size);
    for path in ["/linking", "/estimate"] {
        browser.open(&format!("{home}{path}{lists}"));
        browser.wait_for("document.querySelector('main .figure')");
        browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
        // No heading of a table is broken within a word.
        let broken = browser.script(
            "const lines = (cell) => { const range = document.createRange(); range.selectNodeContents(cell);
               return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size; };
             return [...document.querySelectorAll('main thead th')].map((cell) => [cell.innerText.trim(), cell])
               .filter(([text, cell]) => cell.checkVisibility() && /^\\w+$/.test(text) && !cell.closest('.pair') && lines(cell) > 1)
               .map(([text]) => text)",
        );
        assert_eq!(broken, json!([]), "{path}");
    }
}
