//! The pages in a real browser: search, reader, highlighted page, ledger; statements, review,
//! figures.

mod driver;
mod served;

use driver::Browser;
use serde_json::json;
use served::Served;

#[test]
fn search_reader_highlighted_page_and_ledger() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let served = Served::start(|documents| testkit::write_sample(documents).expect("the sample"));
    let (link, home) = (&served.link, &served.home);

    // Without the link: closed. With it: in, once.
    browser.open(home);
    browser.wait_for("document.body.innerText.includes('Closed')");
    browser.open(link);
    browser.wait_for("document.querySelector('input[type=search]')");

    // From the keyboard alone: search, first result, its page with the hit.
    browser.keys("/");
    browser.wait_for("document.activeElement.type === 'search'");
    browser.keys("interviewees\u{e007}");
    browser.wait_for("document.querySelectorAll('.result').length > 0");
    assert_eq!(
        browser.script("return document.querySelector('.result mark').innerText"),
        "interviewees"
    );
    browser.keys("j");
    browser.keys("\u{e007}");
    browser.wait_for("location.pathname.startsWith('/d/')");
    browser.wait_for("document.querySelector('.text mark')?.innerText === 'interviewees'");
    browser.wait_for("document.querySelector('.sheet img')?.naturalWidth > 500");
    // The rectangle lies inside the page and is as wide as a word.
    let share = browser.script(
        "const r = document.querySelector('.sheet rect').getBoundingClientRect();
         const s = document.querySelector('.sheet').getBoundingClientRect();
         return r.left >= s.left && r.right <= s.right && r.top >= s.top ? r.width / s.width : -1",
    );
    assert!(
        (0.03..0.4).contains(&share.as_f64().expect("a number")),
        "{share}"
    );

    // Korean, and a faulty query, and the ledger.
    browser.open(&format!("{home}/?q=%EA%B5%AC%EA%B8%88"));
    browser.wait_for("document.querySelector('.result mark')?.innerText === '구금'");
    browser.open(&format!("{home}/?q=(held"));
    browser.wait_for("document.querySelector('[role=alert]')?.innerText.includes('character')");
    browser.open(&format!("{home}/ledger"));
    browser.wait_for("document.querySelectorAll('svg.bars rect').length >= 4");
    let rows = "document.querySelectorAll('svg.bars + table tbody tr').length";
    let bars = "document.querySelectorAll('svg.bars rect').length";
    browser.wait_for(&format!("{rows} === {bars}"));

    // No document's content runs or loads anything.
    let policy = browser
        .script("return (async () => (await fetch('/')).headers.get('content-security-policy'))()");
    // The policy forbids even this fetch: nothing is loaded but what the page names.
    assert!(policy.is_null() || policy["error"].is_string(), "{policy}");
    // On a phone nothing is wider than the screen.
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    browser.open(&format!("{home}/?q=refugees"));
    browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
}

