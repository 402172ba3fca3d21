//! A label printer that takes ZPL on a port of its own, one line at a time, and has bad days.
//!
//! `^XZ` prints what came since `^XA`; `~HS` answers at once, in the middle of a label too. Without paper it takes labels and keeps them;
//! by its maker's newer manual it then says nothing at all. What it keeps is lost when it is switched off.
//!
//! Source: Zebra's ZPL II programming guide, `^XA ^XZ ~HS`, and Zebra's page on host status.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::listening::{Listening, lock};

/// How the printer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mood {
    /// There is no paper in it.
    pub no_paper: bool,
    /// After so many more labels there is none.
    pub paper_left: Option<usize>,
    /// It answers nothing while something is in its way.
    pub says_nothing: bool,
    /// Somebody paused it.
    pub paused: bool,
    /// It drops the line after so many bytes of labels.
    pub drops_after: Option<usize>,
    /// It drops the line right after a label's end.
    pub drops_at_the_end: bool,
    /// Labels of somebody else that it has still to print.
    pub others: u32,
}

#[derive(Debug, Default)]
struct Inside {
    mood: Mood,
    printed: Vec<String>,
    kept: Vec<String>,
    lines: usize,
    is_off: bool,
}

impl Inside {
    fn is_stuck(&self) -> bool {
        self.mood.no_paper || self.mood.paused
    }

    fn take(&mut self, label: String) {
        self.kept.push(label);
        self.print();
    }

    /// Prints what it keeps, as far as there is paper.
    fn print(&mut self) {
        while !self.is_stuck() && !self.kept.is_empty() {
            if self.mood.paper_left == Some(0) {
                self.mood.no_paper = true;
                return;
            }
            if let Some(left) = &mut self.mood.paper_left {
                *left -= 1;
            }
            self.printed.push(self.kept.remove(0));
        }
    }

    fn status(&self) -> String {
        let flag = |is_so: bool| u8::from(is_so);
        let kept = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let (paper, paused) = (flag(self.mood.no_paper), flag(self.mood.paused));
        let waits = kept + self.mood.others;
        format!(
            "\u{2}014,{paper},{paused},0609,{waits:03},0,0,0,000,0,0,0\u{3}\r\n\
             \u{2}001,0,0,0,1,2,6,0,00000000,1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n"
        )
    }
}

/// A printer on a free port of this machine.
#[derive(Debug)]
pub struct Printer {
    /// Where it listens.
    pub address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
    listening: Listening,
}

impl Printer {
    /// Switches one on.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn on() -> Self {
        Self::on_at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Switches one on at an address.
    ///
    /// # Panics
    /// When the address is taken.
    #[must_use]
    pub fn on_at(address: SocketAddr) -> Self {
        let inside: Arc<Mutex<Inside>> = Arc::default();
        let within = Arc::clone(&inside);
        let listening = Listening::at(address, move |line| {
            lock(&within).lines += 1;
            serve(line, &within);
        });
        Self {
            address: listening.address,
            inside,
            listening,
        }
    }

    /// Puts it into a mood. What it keeps comes out as soon as it can.
    pub fn is(&self, mood: Mood) {
        let mut inside = lock(&self.inside);
        inside.mood = mood;
        inside.print();
    }

    /// Every label that came out, in order.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        lock(&self.inside).printed.clone()
    }

    /// How often somebody opened a line to it.
    #[must_use]
    pub fn lines(&self) -> usize {
        lock(&self.inside).lines
    }

    /// Switches it off: what it keeps is lost.
    pub fn off(mut self) -> Vec<String> {
        self.is_switched_off();
        self.listening.end();
        self.printed()
    }

    /// A line that is open ends, too.
    fn is_switched_off(&self) {
        lock(&self.inside).is_off = true;
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.is_switched_off();
    }
}

/// One line, until the other side closes it or the mood does.
fn serve(mut line: TcpStream, inside: &Mutex<Inside>) {
    drop(line.set_read_timeout(Some(Duration::from_millis(20))));
    let mut label = String::new();
    let mut heard = Vec::new();
    let mut bytes = [0; 4_096];
    loop {
        let read = match line.read(&mut bytes) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => 0,
            Err(_) => return,
        };
        if lock(inside).is_off {
            return;
        }
        heard.extend_from_slice(bytes.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&heard).into_owned();
        heard.clear();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("~HS").into_iter().chain(rest.find("^XZ")).min() {
            let (before, behind) = rest.split_at(at);
            label.push_str(before);
            rest = behind.get(3..).unwrap_or_default();
            if behind.starts_with("~HS") {
                let inside = lock(inside);
                let is_silent = inside.mood.says_nothing && inside.is_stuck();
                let answer = inside.status();
                drop(inside);
                if !is_silent && line.write_all(answer.as_bytes()).is_err() {
                    return;
                }
                continue;
            }
            let whole = label.split_once("^XA").map(|(_, whole)| whole.to_owned());
            label.clear();
            let mut inside = lock(inside);
            inside.take(format!("^XA{}^XZ", whole.unwrap_or_default()));
            if inside.mood.drops_at_the_end {
                return;
            }
        }
        label.push_str(rest);
        if lock(inside)
            .mood
            .drops_after
            .is_some_and(|most| label.len() > most)
        {
            return;
        }
    }
}
