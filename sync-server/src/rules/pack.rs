//! One state's rule pack, read and checked.
//!
//! In: TOML. Out: a pack, or every flaw of it by line and field. Must not: use a pack that has one.
//!
//! # The schema
//!
//! `schema = 1`. Only data: no expressions, whole numbers only. Every figure has a day, a source and that source's grade;
//! a figure from memory has a stricter one beside it that decides until it is confirmed, or its table says
//! `advisory = true`, and then what exceeds it is for a person to judge.
//!
//! | table | says | fields |
//! |---|---|---|
//! | `[pack]` | which pack | `id state regulator tz version programs ounce_mg reviewed_on` |
//! | `[[source]]` | where figures stand | `id cite title url seen grade` (`primary`, `secondary`, `memory`) |
//! | `[classes]` | the tracking system's category → class | a map; what is not in it is unknown, and unknown blocks |
//! | `[[equivalent]]` | what counts for how much flower | `class figure is of src`: `of` of the figure count as `is` |
//! | `[[limit]]` | a purchase limit | `id program from to combine window scope identity authority offline offline_src override exception uncapped over when advisory` |
//! | `[[limit.bucket]]` | one cap of it | `id classes measure max strict_max daily subcap_of when src` |
//! | `[[bar]]` | barred goods or people | `id program classes measure max_per_unit card_holder reason from to src` |
//! | `[[split]]` | classes a figure tells apart | `above up_to figure max src` |
//! | `[[label]]` | what stands on a label | `id place never_on applies tokens min_height_um warnings symbols insert house_rule languages src` |
//! | `[[warning]]` | a sentence, word for word | `id text spanish classes src`: `spanish` only where the state itself has one |
//! | `[[symbol]]` | a symbol | `id shape letters classes src`; `shape`: `diamond triangle square` |
//! | `[handoff]` | who signs for a bag | `signature src`; `signature`: `pickup curbside delivery`; at a door also `[delivery] signature = "required"` |
//! | `[bag] [[handout]] [id_check] [hours] [delivery] [[deadline]] [count] [records] [s2s]` | duties | see `duties.rs` |
//!
//! `combine`: `independent` (each cap by itself), `total` (the same, with `subcap_of` inside), `fraction_sum` (the shares
//! of the caps add up to one at most). `window`: `{ kind = "transaction" | "calendar_day" | "calendar_month" }` or
//! `{ kind = "rolling_days", n = 35 }`: that day and the 34 before it, in the shop's zone. `measure`: `net_mg net_ug
//! concentrate_mg thc_mg thc_ug volume_ul units flower_eq_mg`. `override = "physician_recommendation"`: the letter's
//! amount is the cap; `exception = { max_mg, by }`: a letter raises it, up to there. `offline`: `allow block
//! cached:MINUTES allow_with_certificate`. A limit holds from `from` until the day before `to`.
//!
//! The class `exempt` is counted by no limit. `compact.rs` tells the shorter form.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::id::Hash;
use domain::label::LabelRules;
use domain::limits::{BagNeeds, Book, Figures, LimitPack, Program};
use domain::order::Channel;
use domain::time::Day;
use toml::de::DeTable;

use super::caps::{self, Context};
use super::fields::{Desk, Fields, line_of};
use super::flaw::PackRefused;
use super::source::Sources;
use super::{checks, compact, duties, labels, leaves};
use crate::clock::is_time_zone;

/// The schema this program reads.
const SCHEMA: u64 = 1;
/// The largest pack, in bytes.
pub const PACK_BYTES_MAX: usize = 1024 * 1024;
/// The class no limit counts.
pub(super) const EXEMPT: &str = "exempt";

/// One state's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its name, such as `us-ca`.
    pub id: String,
    /// The state, such as `CA`.
    pub state: String,
    /// The zone of most of the state; a shop may have another.
    pub time_zone: String,
    /// Its version, such as `2026.11.0`.
    pub version: String,
    /// Day a person last compared it with its sources.
    pub reviewed_on: Day,
    /// Which programs it covers.
    pub programs: Vec<Program>,
    /// Names its text, byte for byte. Belongs into whatever the pack decided.
    pub hash: Hash,
    /// The tracking system's categories and the classes they are.
    pub classes: BTreeMap<String, String>,
    /// The limits.
    pub book: Book,
    /// What stands on labels.
    pub labels: LabelRules,
    /// What it asks of the bag in which goods leave.
    pub bag: Option<BagNeeds>,
    /// The ways to a customer on which the customer signs for the bag.
    pub signature: Option<Vec<Channel>>,
    /// Every value by its place, to compare packs with.
    pub figures: BTreeMap<String, String>,
}

impl Pack {
    /// Its limits and labels, as devices have them.
    #[must_use]
    pub fn travelling(&self) -> LimitPack {
        let figures = Figures {
            book: self.book.clone(),
            classes: self.classes.clone(),
        };
        LimitPack::of(&self.id, &self.version, self.hash, &figures)
            .with_labels(&self.labels)
            .with_bag(self.bag)
            .with_signature(self.signature.clone())
    }
}

/// The pack's first table.
pub(super) struct Head {
    id: String,
    pub(super) state: String,
    time_zone: String,
    version: String,
    pub(super) programs: Vec<Program>,
    reviewed_on: Day,
}