#[test]
fn statements_are_found_judged_by_keys_and_taken_back() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let served = Served::start(|documents| {
        let write = |name: &str, text: &str| {
            std::fs::write(documents.join(name), text).expect("a file");
        };
        write(
            "notice.txt",
            "Notice of a hearing\n\nThe hearing takes place on June 13, 2023.\n\nClose to 2000 North \
             Korean refugees are reportedly held in detention centers near the border. They will \
             likely face forced repatriation.\n",
        );
        // Text that would like to be markup.
        write(
            "hostile.html.txt",
            "<script>document.title = 'taken'</script> Police detained 12 women in Tumen on May 3, 2023, \
             \"><img src=x onerror=\"document.title='taken'\"> said the Border <b>Desk</b>.\n",
        );
    });
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");

    // 구금 in the search box finds the English notice by its event.
    browser.keys("/");
    browser.wait_for("document.activeElement.type === 'search'");
    browser.keys("구금\u{e007}");
    browser.wait_for(
        "[...document.querySelectorAll('.result a.open')].some((a) => a.innerText.includes('notice'))",
    );

    // From the list of statements to the passage, by keys: the words are marked, the statement
    // stands beside them.
    browser.open(&format!("{home}/statements?q=%EA%B5%AC%EA%B8%88&counted=1"));
    let row = "[...document.querySelectorAll('tr.result')].find((r) => r.innerText.includes('Close to 2000'))";
    browser.wait_for(&format!(
        "{row}?.innerText.includes('at most about 2,000 people')"
    ));
    browser.script(&format!("{row}.querySelector('a.open').focus()"));
    browser.keys("\u{e007}");
    browser.wait_for("location.pathname.startsWith('/d/')");
    browser.wait_for("document.querySelector('.text a.trigger.chosen')?.innerText === 'held'");
    browser.wait_for(
        "document.querySelector('.claim.pinned .figure').innerText.includes('held at the time')",
    );
    browser
        .wait_for("document.querySelector('.claim.pinned').innerText.includes('somebody unnamed')");
    browser.wait_for(
        "document.querySelector(':target')?.id === 't-' + document.querySelector('.claim.pinned').dataset.s",
    );
    // Both ways: each marked span leads to a statement of the panel, each statement to its span.
    let both = browser.script(
        "const marks = [...document.querySelectorAll('.text a.trigger, .text a.more')].map((a) => a.id.slice(2)).sort();
         const cards = [...document.querySelectorAll('.claim')].map((c) => c.dataset.s).sort();
         return marks.length > 1 && marks.join() === cards.join()",
    );
    assert_eq!(both, true);
    // The risk is not shown as a fact, and by more than its colour.
    browser.wait_for(
        "[...document.querySelectorAll('.claim')].some((c) => c.innerText.includes('Repatriation') &&
           c.innerText.includes('feared, not a fact') && c.querySelector('.chip.guard'))",
    );

    // Accept by a key, and take it back by a key.
    browser.keys("a");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Accepted')");
    browser.wait_for("document.querySelector('.claim.pinned .state.accepted')");
    browser.keys("u");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Taken back')");
    browser.wait_for("document.querySelector('.claim.pinned .state.proposed')");
    // Rejecting asks why first.
    browser.keys("r");
    browser.wait_for("document.activeElement.name === 'reason'");
    browser.keys("the page speaks of a report\u{e007}");
    browser.wait_for("document.querySelector('.claim.pinned .state.rejected')");
    browser.wait_for(
        "document.querySelector('.claim.pinned').innerText.includes('the page speaks of a report')",
    );
    browser.keys("u");
    browser.wait_for("document.querySelector('.claim.pinned .state.proposed')");
    // Editing: the form beside the text, the proposal kept.
    browser.keys("e");
    browser.wait_for("document.activeElement.name === 'event'");
    browser.script(
        "const form = document.querySelector('form.edit');
         form.modality.value = 'unconfirmed'; form.place.value = 'detention centers';
         form.reason.value = 'only reported'; form.requestSubmit()",
    );
    browser.wait_for("document.querySelector('.claim.pinned .state.edited')");
    browser.wait_for("document.querySelector('.claim.pinned').innerText.includes('not confirmed')");
    browser.wait_for("document.querySelector('.claim.pinned').innerText.includes('Proposed was')");

    // The queue goes on by itself; the log keeps all.
    browser.open(&format!("{home}/review?order=least_sure"));
    browser.wait_for("document.querySelectorAll('.queue .claim').length > 1");
    let first = browser.script("return document.querySelector('.queue .claim').dataset.s");
    browser.keys("j");
    browser.keys("a");
    browser.wait_for(&format!(
        "document.querySelector('.done') && document.querySelector('.queue .claim').dataset.s !== {first}"
    ));
    browser.wait_for(
        "document.activeElement.closest('.claim') === document.querySelector('.queue .claim')",
    );
    browser.keys("u");
    browser.wait_for(&format!(
        "document.querySelector('.queue .claim').dataset.s === {first}"
    ));
    browser.open(&format!("{home}/review/log"));
    browser.wait_for("document.querySelectorAll('tbody tr').length === 7");

    // What documents say stays text.
    browser.open(&format!("{home}/statements?q=Tumen"));
    browser.wait_for("document.querySelector('tr.result')");
    browser.keys("j");
    browser.keys("\u{e007}");
    browser.wait_for("document.querySelector('.text')?.innerText.includes('<script>')");
    assert_eq!(
        browser.script(
            "return document.title !== 'taken' && !document.querySelector('main img, main script')"
        ),
        true
    );

    // Whole without JavaScript: every act is a form or a link.
    let forms = browser.script(
        "return [...document.querySelectorAll('main form')].every((f) => f.action && (f.method === 'get' || f.elements.token.value.length === 64))",
    );
    assert_eq!(forms, true);

    // On a phone nothing is wider than the screen.
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    for path in ["/statements", "/review", "/review/log"] {
        browser.open(&format!("{home}{path}"));
        browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
    }
}

