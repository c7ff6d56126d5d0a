//! The pages in a real browser: search, reader, highlighted page, ledger.
//!
//! Speaks the W3C WebDriver protocol to `chromedriver`. Where that or Chromium is missing, the
//! test says so loudly and proves nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Ended with the test, whatever becomes of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Browser {
    port: u16,
    session: String,
    _driver: Running,
}

fn ask(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let body = body.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the driver listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time limit");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a head line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).expect("an answer");
    serde_json::from_slice::<Value>(&answer).expect("JSON")["value"].take()
}

impl Browser {
    fn start() -> Option<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(driver.stdout.take()?).lines();
        let driver = Running(driver);
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.split("on port ")
                .nth(1)?
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
                .filter(|port| *port > 0)
        })?;
        std::thread::spawn(move || lines.for_each(drop));
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" } } } });
        let session = ask(port, "POST", "/session", &wanted);
        let session = session["sessionId"].as_str()?.to_owned();
        Some(Self {
            port,
            session,
            _driver: driver,
        })
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        ask(
            self.port,
            method,
            &format!("/session/{}/{path}", self.session),
            body,
        )
    }

    fn open(&self, url: &str) {
        self.call("POST", "url", &json!({ "url": url }));
    }

    fn script(&self, script: &str) -> Value {
        self.call(
            "POST",
            "execute/sync",
            &json!({ "script": script, "args": [] }),
        )
    }

    /// Types keys as a person does, wherever the focus is.
    fn keys(&self, keys: &str) {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": presses }] });
        self.call("POST", "actions", &actions);
    }

    fn wait_for(&self, condition: &str) {
        for _ in 0..100 {
            if self.script(&format!("return Boolean({condition})")) == true {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let body = self.script("return location.href + '\\n' + document.body.innerText");
        panic!("never: {condition}\n{body}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        ask(
            self.port,
            "DELETE",
            &format!("/session/{}", self.session),
            &json!({}),
        );
    }
}

#[test]
fn search_reader_highlighted_page_and_ledger() {
    let Some(browser) = Browser::start() else {
        eprintln!(
            "WARNING: no chromedriver or Chromium here; the pages were not seen in a browser"
        );
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let documents = folder.path().join("documents");
    testkit::write_sample(&documents).expect("the sample");
    let tumen = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tumen"));
        command
            .current_dir(folder.path())
            .args(["--case", "case"])
            .args(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    };
    assert!(
        tumen(&["new", "case", "--plain"])
            .status()
            .expect("runs")
            .success()
    );
    tumen(&["add", "--ocr", "never", "documents"])
        .status()
        .expect("runs");
    let mut server = tumen(&["serve"]).spawn().expect("runs");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let _server = Running(server);
    let link = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.trim()
                .strip_prefix("http://")
                .map(|rest| format!("http://{rest}"))
        })
        .expect("a link");
    let home = link.split("/enter/").next().expect("an address").to_owned();

    // Without the link: closed. With it: in, once.
    browser.open(&home);
    browser.wait_for("document.body.innerText.includes('Closed')");
    browser.open(&link);
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
