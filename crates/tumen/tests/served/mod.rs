//! A case that is served, for tests that look at it through HTTP or a browser.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ended with the test, whatever becomes of it.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A plain case in a folder of its own, with the interface running.
pub(crate) struct Served {
    pub(crate) folder: tempfile::TempDir,
    /// The link that works once.
    #[allow(dead_code, reason = "each test binary uses its part")]
    pub(crate) link: String,
    /// `http://127.0.0.1:PORT`.
    pub(crate) home: String,
    _server: Running,
}

impl Served {
    /// `write` puts the documents into the folder that is taken in.
    #[allow(dead_code, reason = "each test binary uses its part")]
    pub(crate) fn start(write: impl FnOnce(&Path)) -> Self {
        Self::with_lists(write, &[]).0
    }

    /// The same with lists, each a name and its lines, and the token of programs.
    pub(crate) fn with_lists(write: impl FnOnce(&Path), lists: &[(&str, &str)]) -> (Self, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let documents = folder.path().join("documents");
        std::fs::create_dir(&documents).expect("a folder");
        write(&documents);
        let run = |arguments: &[&str]| {
            command(folder.path(), arguments)
                .status()
                .expect("the program runs")
        };
        assert!(run(&["new", "case", "--plain"]).success());
        run(&["add", "--ocr", "never", "documents"]);
        for (name, lines) in lists {
            let file = folder.path().join(name);
            std::fs::write(&file, lines).expect("written");
            assert!(run(&["import", &file.display().to_string(), "--name", name]).success());
        }
        let mut server = command(folder.path(), &["serve", "--api-token"])
            .spawn()
            .expect("runs");
        let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
        let server = Running(server);
        let link = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let rest = line.trim().strip_prefix("http://")?;
                Some(format!("http://{rest}"))
            })
            .expect("a link");
        let token = lines
            .by_ref()
            .map_while(Result::ok)
            .map(|line| line.trim().to_owned())
            .find(|line| line.len() == 64)
            .expect("a token");
        let home = link.split("/enter/").next().expect("an address").to_owned();
        let served = Self {
            folder,
            link,
            home,
            _server: server,
        };
        (served, token)
    }

    /// What the command line prints about the same case, a JSON value a line.
    #[allow(dead_code, reason = "each test binary uses its part")]
    pub(crate) fn printed(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let mut all = vec!["--json", "--quiet"];
        all.extend(arguments);
        let output = command(self.folder.path(), &all).output().expect("runs");
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tumen"));
    command
        .current_dir(folder)
        .args(["--case", "case"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}