#[test]
fn figures_that_differ_stand_side_by_side_and_open_their_passages() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let served = Served::start(|documents| {
        for (name, text) in [
            (
                "relative.txt",
                "On April 26, 2024, 60 North Koreans were repatriated from China, Justice for Border People said.\n",
            ),
            (
                "desk.txt",
                "The Border Desk said that between 50 and 60 North Koreans were repatriated from China on April 26, 2024.\n",
            ),
            (
                "broker.txt",
                "At least 200 North Koreans were repatriated from China on April 26, 2024, Anna Fournier said.\n",
            ),
        ] {
            std::fs::write(documents.join(name), text).expect("a file");
        }
    });
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");

    // From the list of series to the drawing, by keys.
    browser.open(&format!("{home}/figures?least=2"));
    browser.wait_for("document.querySelector('tr.result .flag.conflict')");
    browser.keys("j");
    browser.keys("\u{e007}");
    browser.wait_for("location.pathname.startsWith('/figures/')");
    browser.wait_for("document.querySelectorAll('.drawn a.mark').length === 3");
    // The table says the same: as many lines, the same words.
    let twin = browser.script(
        "const drawn = [...document.querySelectorAll('.drawn text.words')].map((t) => t.textContent.trim());
         const told = [...document.querySelectorAll('table.twin a.open')].map((a) => a.innerText.trim());
         return drawn.length === 3 && drawn.join() === told.join()",
    );
    assert_eq!(twin, true);
    // An open end is an arrow; a range has two stops; and nothing lies off the sheet.
    let shapes = browser.script(
        "const of = (words) => [...document.querySelectorAll('.drawn a.mark')].find((a) => a.querySelector('.words').textContent.includes(words));
         const sheet = document.querySelector('.drawn > .scroll > svg').getBoundingClientRect();
         const inside = [...document.querySelectorAll('.drawn a.mark :not(title)')].every((one) => {
           const r = one.getBoundingClientRect(); return r.left >= sheet.left - 1 && r.right <= sheet.right + 1; });
         return [of('at least 200').querySelectorAll('.open').length, of('50 to 60').querySelectorAll('.open').length,
           of('50 to 60').querySelectorAll('line').length, inside]",
    );
    assert_eq!(shapes, json!([1, 0, 3, true]));
    browser.wait_for("document.querySelector('.finding.conflict li')");
    browser.wait_for(
        "document.querySelector('.findings').innerText.includes('Border Desk: 1 mention')",
    );

    // Preferring asks who and why, and can be taken back.
    browser.script("document.querySelector('table.twin details.why').open = true");
    browser.script(
        "const form = document.querySelector('table.twin form'); form.by.value = 'J. Moreau';
         form.reason.value = 'seen by two'; form.requestSubmit()",
    );
    browser
        .wait_for("document.querySelector('.done')?.innerText.includes('Preferred by J. Moreau')");
    browser.wait_for("document.querySelector('table.twin').innerText.includes('seen by two')");
    browser.wait_for("document.querySelectorAll('.drawn a.mark').length === 3");
    browser.keys("u");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Taken back')");
    browser.wait_for("!document.querySelector('table.twin').innerText.includes('seen by two')");

    // On a phone the page is no wider than the screen; a mark opens its passage.
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
    browser.script(
        "[...document.querySelectorAll('.drawn a.mark')].find((a) => a.querySelector('.words').textContent.includes('200')).focus()",
    );
    browser.keys("\u{e007}");
    browser.wait_for("location.pathname.startsWith('/d/')");
    browser
        .wait_for("document.querySelector('.text a.trigger.chosen')?.innerText === 'repatriated'");
    browser.wait_for("document.querySelector('.claim.pinned .figure').innerText.startsWith('at least 200 people')");
}

#[test]
fn two_records_are_judged_by_keys_and_taken_back() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let watched = r#"{"id":"w-1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"birthDate":["1970-05-12"],"nationality":["ru"]}}
{"id":"w-2","schema":"Person","properties":{"name":["<img src=x onerror=alert(1)> Petrov"],"birthDate":["1980"]}}
"#;
    let other = r#"{"id":"o-1","schema":"Person","properties":{"name":["Ivan Sidorov"],"birthDate":["1970"],"nationality":["ru"]}}
