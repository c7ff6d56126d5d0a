//! Progress of long work on standard error: a bar on a terminal, a plain line now and then
//! elsewhere, nothing when quiet.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::{bytes, grouped, say};

/// Time between plain lines.
const NOW_AND_THEN: Duration = Duration::from_secs(5);

pub(crate) struct Progress {
    what: &'static str,
    bar: Option<ProgressBar>,
    plain: bool,
    begun: Instant,
    said: Instant,
    files: (u64, u64),
    bytes: (u64, u64),
}

impl Progress {
    /// `what` is counted, e.g. "files".
    pub(crate) fn new(quiet: bool, what: &'static str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
            let style = ProgressStyle::with_template("{bar:24} {percent:>3}%  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let now = Instant::now();
        let plain = !quiet && !terminal;
        Self {
            what,
            bar,
            plain,
            begun: now,
            said: now,
            files: (0, 0),
            bytes: (0, 0),
        }
    }

    pub(crate) fn set(&mut self, files: (u64, u64), bytes: (u64, u64)) {
        (self.files, self.bytes) = (files, bytes);
        let due = self.plain && self.said.elapsed() >= NOW_AND_THEN;
        if let Some(bar) = &self.bar {
            bar.set_length(if bytes.1 > 0 { bytes.1 } else { files.1 });
            bar.set_position(if bytes.1 > 0 { bytes.0 } else { files.0 });
            bar.set_message(self.message());
        } else if due {
            self.said = Instant::now();
            say!("{}", self.message());
        }
    }

    fn message(&self) -> String {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = |done: u64| done as f64 / seconds;
        let mut message = format!(
            "{} of {} {} · {:.0} {}/s",
            grouped(self.files.0),
            grouped(self.files.1),
            self.what,
            rate(self.files.0),
            self.what,
        );
        if self.bytes.1 > 0 {
            message += &format!(" · {}/s", bytes(rate(self.bytes.0) as u64));
        }
        // Half of the estimate by files, half by bytes: large and small files cost differently.
        let share = |(done, all): (u64, u64)| {
            if all == 0 {
                1.0
            } else {
                done as f64 / all as f64
            }
        };
        let done = if self.bytes.1 > 0 {
            f64::midpoint(share(self.files), share(self.bytes))
        } else {
            share(self.files)
        };
        if done > 0.01 && done < 1.0 {
            message += &format!(" · {} left", duration(seconds / done - seconds));
        }
        message
    }

    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// `2 h 5 min`, `3 min 12 s`, `12 s`.
pub(crate) fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
