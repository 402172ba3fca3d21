//! What is wrong with a rule pack, by line and field.
//!
//! In: a place in the text and a sentence. Out: a list a person can work through. Must not: stop at the first.

use core::fmt;

/// Flaws named of one pack; the rest is counted.
pub const FLAWS_MAX: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The line, from 1.
    pub line: usize,
    /// The field, such as `limit[0].bucket[1].max`.
    pub field: String,
    /// What is wrong with it.
    pub what: String,
}

/// A rule pack that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRefused {
    /// The file, or the pack's name.
    pub name: String,
    /// What is wrong, in the order of the text.
    pub flaws: Vec<Flaw>,
    /// Flaws that are not in the list because it is full.
    pub left_out: usize,
}

impl PackRefused {
    /// A pack with a single flaw.
    #[must_use]
    pub fn of(name: &str, line: usize, field: &str, what: String) -> Self {
        Self {
            name: name.to_owned(),
            flaws: vec![Flaw {
                line,
                field: field.to_owned(),
                what,
            }],
            left_out: 0,
        }
    }

    /// One line for each flaw.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let place = |flaw: &Flaw| format!("{}, line {}, {}", self.name, flaw.line, flaw.field);
        let named = self.flaws.iter();
        let mut lines: Vec<String> = named
            .map(|flaw| format!("{}: {}", place(flaw), flaw.what))
            .collect();
        if self.left_out > 0 {
            lines.push(format!("{}: {} more", self.name, self.left_out));
        }
        lines
    }
}

impl fmt::Display for PackRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl core::error::Error for PackRefused {}
