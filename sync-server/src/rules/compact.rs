//! Packs in the compact form: the limits of one state, a row each.
//!
//! In: `row` and `ops`. Out: the same limits a pack in full has. Must not: fill in a figure that no row has.
//!
//! ```toml
//! schema = 1
//! compact = true
//! classes = ["flower", "concentrate"]
//! exempt = ["topical"]
//! row = [
//!   { p = "adult", c = "total", w = "transaction", b = ["all:flower_eq_mg:70875", "concentrate:net_mg:15000:sub"],
//!     g = "S", cite = "MCL 333.27955; R 420.506" },
//! ]
//! [categories]
//! "Buds" = "flower"
//! ```
//!
//! | field of a row | says |
//! |---|---|
//! | `p`, `c`, `w` | program; `independent`, `total`, `fraction_sum`; `transaction`, `calendar_day`, `calendar_month`, `rolling:14` |
//! | `b` | the caps, `name:measure:max`, and `:sub` for one inside a total. The name is the class, or `all`, or is in `of` |
//! | `of` | the classes of a cap whose name is none: `{ usable = ["flower"] }` |
//! | `id` | the limit's name; without one, state, program and window |
//! | `from`, `to` | first day, and first day no more. Without `from` nobody wrote down since when |
//! | `when` | `resident` or `nonresident` |
//! | `authority`, `offline`, `identity`, `over` | as in full; else `local` and `allow`, or `registry` and `block`; `customer` |
//! | `uncapped` | classes without a cap |
//! | `strict` | stricter figures that decide until the others are confirmed: `{ extract = 5000 }` |
//! | `bars` | `class:figure:most of one unit`, or `patient_card_holder` |
//! | `g`, `cite`, `bars_g`, `bars_cite` | `P` primary, `S` secondary, `M` memory, `S/M` both; where it stands |
//! | `advisory` | what exceeds it is for a person to judge: needed where `g` has an `M` and `strict` is missing |
//!
//! `categories` are the tracking system's, each with the class it surely is; a shop's goods of any other are unknown.
//! `lowdose = { above, up_to, figure, max, g, cite }` names two classes that a figure tells apart, `equivalent` rows as
//! in full what counts for how much flower. `ops` are further figures, each with `what`, `value`, `g` and `cite`.

use std::collections::{BTreeMap, BTreeSet};

use domain::limits::{
    Authority, Bar, Barred, Book, Bucket, Condition, Letter, Limit, Measure, Offline, Program,
    Split, Term,
};

use super::caps::{dates, over, program};
use super::fields::{FIGURE_MAX, Fields};
use super::pack::Head;
use super::source::Grade;
use super::words;

/// What a row's grade comes to: the worst in it.
fn grade(fields: &Fields<'_, '_>, key: &str) -> Option<Grade> {
    fields.word(key, "P, S, M or S/M", |word| match word {
        "P" | "S" | "M" => Grade::parse(word),
        "S/M" => Some(Grade::Memory),
        _ => None,
    })
}

/// The limits of a compact pack.
pub(super) fn book(document: &Fields<'_, '_>, head: Option<&Head>) -> Option<Book> {
    let classes = document.texts("classes");
    if classes.is_empty() {
        document.flaw("classes", "must name the state's classes");
    }
    let mut book = Book {
        id: String::new(),
        state: String::new(),
        limits: Vec::new(),
        bars: Vec::new(),
        splits: Vec::new(),
        exempt: document
            .texts("exempt")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        age_min: BTreeMap::new(),
    };
    let classes: BTreeSet<String> = classes.into_iter().map(str::to_owned).collect();
    let equivalents = equivalents(document, &classes);
    let reader = Rows {
        classes,
        exempt: book.exempt.clone(),
        equivalents,
        state: head.map(|head| head.state.clone()).unwrap_or_default(),
    };
    for fields in document.tables("row") {
        book.bars.extend(reader.bars(&fields));
        book.limits.extend(reader.limit(&fields));
    }
    book.splits.extend(lowdose(document));
    ops(document);
    Some(book)
}

/// The tracking system's categories and the classes they are. A class may be in no cap of a program: it is unknown there.
pub(super) fn categories(document: &Fields<'_, '_>) -> BTreeMap<String, String> {
    let Some(fields) = document.table("categories") else {
        document.flaw("categories", "is missing");
        return BTreeMap::new();
    };
    let classes = document.texts("classes");
    let keys: Vec<String> = fields.keys().map(str::to_owned).collect();
    let class = |key: String| {
        let class = fields.word(&key, "a class of this pack", |class| {
            classes.contains(&class).then(|| class.to_owned())
        })?;
        Some((key, class))
    };
    let found = keys.into_iter().filter_map(class).collect();
    fields.end();
    found
}

