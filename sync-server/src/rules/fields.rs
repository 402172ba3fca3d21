//! A table of a rule pack, field by field.
//!
//! In: parsed TOML with its places. Out: checked values; a flaw for each field that is missing, wrong or not known.
//! Must not: guess, or take a fraction for a number.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use domain::time::Day;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::flaw::{FLAWS_MAX, Flaw, PackRefused};

/// The largest figure a pack may hold: a million kilograms in milligrams.
pub(super) const FIGURE_MAX: u64 = 1_000_000_000_000;
/// A text of a pack, in bytes.
const TEXT_BYTES_MAX: usize = 1_000;

/// Where flaws are gathered.
pub(super) struct Desk<'t> {
    text: &'t str,
    flaws: RefCell<Vec<Flaw>>,
}

impl<'t> Desk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            flaws: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn flaw(&self, at: &Range<usize>, field: &str, what: impl Into<String>) {
        self.flaws.borrow_mut().push(Flaw {
            line: line_of(self.text, at.start),
            field: field.to_owned(),
            what: what.into(),
        });
    }

    /// Whether nothing was found wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.flaws.borrow().is_empty()
    }

    /// Everything that was found wrong.
    pub(super) fn verdict(&self, name: &str) -> Result<(), PackRefused> {
        let mut flaws = self.flaws.take();
        if flaws.is_empty() {
            return Ok(());
        }
        flaws.sort();
        flaws.dedup();
        let left_out = flaws.len().saturating_sub(FLAWS_MAX);
        flaws.truncate(FLAWS_MAX);
        Err(PackRefused {
            name: name.to_owned(),
            flaws,
            left_out,
        })
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// One table. Whoever reads it says at the end that this was all.
pub(super) struct Fields<'d, 'i> {
    pub(super) desk: &'d Desk<'d>,
    pub(super) at: Range<usize>,
    pub(super) path: String,
    table: &'d DeTable<'i>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'d, 'i> Fields<'d, 'i> {
    pub(super) fn new(
        desk: &'d Desk<'d>,
        table: &'d DeTable<'i>,
        at: Range<usize>,
        path: String,
    ) -> Self {
        Self {
            desk,
            at,
            path,
            table,
            asked: RefCell::default(),
        }
    }

    pub(super) fn named(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// Says what is wrong with a field, or with the whole table where it has none of that name.
    pub(super) fn flaw(&self, key: &str, what: impl Into<String>) {
        let at = self.table.get(key).map_or(self.at.clone(), Spanned::span);
        self.desk.flaw(&at, &self.named(key), what);
    }

    pub(super) fn whole(&self) -> &'d DeTable<'i> {
        self.table
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(|key| &**key.get_ref())
    }

    pub(super) fn value(&self, key: &str) -> Option<&'d Spanned<DeValue<'i>>> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    /// A value that must be there, or nothing and a flaw.
    fn needed<T>(&self, key: &str, found: Option<T>) -> Option<T> {
        if found.is_none() && !self.has(key) {
            self.flaw(key, "is missing");
        }
        found
    }

    fn wrong<T>(&self, key: &str, wanted: &str) -> Option<T> {
        let is = self
            .table
            .get(key)
            .map_or_else(String::new, |value| shown(value.get_ref()));
        self.flaw(key, format!("must be {wanted}; it is {is}"));
        None
    }

    pub(super) fn text_if_any(&self, key: &str) -> Option<&'d str> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str().filter(|text| {
            !text.trim().is_empty()
                && text.len() <= TEXT_BYTES_MAX
                && !text.contains(char::is_control)
        });
        text.or_else(|| self.wrong(key, "a text of one line"))
    }

    pub(super) fn text(&self, key: &str) -> Option<&'d str> {
        self.needed(key, self.text_if_any(key))
    }

    pub(super) fn number_if_any(&self, key: &str) -> Option<u64> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().parse().ok());
        number
            .filter(|number| *number <= FIGURE_MAX)
            .or_else(|| self.wrong(key, &format!("a whole number from 0 to {FIGURE_MAX}")))
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.needed(key, self.number_if_any(key))
    }

    /// A smaller number, such as an age.
    pub(super) fn small_if_any(&self, key: &str) -> Option<u32> {
        let number = self.number_if_any(key)?;
        let small = u32::try_from(number)
            .ok()
            .filter(|small| *small <= 1_000_000);
        small.or_else(|| self.wrong(key, "at most 1000000"))
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        let Some(value) = self.value(key) else {
            return false;
        };
        let flag = value.get_ref().as_bool();
        flag.or_else(|| self.wrong(key, "true or false"))
            .unwrap_or(false)
    }

    /// A day: `2026-11-25`, with or without quotes.
    pub(super) fn day_if_any(&self, key: &str) -> Option<Day> {
        let value = self.value(key)?.get_ref();
        let written = match value {
            DeValue::Datetime(date) => date.to_string(),
            _ => value.as_str().unwrap_or_default().to_owned(),
        };
        Day::parse(&written).or_else(|| self.wrong(key, "a day such as 2026-11-25"))
    }

    /// One of some words.
    pub(super) fn word_if_any<T>(
        &self,
        key: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.text_if_any(key)?;
        parse(word).or_else(|| self.wrong(key, wanted))
    }

    pub(super) fn word<T>(
        &self,
        key: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.needed(key, self.word_if_any(key, wanted, parse))
    }

    /// A list of texts; empty when there is none.
    pub(super) fn texts(&self, key: &str) -> Vec<&'d str> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let texts = value.get_ref().as_array().and_then(|array| {
            let texts = array.iter().map(|text| text.get_ref().as_str());
            texts.collect::<Option<Vec<_>>>()
        });
        texts
            .filter(|texts| texts.iter().all(|text| !text.trim().is_empty()))
            .or_else(|| self.wrong(key, "a list of texts"))
            .unwrap_or_default()
    }

    /// A table in it.
    pub(super) fn table(&self, key: &str) -> Option<Fields<'d, 'i>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong(key, "a table");
        };
        Some(Fields::new(self.desk, table, value.span(), self.named(key)))
    }

    /// The tables of a list; none when there is no list.
    pub(super) fn tables(&self, key: &str) -> Vec<Fields<'d, 'i>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            return self.wrong(key, "a list of tables").unwrap_or_default();
        };
        let mut tables = Vec::new();
        for (index, entry) in array.iter().enumerate() {
            let path = format!("{}[{index}]", self.named(key));
            match entry.get_ref().as_table() {
                Some(table) => tables.push(Fields::new(self.desk, table, entry.span(), path)),
                None => self.desk.flaw(&entry.span(), &path, "must be a table"),
            }
        }
        tables
    }

    /// This was all: what nobody asked for is a flaw.
    pub(super) fn end(&self) {
        for (key, value) in self.table {
            if !self.asked.borrow().contains(&**key.get_ref()) {
                let field = self.named(key.get_ref());
                self.desk
                    .flaw(&value.span(), &field, "is not a field of this table");
            }
        }
    }
}

/// A value in a message.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{:?}", text.chars().take(60).collect::<String>()),
        DeValue::Integer(number) => number.as_str().chars().take(40).collect(),
        DeValue::Float(number) => number.as_str().chars().take(40).collect(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