/// Reads a pack. `name` is what flaws call it.
///
/// # Errors
/// With every flaw there is.
pub fn read(name: &str, bytes: &[u8]) -> Result<Pack, PackRefused> {
    if bytes.len() > PACK_BYTES_MAX {
        let what = format!("has more than {PACK_BYTES_MAX} bytes");
        return Err(PackRefused::of(name, 1, "the file", what));
    }
    let text = match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(PackRefused::of(
                name,
                line,
                "the file",
                "is not UTF-8".to_owned(),
            ));
        }
    };
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let what = error.message().replace('\n', "; ");
        PackRefused::of(name, line, "the text", what)
    })?;
    let desk = Desk::new(text);
    let document = Fields::new(&desk, table.get_ref(), Range::default(), String::new());
    let pack = whole(&document, bytes);
    desk.verdict(name)?;
    pack.ok_or_else(|| PackRefused::of(name, 1, "the file", "is not a rule pack".to_owned()))
}

fn whole(document: &Fields<'_, '_>, bytes: &[u8]) -> Option<Pack> {
    if document.number("schema") != Some(SCHEMA) && document.has("schema") {
        document.flaw("schema", format!("this program reads schema {SCHEMA}"));
    }
    let is_compact = document.flag("compact");
    let head = head(document);
    let labels = labels::read(document);
    let bag = labels::bag(document);
    let signature = labels::signature(document);
    let (book, classes) = if is_compact {
        let book = compact::book(document, head.as_ref());
        (book, compact::categories(document))
    } else {
        full(document, head.as_ref())
    };
    document.end();
    let (head, mut book) = (head?, book?);
    book.id.clone_from(&head.id);
    book.state.clone_from(&head.state);
    // What one flaw brings with it is no flaw of its own.
    if document.desk.is_clean() {
        checks::whole(document, &book, &head.programs);
        if !is_compact {
            checks::categories(document, &book, &head.programs, &classes);
        }
    }
    Some(Pack {
        id: head.id,
        state: head.state,
        time_zone: head.time_zone,
        version: head.version,
        reviewed_on: head.reviewed_on,
        programs: head.programs,
        hash: Hash::of(&[bytes]),
        classes,
        book,
        labels,
        bag,
        signature,
        figures: leaves::of(document),
    })
}

fn head(document: &Fields<'_, '_>) -> Option<Head> {
    let Some(fields) = document.table("pack") else {
        document.flaw("pack", "is missing");
        return None;
    };
    let id = fields.text("id");
    let state = fields.word("state", "two capital letters", |state| {
        let is_state = state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_uppercase());
        is_state.then(|| state.to_owned())
    });
    let time_zone = fields.word("tz", "a time zone such as America/Denver", |zone| {
        is_time_zone(zone).then(|| zone.to_owned())
    });
    let version = fields.text("version");
    fields.text_if_any("regulator");
    fields.number_if_any("ounce_mg");
    let reviewed_on = fields.day_if_any("reviewed_on");
    if !fields.has("reviewed_on") {
        fields.flaw("reviewed_on", "is missing");
    }
    let named = fields.texts("programs");
    let programs: Option<Vec<Program>> = named.iter().map(|word| Program::parse(word)).collect();
    let programs = programs.filter(|programs| !programs.is_empty());
    if programs.is_none() {
        fields.flaw(
            "programs",
            "must be a list of adult and medical, one or both",
        );
    }
    fields.end();
    Some(Head {
        id: id?.to_owned(),
        state: state?,
        time_zone: time_zone?,
        version: version?.to_owned(),
        programs: programs?,
        reviewed_on: reviewed_on?,
    })
}

/// The tables of a pack in full.
fn full(
    document: &Fields<'_, '_>,
    head: Option<&Head>,
) -> (Option<Book>, BTreeMap<String, String>) {
    let sources = Sources::read(document);
    let classes = categories(document);
    let names: BTreeSet<String> = classes.values().cloned().collect();
    let equivalents = caps::equivalents(document, &sources);
    let context = Context {
        sources: &sources,
        classes: &names,
        equivalents: &equivalents,
    };
    let limits = document.tables("limit");
    let limits = limits
        .iter()
        .filter_map(|fields| caps::limit(fields, &context));
    let limits = limits.collect();
    let bars = document.tables("bar");
    let bars = bars.iter().filter_map(|fields| caps::bar(fields, &context));
    let bars = bars.collect();
    let splits = document.tables("split");
    let splits = splits
        .iter()
        .filter_map(|fields| caps::split(fields, &context));
    let splits = splits.collect();
    let age_min = duties::read(document, &sources);
    let book = head.map(|head| Book {
        id: head.id.clone(),
        state: head.state.clone(),
        limits,
        bars,
        splits,
        exempt: BTreeSet::from([EXEMPT.to_owned()]),
        age_min,
    });
    (book, classes)
}

/// The tracking system's categories and the classes they are.
fn categories(document: &Fields<'_, '_>) -> BTreeMap<String, String> {
    let Some(fields) = document.table("classes") else {
        document.flaw("classes", "is missing");
        return BTreeMap::new();
    };
    let keys: Vec<String> = fields.keys().map(str::to_owned).collect();
    let class = |key: String| {
        let class = fields.text(&key)?.to_owned();
        Some((key, class))
    };
    let found = keys.into_iter().filter_map(class).collect();
    fields.end();
    found
}