"#;
    let (served, _) = Served::with_lists(
        |documents| {
            std::fs::write(
                documents.join("note.txt"),
                "Ivan Sidorov was seen in Tumen.\n",
            )
            .expect("a file");
        },
        &[("watched", watched), ("other", other)],
    );
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");
    browser.open(&format!("{home}/matching"));
    browser.wait_for("document.querySelectorAll('.queue .claim').length === 1");
    browser.wait_for("document.querySelectorAll('table.pair thead a').length === 2");
    let rows = browser.script(
        "return document.querySelectorAll('table.weights tbody tr').length === document.querySelectorAll('td.bar rect').length
           && document.querySelectorAll('td.bar rect').length > 1",
    );
    assert_eq!(rows, true);
    // Sources are one key away; a reason is asked for; `y` opens the form, Enter sends it.
    browser.keys("s");
    browser.wait_for("document.querySelector('.queue .sources')?.checkVisibility()");
    browser.keys("y");
    browser.wait_for("document.activeElement.name === 'reason'");
    browser.keys("the same passport\u{e007}");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Called the same')");
    browser.wait_for("document.querySelectorAll('.queue .claim').length === 0");
    browser.open(&format!("{home}/entities/o-1"));
    browser.wait_for("document.body.innerText.includes('the same passport')");
    browser.wait_for(
        "[...document.querySelectorAll('main a')].some((a) => a.innerText === 'note.txt')",
    );
    browser.wait_for("document.querySelector('svg.dates circle')");
    // Taken back by a key, where it was decided.
    browser.call("POST", "back", &json!({}));
    browser.wait_for("document.querySelector('.done [data-key=u]')");
    browser.keys("u");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Taken back')");
    browser.wait_for("document.querySelectorAll('.queue .claim').length === 1");
    browser.keys("h");
    browser.wait_for("document.querySelector('.done')?.innerText.includes('Left open')");
    browser.wait_for("document.querySelectorAll('.queue .claim').length === 0");
    // A name in any order; markup in a list stays text.
    browser.open(&format!("{home}/entities?q=Sidorov,%20Ivan"));
    browser.wait_for("document.querySelectorAll('tr.result').length > 0");
    browser.open(&format!("{home}/entities?q=petrov"));
    browser.wait_for("document.querySelector('tr.result')?.innerText.includes('<img')");
    browser.open(&format!("{home}/screening"));
    browser.wait_for("document.querySelector('textarea')");
    browser.script(
        "const form = document.querySelector('form.screen'); form.names.value = 'Sidorov, Ivan\\t1970-05-12\\nNobody At All'; form.requestSubmit()",
    );
    browser.wait_for("document.querySelector('main h2')?.innerText.includes('for 2 names')");
    browser.wait_for("document.querySelectorAll('.claim').length > 0");
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    for path in [
        "/entities",
        "/entities/w-1",
        "/matching?left=w-1&right=o-1",
        "/lists",
        "/screening",
    ] {
        browser.open(&format!("{home}{path}"));
        browser.wait_for("document.querySelector('main h1')");
        browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
    }
}

#[test]
fn one_man_in_three_scripts_is_shown_with_what_speaks_for_it() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let lists: Vec<(&str, &str)> = testkit::LISTS
        .iter()
        .map(|(path, bytes)| {
            let name = path.rsplit('/').next().expect("a name");
            (name, std::str::from_utf8(bytes).expect("UTF-8"))
        })
        .collect();
    let (served, _) = Served::with_lists(
        |documents| testkit::write_sample(documents).expect("the sample"),
        &lists,
    );
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");
    for (left, right) in [("police-1", "testimony-1"), ("police-1", "visa-1")] {
        browser.open(&format!("{home}/matching?left={left}&right={right}"));
        browser
            .wait_for("document.querySelector('table.weights')?.innerText.includes('Sino-Korean')");
        browser.keys("y");
        browser.wait_for("document.activeElement.name === 'reason'");
        browser.keys("one name, one year of birth\u{e007}");
        browser.wait_for("document.querySelector('.done')?.innerText.includes('Called the same')");
    }
    browser.open(&format!("{home}/entities/visa-1"));
    for script in ["Han (1)", "Hangul (1)", "Latin (1)"] {
        browser.wait_for(&format!(
            "document.querySelector('main').innerText.includes('{script}')"
        ));
    }
    browser.wait_for("document.querySelectorAll('details.reasons table.weights').length === 2");
    for document in ["증언-03.txt", "协查通报.txt", "consular note.txt"] {
        browser.wait_for(&format!(
            "[...document.querySelectorAll('main a')].some((a) => a.innerText === '{document}')"
        ));
    }
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    browser.script("document.querySelector('details.reasons').open = true");
    browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
}

