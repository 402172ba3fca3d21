//! Long steps: shows that they are alive, keeps their output, ends them when they hang.
//!
//! In: a command, a label, a limit. Out: done, or the last lines of what it said.
//! Must not swallow a failure's text.

use crate::place::Place;
use crate::process;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How much of a failed step's output is shown; the whole is in the log.
const TAIL_LINES_MAX: usize = 25;
/// On a screen the line is redrawn; in a log a new line appears this often.
const SCREEN_INTERVAL: Duration = Duration::from_secs(1);
const LOG_INTERVAL: Duration = Duration::from_secs(30);
const COLUMNS_MAX: usize = 76;

/// Runs a long command behind a one-line progress report. An error carries the end of its output.
pub(crate) fn watch(
    place: &Place,
    label: &str,
    limit: Duration,
    command: &mut Command,
) -> Result<(), String> {
    let logs = place.cache.join("logs");
    let log_path = logs.join(format!("{label}.log"));
    let log = std::fs::create_dir_all(&logs).and_then(|()| std::fs::File::create(&log_path));
    let mut log = log.map_err(|error| format!("cannot write {}: {error}", log_path.display()))?;

    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let shown = process::line(command);
    let mut child = command
        .spawn()
        .map_err(|error| format!("`{shown}` could not start: {error}"))?;
    let lines = listen(&mut child);

    let mut watcher = Watcher::new(label);
    let stopped = loop {
        match lines.recv_timeout(SCREEN_INTERVAL) {
            Ok(line) => {
                // A full disk must not end the step early; the tail in memory remains.
                let _ = writeln!(log, "{line}");
                watcher.heard(line);
            }
            Err(RecvTimeoutError::Timeout) => watcher.draw(),
            Err(RecvTimeoutError::Disconnected) => break false,
        }
        if watcher.started.elapsed() > limit {
            let _ = child.kill();
            break true;
        }
    };
    let status = child
        .wait()
        .map_err(|error| format!("`{shown}` was lost: {error}"))?;
    watcher.clear();
    if status.success() && !stopped {
        return Ok(());
    }
    let how = if stopped {
        format!("was ended after {} s without finishing", limit.as_secs())
    } else {
        format!("ended with {status}")
    };
    let tail: Vec<String> = watcher
        .tail
        .into_iter()
        .map(|line| format!("    {line}"))
        .collect();
    Err(format!(
        "`{shown}` {how}; whole log: {}\n{}",
        log_path.display(),
        tail.join("\n")
    ))
}

fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, sender);
    }
    receiver
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
}

struct Watcher<'a> {
    label: &'a str,
    started: Instant,
    drawn: Instant,
    on_screen: bool,
    tail: VecDeque<String>,
}

impl<'a> Watcher<'a> {
    fn new(label: &'a str) -> Self {
        let now = Instant::now();
        let on_screen = std::io::stdout().is_terminal();
        Self {
            label,
            started: now,
            drawn: now,
            on_screen,
            tail: VecDeque::new(),
        }
    }

    fn heard(&mut self, line: String) {
        if line.trim().is_empty() {
            return;
        }
        if self.tail.len() == TAIL_LINES_MAX {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
        self.draw();
    }

    fn draw(&mut self) {
        let interval = if self.on_screen {
            SCREEN_INTERVAL
        } else {
            LOG_INTERVAL
        };
        if self.drawn.elapsed() < interval {
            return;
        }
        self.drawn = Instant::now();
        let seconds = self.started.elapsed().as_secs();
        let last = self.tail.back().map_or("", |line| line.trim());
        let text = format!("  {} {:>4} s  {last}", self.label, seconds);
        let text: String = text.chars().take(COLUMNS_MAX).collect();
        if self.on_screen {
            print!("\r\x1b[2K{text}");
            let _ = std::io::stdout().flush();
        } else {
            println!("{text}");
        }
    }

    fn clear(&self) {
        if self.on_screen {
            print!("\r\x1b[2K");
            let _ = std::io::stdout().flush();
        }
    }
}