fn equivalents(document: &Fields<'_, '_>, classes: &BTreeSet<String>) -> BTreeMap<String, Term> {
    let mut found = BTreeMap::new();
    for fields in document.tables("equivalent") {
        let class = fields.word("class", "a class of this pack", |class| {
            classes.contains(class).then(|| class.to_owned())
        });
        let figure = fields.word("figure", "a figure of a basket's line", words::figure);
        let (is, of) = (fields.number("is"), fields.number("of"));
        if of == Some(0) {
            fields.flaw("of", "must not be 0");
            continue;
        }
        cited(&fields);
        fields.end();
        if let (Some(class), Some(figure), Some(is), Some(of)) = (class, figure, is, of) {
            found.insert(class, Term { figure, is, of });
        }
    }
    found
}

/// A source and a grade that needs nothing beside it, or the word that it is advice.
fn cited(fields: &Fields<'_, '_>) {
    let is_advisory = fields.flag("advisory");
    if grade(fields, "g") == Some(Grade::Memory) && !is_advisory {
        fields.flaw("g", "is from memory: that needs `advisory = true`");
    }
    fields.text("cite");
}

fn lowdose(document: &Fields<'_, '_>) -> Option<Split> {
    let fields = document.table("lowdose")?;
    let (above, up_to) = (fields.text("above"), fields.text("up_to"));
    let figure = fields.word("figure", "a figure of a basket's line", words::figure);
    let max = fields.number("max");
    cited(&fields);
    fields.end();
    Some(Split {
        above: above?.to_owned(),
        up_to: up_to?.to_owned(),
        figure: figure?,
        max: max?,
    })
}

fn ops(document: &Fields<'_, '_>) {
    for fields in document.tables("ops") {
        fields.text("what");
        let value = fields.value("value").map(|value| value.get_ref());
        let is_plain = value.is_some_and(|value| value.is_str() || value.is_bool());
        if !is_plain {
            fields.number("value");
        }
        dates(&fields);
        cited(&fields);
        fields.end();
    }
}

struct Rows {
    classes: BTreeSet<String>,
    exempt: BTreeSet<String>,
    equivalents: BTreeMap<String, Term>,
    state: String,
}

impl Rows {
    fn limit(&self, fields: &Fields<'_, '_>) -> Option<Limit> {
        let program = program(fields, "p");
        let combine = fields.word("c", "independent, total or fraction_sum", words::combine);
        let window = fields.word(
            "w",
            "transaction, calendar_day, calendar_month or rolling:DAYS",
            words::window,
        );
        let (from, to) = dates(fields);
        let condition = self.condition(fields);
        let authority = fields.word_if_any("authority", "local or registry", words::authority);
        let authority = authority.unwrap_or(Authority::Local);
        let offline =
            fields.word_if_any("offline", "allow, block or cached:MINUTES", words::offline);
        let usual = match authority {
            Authority::Local => Offline::Allow,
            Authority::Registry => Offline::Block,
        };
        let knows =
            fields.word_if_any("identity", "none, customer or patient", |word| match word {
                "none" => Some(false),
                "customer" | "patient" => Some(true),
                _ => None,
            });
        let uncapped = self.named(fields, "uncapped").into_iter().collect();
        let is_advisory = fields.flag("advisory");
        let over = over(fields);
        let buckets = self.buckets(fields, is_advisory);
        let id = fields.text_if_any("id").map(str::to_owned);
        fields.end();
        let program = program?;
        let name = || {
            let when = match condition.resident {
                Some(true) => ".resident",
                Some(false) => ".nonresident",
                None => "",
            };
            let window = fields.text_if_any("w").unwrap_or_default();
            let state = self.state.to_ascii_lowercase();
            format!("{state}.{}.{window}{when}", program.word())
        };
        Some(Limit {
            id: id.unwrap_or_else(name),
            program,
            from,
            to,
            combine: combine?,
            window: window?,
            knows_customer: knows.unwrap_or(true),
            authority,
            offline: offline.unwrap_or(usual),
            letter: Letter::Ignored,
            over,
            is_advisory,
            condition,
            buckets: buckets?,
            uncapped,
        })
    }

    fn condition(&self, fields: &Fields<'_, '_>) -> Condition {
        let resident = fields.word_if_any("when", "resident or nonresident", |word| match word {
            "resident" => Some(true),
            "nonresident" => Some(false),
            _ => None,
        });
        Condition {
            resident,
            ..Condition::default()
        }
    }

    fn named(&self, fields: &Fields<'_, '_>, key: &str) -> Vec<String> {
        let named = fields.texts(key);
        for class in named.iter().filter(|class| !self.classes.contains(**class)) {
            fields.flaw(key, format!("{class:?} is no class of this pack"));
        }
        named.into_iter().map(str::to_owned).collect()
    }

