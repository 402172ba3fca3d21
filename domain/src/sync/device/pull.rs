//! What the server has into the view, and whether the view is that.
//!
//! In: answers to pulls, sums. Out: rows to keep, pages to fetch again. Must not: move the cursor before its rows are
//! kept, believe the server about what is on the device, or go in circles over a difference that stays.

use super::{Busy, DeviceSync, Effect};
use crate::id::Position;
use crate::mutated;
use crate::sync::message::{
    Cursor, Incarnation, PULL_PAGES_MAX, PullAnswer, PullAsk, SumsAnswer, VIEW_SCHEMA,
};
use crate::sync::page::{PageName, Sum};

/// Differing pages that are fetched one by one; with more it is cheaper to fetch the whole view.
const PAGES_MENDED_MAX: usize = 16;

/// What was done about a view that is not what it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mending {
    /// Nothing; it is.
    #[default]
    Nothing,
    /// The sums of its pages are to be asked for.
    Finding,
    /// The pages that differed were fetched.
    Pages,
    /// All of it was fetched.
    All,
    /// That did not help either.
    GivenUp,
}

/// Whether the view is what the server says it should be.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    mending: Mending,
    /// Pages that must come whole with the next pull.
    wanted: Vec<PageName>,
    /// The sum the kept rows should have.
    sum: Option<Sum>,
    /// In the midst of a view that begins anew: the moment of its first page.
    began: Option<Position>,
    /// The rows being kept take the place of others.
    replaces: bool,
    /// How often a difference was mended.
    pub(super) mended: u32,
}

impl Reading {
    /// Whether nothing helped.
    pub(super) fn is_given_up(&self) -> bool {
        self.mending == Mending::GivenUp
    }

    /// Somebody has the whole view fetched again: what did not help before may now.
    pub(super) fn begin(&mut self) {
        self.mending = Mending::Nothing;
        self.wanted.clear();
        self.sum = None;
        self.began = None;
    }

    /// A request failed. Looking for a difference never keeps anybody from what is new.
    pub(super) fn failed(&mut self) {
        if self.mending == Mending::Finding {
            self.mending = Mending::Nothing;
        }
        self.wanted.clear();
        self.sum = None;
    }
}

impl DeviceSync {
    /// Asks for what is new, or for what is wrong here.
    pub(super) fn read(&mut self, effects: &mut Vec<Effect>) {
        if self.reading.mending == Mending::Finding {
            self.busy = Busy::AskingSums;
            effects.push(Effect::AskSums);
            return;
        }
        if self.fetch_snapshot(effects) {
            return;
        }
        self.busy = Busy::Pulling;
        let wanted = self.reading.wanted.iter().copied();
        effects.push(Effect::Pull(PullAsk {
            cursor: self.cursor,
            whole: self
                .arriving
                .due()
                .chain(wanted)
                .take(PULL_PAGES_MAX)
                .collect(),
            snapshots: self.arriving.takes_snapshots(),
            began: self
                .reading
                .began
                .filter(|_| !mutated("device_forgets_when_it_began")),
        }));
    }

    pub(super) fn pulled(&mut self, answer: PullAnswer, effects: &mut Vec<Effect>) {
        if self.busy != Busy::Pulling {
            return;
        }
        self.answered = true;
        self.failures = 0;
        if answer.from != self.cursor && !mutated("device_takes_an_answer_of_before") {
            // The answer to a question of before; the rows would leave a hole.
            self.busy = Busy::No;
            return;
        }
        if answer.reset && self.compares_ends_first(answer.next.incarnation) {
            self.busy = Busy::No;
            return;
        }
        self.more = answer.more;
        self.reading.sum = answer.sum;
        self.reading.began = answer.began;
        let is_news = self.arriving.is_under_way()
            || answer.reset
            || !answer.rows.is_empty()
            || !answer.whole.is_empty();
        if !is_news && answer.next == self.cursor {
            self.compare(effects);
            return;
        }
        self.busy = Busy::KeepingView;
        self.reading.replaces = answer.reset || !answer.whole.is_empty();
        if mutated("device_moves_the_cursor_before_rows") {
            self.cursor = answer.next;
        }
        effects.push(Effect::KeepView(answer));
    }