#[test]
fn a_trace_opens_its_proof_and_shows_what_falls() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let served = Served::start(|documents| {
        std::fs::write(documents.join("note.txt"), "A note.").expect("a file");
        let trade = documents.parent().expect("a folder").join("trade");
        testkit::write_trade(&trade).expect("the records");
        std::fs::write(
            trade.join("asked.csv"),
            "Company,Asked on,Due,Answered on,Answer\nNorthbay Foods Inc,2024-01-10,2024-01-31,,\n",
        )
        .expect("a file");
    });
    for name in [
        "landings.csv",
        "estimate of a trader.csv",
        "bills of lading 2023.csv",
        "claims and answers.csv",
        "asked.csv",
    ] {
        served.printed(&["trade", "import", &format!("trade/{name}")]);
    }
    let home = &served.home;
    browser.open(&served.link);
    browser.wait_for("document.querySelector('input[type=search]')");
    browser.open(&format!("{home}/trace?from=HAIYUN%2021"));

    // The drawing and its table say the same; a line leads to its row.
    browser.wait_for("document.querySelector('svg.chains')");
    let lines = browser.script("return document.querySelectorAll('svg.chains a').length");
    let rows = browser.script("return document.querySelectorAll('table.twin tbody tr').length");
    assert_eq!(lines, rows);
    assert_eq!(lines, 5, "landing, estimate, three bills");
    let targets = "[...document.querySelectorAll('svg.chains a')].every(a => document.querySelector(a.getAttribute('href')))";
    browser.wait_for(targets);
    browser.wait_for("document.querySelector('#claims') && document.body.innerText.includes('letter of the plant')");
    browser.wait_for("document.body.innerText.includes('Tainted volume is not shown')");

    // A hop opens its proof, which has the words of the row and leads to the document.
    browser.script("document.querySelector('table.twin details.why').open = true; return 1");
    browser.wait_for("document.querySelector('table.twin details.why blockquote').innerText.includes('HAIYUN 21')");
    browser.wait_for("document.querySelector('table.twin details.why a[href^=\"/d/\"]')");

    // Withdrawing the estimate: one importer falls, the other stands; it can be put back.
    browser.script(
        "[...document.querySelectorAll('#exhibits ~ .scroll tr')].find(row => row.innerText.includes('estimate of a trader')).querySelector('a.button').click(); return 1",
    );
    browser.wait_for("document.querySelector('#falls')?.innerText.includes('No longer reached: Northbay Foods Inc')");
    browser.wait_for(
        "document.querySelector('#falls').innerText.includes('Still reached: Kestrel Seafood LLC')",
    );
    browser.script(
        "[...document.querySelectorAll('#exhibits ~ .scroll tr')].find(row => row.innerText.includes('estimate of a trader')).querySelector('a.button').click(); return 1",
    );
    browser.wait_for("!document.querySelector('#falls') && document.body.innerText.includes('Northbay Foods Inc')");

    // The plant's dossier, and who was asked.
    browser.script("[...document.querySelectorAll('table.twin a')].find(a => a.innerText.startsWith('Haishan')).click(); return 1");
    browser.wait_for("location.pathname === '/holder' && document.querySelector('h1').innerText.startsWith('Haishan')");
    browser.wait_for("document.body.innerText.includes('workers from North Korea')");
    browser.open(&format!("{home}/replies?as_of=2024-02-10"));
    browser.wait_for("document.body.innerText.includes('10 days after it was due')");

    // On a phone nothing is wider than the screen.
    browser.call(
        "POST",
        "window/rect",
        &json!({ "width": 390, "height": 800 }),
    );
    browser.open(&format!("{home}/trace?from=HAIYUN%2021"));
    browser.wait_for("document.documentElement.scrollWidth <= window.innerWidth");
}
