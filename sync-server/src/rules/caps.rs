//! Purchase limits, bars and what classes count for, as packs state them in full.
//!
//! In: `[[limit]]`, `[[bar]]`, `[[split]]`, `[[equivalent]]`. Out: what the domain judges by. Must not: let a figure
//! through that has no source, no day, or no class.

use std::collections::{BTreeMap, BTreeSet};

use domain::limits::{
    Bar, Barred, Bucket, Condition, Letter, Limit, Measure, Over, Program, Split, Term, Window,
};
use domain::time::Day;

use super::fields::Fields;
use super::source::Sources;
use super::words;

/// What reading limits needs to know of the rest of the pack.
pub(super) struct Context<'a> {
    pub(super) sources: &'a Sources,
    pub(super) classes: &'a BTreeSet<String>,
    pub(super) equivalents: &'a BTreeMap<String, Term>,
}

impl Context<'_> {
    fn check_classes(&self, fields: &Fields<'_, '_>, key: &str) -> Vec<String> {
        let named = fields.texts(key);
        for class in &named {
            if !self.classes.contains(*class) {
                fields.flaw(key, format!("{class:?} is no class of this pack"));
            }
        }
        named.into_iter().map(str::to_owned).collect()
    }

    /// How a class counts in a measure.
    pub(super) fn term(&self, measure: Measure, class: &str) -> Option<Term> {
        measure
            .term()
            .or_else(|| self.equivalents.get(class).copied())
    }
}

/// What each class counts for in flower.
pub(super) fn equivalents(document: &Fields<'_, '_>, sources: &Sources) -> BTreeMap<String, Term> {
    let mut found = BTreeMap::new();
    for fields in document.tables("equivalent") {
        let class = fields.text("class");
        let figure = fields.word("figure", "a figure of a basket's line", words::figure);
        let (is, of) = (fields.number("is"), fields.number("of"));
        sources.judged(&fields, "src", fields.flag("advisory"));
        fields.end();
        if of == Some(0) {
            fields.flaw("of", "must not be 0");
            continue;
        }
        if let (Some(class), Some(figure), Some(is), Some(of)) = (class, figure, is, of) {
            found.insert(class.to_owned(), Term { figure, is, of });
        }
    }
    found
}

/// From which day to which.
pub(super) fn dates(fields: &Fields<'_, '_>) -> (Option<Day>, Option<Day>) {
    let (from, to) = (fields.day_if_any("from"), fields.day_if_any("to"));
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        fields.flaw("to", format!("must lie after {from}, the first day"));
    }
    (from, to)
}

pub(super) fn program(fields: &Fields<'_, '_>, key: &str) -> Option<Program> {
    fields.word(key, "adult or medical", Program::parse)
}

/// One limit; nothing, and flaws, when something needed is missing.
pub(super) fn limit(fields: &Fields<'_, '_>, context: &Context<'_>) -> Option<Limit> {
    let id = fields.text("id");
    let program = program(fields, "program");
    let (from, to) = dates(fields);
    if !fields.has("from") {
        fields.flaw("from", "is missing");
    }
    let combine = fields.word(
        "combine",
        "independent, total or fraction_sum",
        words::combine,
    );
    let window = window(fields);
    fields.word("scope", "licensee or state", |word| {
        ["licensee", "state"].contains(&word).then_some(())
    });
    let knows_customer = fields.word("identity", "none, customer or patient", |word| match word {
        "none" => Some(false),
        "customer" | "patient" => Some(true),
        _ => None,
    });
    let authority = fields.word("authority", "local or registry", words::authority);
    let offline = fields.word(
        "offline",
        "allow, block, cached:MINUTES or allow_with_certificate",
        words::offline,
    );
    if fields.has("offline_src") {
        context.sources.of(fields, "offline_src");
    }
    let is_advisory = fields.flag("advisory");
    let uncapped = context
        .check_classes(fields, "uncapped")
        .into_iter()
        .collect();
    let mut buckets = Vec::new();
    for table in fields.tables("bucket") {
        buckets.extend(bucket(&table, context, window, is_advisory));
    }
    if !fields.has("bucket") {
        fields.flaw("bucket", "is missing");
    }
    let (letter, over, condition) = (letter(fields), over(fields), condition(fields));
    fields.end();
    Some(Limit {
        letter,
        over,
        condition,
        id: id?.to_owned(),
        program: program?,
        from,
        to,
        combine: combine?,
        window: window?,
        knows_customer: knows_customer?,
        authority: authority?,
        offline: offline?,
        is_advisory,
        buckets,
        uncapped,
    })
}

fn window(fields: &Fields<'_, '_>) -> Option<Window> {
    let Some(table) = fields.table("window") else {
        if !fields.has("window") {
            fields.flaw("window", "is missing");
        }
        return None;
    };
    let kind = table.text("kind");
    let days = table.number_if_any("n");
    table.end();
    let window = match (kind?, days) {
        ("rolling_days", Some(days)) => words::rolling(days),
        (word, None) => words::window(word),
        _ => None,
    };
    if window.is_none() {
        let wanted =
            "must be transaction, calendar_day, calendar_month, or rolling_days with n = 1 to 366";
        table.flaw("kind", wanted);
    }
    window
}

