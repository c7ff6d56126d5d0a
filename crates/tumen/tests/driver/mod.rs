//! A real browser. Speaks the W3C WebDriver protocol to `chromedriver`. Where that or Chromium is missing, a test
//! says so loudly and proves nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::served::Running;

pub(crate) struct Browser {
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
    pub(crate) fn start() -> Option<Self> {
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

    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        ask(
            self.port,
            method,
            &format!("/session/{}/{path}", self.session),
            body,
        )
    }

    pub(crate) fn open(&self, url: &str) {
        self.call("POST", "url", &json!({ "url": url }));
    }

    pub(crate) fn script(&self, script: &str) -> Value {
        self.call(
            "POST",
            "execute/sync",
            &json!({ "script": script, "args": [] }),
        )
    }

    /// Types keys as a person does, wherever the focus is.
    pub(crate) fn keys(&self, keys: &str) {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": presses }] });
        self.call("POST", "actions", &actions);
    }

    pub(crate) fn wait_for(&self, condition: &str) {
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