    /// The server does not know this view: it may have been set back to an earlier day. What it lost is looked for before
    /// the view follows it, for afterwards nothing would tell any more.
    pub(super) fn compares_ends_first(&mut self, life: Incarnation) -> bool {
        let has_ends = !self.acknowledged.is_empty() && !mutated("device_trusts_a_restored_server");
        let is_due = has_ends && self.compared != Some(life);
        if is_due {
            self.compared = Some(life);
            self.doubted = self.acknowledged.keys().copied().collect();
        }
        is_due
    }

    /// Rows were shown and could not be kept. Where they took the place of those this cursor stands for, only a whole view
    /// is sure to follow from them.
    pub(super) fn view_not_kept(&mut self) {
        if self.reading.replaces && !mutated("device_goes_on_from_what_was_not_kept") {
            self.cursor = Cursor::default();
            self.reading.began = None;
        }
    }

    pub(super) fn view_kept(&mut self, cursor: Cursor, effects: &mut Vec<Effect>) {
        self.busy = Busy::No;
        self.compared = None;
        if std::mem::take(&mut self.forgotten) {
            // Rows kept while the view was thrown away have lost those before them.
            return;
        }
        self.cursor = cursor;
        // A wake that came meanwhile still counts.
        self.pull_wanted |= self.more;
        if !self.more {
            self.reading.wanted.clear();
            self.arriving.is_whole();
            self.compare(effects);
        }
    }

    fn compare(&mut self, effects: &mut Vec<Effect>) {
        self.busy = Busy::No;
        if let Some(sum) = self.reading.sum.take()
            && !mutated("device_never_compares")
        {
            self.busy = Busy::Comparing;
            effects.push(Effect::Compare(sum));
        }
    }

    pub(super) fn compared(&mut self, is_same: bool) {
        if self.busy != Busy::Comparing {
            return;
        }
        self.busy = Busy::No;
        if std::mem::take(&mut self.forgotten) {
            return;
        }
        self.reading.mending = match (is_same, self.reading.mending) {
            (true, _) => Mending::Nothing,
            (false, Mending::Nothing | Mending::Finding) => Mending::Finding,
            (false, Mending::Pages) => {
                self.fetch_all();
                Mending::All
            }
            (false, Mending::All | Mending::GivenUp) => Mending::GivenUp,
        };
        let mends = !is_same && !self.reading.is_given_up();
        self.pull_wanted |= mends;
        self.reading.mended += u32::from(mends && self.reading.mending == Mending::Finding);
    }

    pub(super) fn summed(&mut self, answer: SumsAnswer, effects: &mut Vec<Effect>) {
        if self.busy != Busy::AskingSums {
            return;
        }
        self.answered = true;
        self.failures = 0;
        effects.push(Effect::FindDifferences(answer.pages));
    }

    pub(super) fn differing(&mut self, pages: Vec<PageName>) {
        if self.busy != Busy::AskingSums {
            return;
        }
        self.busy = Busy::No;
        self.pull_wanted = true;
        if pages.len() > PAGES_MENDED_MAX {
            self.fetch_all();
            self.reading.mending = Mending::All;
        } else {
            // None at all: what differed has changed since, and comes with the next pull.
            self.reading.wanted = pages;
            self.reading.mending = Mending::Pages;
        }
    }

    /// Begins the view anew. The one there is stays until the new one is whole.
    pub(super) fn fetch_all(&mut self) {
        self.reading.wanted.clear();
        self.reading.began = None;
        self.pull_wanted = true;
        self.cursor = Cursor {
            schema: VIEW_SCHEMA,
            ..Cursor::default()
        };
    }
}