fn letter(fields: &Fields<'_, '_>) -> Letter {
    let replaces = fields.word_if_any("override", "physician_recommendation", |word| {
        (word == "physician_recommendation").then_some(Letter::Replaces)
    });
    let raises = fields.table("exception").and_then(|table| {
        table.text("by");
        let most = table.number("max_mg").map(Letter::RaisesTo);
        table.end();
        most
    });
    replaces.or(raises).unwrap_or(Letter::Ignored)
}

pub(super) fn over(fields: &Fields<'_, '_>) -> Over {
    let over = fields.word_if_any("over", "barred or taxed_not_barred", |word| match word {
        "barred" => Some(Over::Barred),
        "taxed_not_barred" => Some(Over::Taxed),
        _ => None,
    });
    over.unwrap_or(Over::Barred)
}

fn condition(fields: &Fields<'_, '_>) -> Condition {
    let Some(table) = fields.table("when") else {
        return Condition::default();
    };
    let condition = Condition {
        age_min: table.small_if_any("age_min"),
        age_max: table.small_if_any("age_max"),
        resident: table.has("resident").then(|| table.flag("resident")),
    };
    if let Condition {
        age_min: Some(min),
        age_max: Some(max),
        ..
    } = condition
        && min > max
    {
        table.flaw("age_max", format!("must not be below {min}, the least age"));
    }
    table.end();
    condition
}

fn bucket(
    fields: &Fields<'_, '_>,
    context: &Context<'_>,
    window: Option<Window>,
    is_advisory: bool,
) -> Option<Bucket> {
    let id = fields.text("id");
    let classes = context.check_classes(fields, "classes");
    if classes.is_empty() {
        fields.flaw("classes", "must name at least one class");
    }
    let measure = fields.word("measure", "a measure of limits", Measure::parse);
    let max = fields.number("max");
    let strict = fields.number_if_any("strict_max");
    let is_inside = fields.text_if_any("subcap_of").is_some();
    let condition = condition(fields);
    if let (Some(daily), Some(Window::RollingDays(days)), Some(max)) =
        (fields.number_if_any("daily"), window, max)
        && daily.saturating_mul(u64::from(days)) != max
    {
        fields.flaw("daily", format!("times {days} days is not {max}, the cap"));
    }
    let is_safe = is_advisory || strict.is_some();
    let source = context.sources.judged(fields, "src", is_safe);
    fields.end();
    let (measure, max) = (measure?, max?);
    if max == 0 || strict == Some(0) {
        fields.flaw("max", "must not be 0");
    }
    if strict.is_some_and(|strict| strict >= max) {
        fields.flaw(
            "strict_max",
            format!("must be below {max}, the figure it stands in for"),
        );
    }
    let terms = classes.into_iter().map(|class| {
        let term = context.term(measure, &class);
        (class, term)
    });
    Some(Bucket {
        id: id?.to_owned(),
        measure,
        terms: terms.collect(),
        max: strict.unwrap_or(max),
        unconfirmed: strict.map(|_| max),
        is_inside,
        condition,
        source: source?.cite.clone(),
    })
}

/// One bar.
pub(super) fn bar(fields: &Fields<'_, '_>, context: &Context<'_>) -> Option<Bar> {
    let id = fields.text("id");
    let program = program(fields, "program");
    let (from, to) = dates(fields);
    let classes: BTreeSet<String> = context
        .check_classes(fields, "classes")
        .into_iter()
        .collect();
    let is_advisory = fields.flag("advisory");
    let source = context.sources.judged(fields, "src", is_advisory);
    fields.text_if_any("reason");
    let barred = if fields.flag("card_holder") {
        Some(Barred::CardHolder)
    } else {
        let figure = fields.word("measure", "a figure of a basket's line", words::figure);
        let max = fields.number("max_per_unit");
        figure
            .zip(max)
            .map(|(figure, max)| Barred::Unit { figure, max })
    };
    fields.end();
    Some(Bar {
        id: id?.to_owned(),
        program: program?,
        classes,
        barred: barred?,
        from,
        to,
        is_advisory,
        source: source?.cite.clone(),
    })
}

/// One pair of classes that a figure tells apart.
pub(super) fn split(fields: &Fields<'_, '_>, context: &Context<'_>) -> Option<Split> {
    let (above, up_to) = (fields.text("above"), fields.text("up_to"));
    let figure = fields.word("figure", "a figure of a basket's line", words::figure);
    let max = fields.number("max");
    context
        .sources
        .judged(fields, "src", fields.flag("advisory"));
    fields.end();
    Some(Split {
        above: above?.to_owned(),
        up_to: up_to?.to_owned(),
        figure: figure?,
        max: max?,
    })
}