    fn buckets(&self, fields: &Fields<'_, '_>, is_advisory: bool) -> Option<Vec<Bucket>> {
        let caps = fields.texts("b");
        if caps.is_empty() {
            fields.flaw("b", "must name at least one cap");
        }
        let strict = fields.table("strict");
        let of = fields.table("of");
        let cite = fields.text("cite");
        if grade(fields, "g") == Some(Grade::Memory) && !is_advisory && strict.is_none() {
            fields.flaw(
                "g",
                "is from memory: that needs `strict`, or `advisory = true`",
            );
        }
        let mut buckets = Vec::new();
        for cap in caps {
            let Some((id, measure, max, is_inside)) = parse(cap) else {
                fields.flaw(
                    "b",
                    format!("{cap:?} is not name:measure:max, with max from 1"),
                );
                continue;
            };
            let classes = if let Some(of) = of.as_ref().filter(|of| of.has(id)) {
                self.named(of, id)
            } else if self.classes.contains(id) {
                vec![id.to_owned()]
            } else if id == "all" {
                self.classes.difference(&self.exempt).cloned().collect()
            } else {
                fields.flaw(
                    "b",
                    format!("{id:?} is no class of this pack, and `of` has none for it"),
                );
                continue;
            };
            let stricter = strict.as_ref().and_then(|strict| strict.number_if_any(id));
            if let Some(stricter) = stricter.filter(|stricter| *stricter == 0 || *stricter >= max) {
                fields.flaw("strict", format!("{stricter} must lie between 0 and {max}"));
            }
            let term = |class: String| {
                let term = measure
                    .term()
                    .or_else(|| self.equivalents.get(&class).copied());
                (class, term)
            };
            buckets.push(Bucket {
                id: id.to_owned(),
                measure,
                terms: classes.into_iter().map(term).collect(),
                max: stricter.unwrap_or(max),
                unconfirmed: stricter.map(|_| max),
                is_inside,
                condition: Condition::default(),
                source: cite.unwrap_or_default().to_owned(),
            });
        }
        for table in [strict, of].into_iter().flatten() {
            table.end();
        }
        cite.map(|_| buckets)
    }

    fn bars(&self, fields: &Fields<'_, '_>) -> Vec<Bar> {
        let bars = fields.texts("bars");
        let (from, to) = (fields.day_if_any("from"), fields.day_if_any("to"));
        let has_own = fields.has("bars_g");
        let grade = grade(fields, if has_own { "bars_g" } else { "g" });
        let cite = fields.text_if_any(if has_own { "bars_cite" } else { "cite" });
        let mut found = Vec::new();
        for bar in bars {
            let barred = if bar == "patient_card_holder" {
                Some((BTreeSet::new(), Barred::CardHolder))
            } else {
                self.unit_bar(bar)
            };
            let Some((classes, barred)) = barred else {
                let wanted = "is not class:figure:most of one unit, nor patient_card_holder";
                fields.flaw("bars", format!("{bar:?} {wanted}"));
                continue;
            };
            found.push(Bar {
                id: format!(
                    "{}.bar.{}",
                    self.state.to_ascii_lowercase(),
                    bar.replace(':', ".")
                ),
                program: program(fields, "p").unwrap_or(Program::Adult),
                classes,
                barred,
                from,
                to,
                is_advisory: grade == Some(Grade::Memory),
                source: cite.unwrap_or_default().to_owned(),
            });
        }
        found
    }

    fn unit_bar(&self, bar: &str) -> Option<(BTreeSet<String>, Barred)> {
        let mut parts = bar.split(':');
        let class = parts.next().filter(|class| self.classes.contains(*class))?;
        let figure = words::figure(parts.next()?)?;
        let max = figure_of(parts.next()?)?;
        parts.next().is_none().then(|| {
            let classes = BTreeSet::from([class.to_owned()]);
            (classes, Barred::Unit { figure, max })
        })
    }
}

/// Digits and nothing else, from 1.
fn figure_of(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let figure = is_plain.then(|| text.parse().ok())??;
    (1..=FIGURE_MAX).contains(&figure).then_some(figure)
}

/// `name:measure:max`, and `:sub` for a cap inside a total.
fn parse(cap: &str) -> Option<(&str, Measure, u64, bool)> {
    let mut parts = cap.split(':');
    let id = parts.next().filter(|id| !id.is_empty())?;
    let measure = Measure::parse(parts.next()?)?;
    let max = figure_of(parts.next()?)?;
    let is_inside = match parts.next() {
        None => false,
        Some("sub") => true,
        Some(_) => return None,
    };
    parts
        .next()
        .is_none()
        .then_some((id, measure, max, is_inside))
}
