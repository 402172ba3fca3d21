//! What a pack says beside limits: labels, bags, identity cards, hours, deliveries, deadlines, counts, records.
//!
//! In: the pack's other tables. Out: nothing but flaws, and the least age of customers. Must not: let a figure through
//! that has no source; what reads these tables one day relies on their being checked here.

use std::collections::BTreeMap;

use domain::limits::Program;
use domain::limits::book::AgeMin;

use super::fields::Fields;
use super::source::Sources;
use super::words::{self, BASES, CHECKS, LANGUAGES, MARKS, PLACES, RETAINED, SHAPES, SYSTEMS};

/// What a field may hold.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    Number,
    Day,
    Texts,
    Tokens,
    Due,
    Clock,
    /// When something opens and when it closes.
    Hours,
    Word(&'static [&'static str]),
    Words(&'static [&'static str]),
    /// A table in it.
    Inner(&'static [(&'static str, Kind)]),
}

use Kind::{Clock, Day, Due, Flag, Hours, Inner, Number, Text, Texts, Tokens, Word, Words};

/// One table of the schema.
struct Sheet {
    name: &'static str,
    is_list: bool,
    /// What stands in for a figure that nobody confirmed.
    strict: &'static str,
    fields: &'static [(&'static str, Kind)],
}

const VALUE_CAP: Sheet = Sheet {
    name: "value_cap",
    is_list: true,
    strict: "strict_cents",
    fields: &[
        ("from", Day),
        ("to", Day),
        ("cents", Number),
        ("unordered_cents", Number),
        ("strict_cents", Number),
    ],
};

const AGENTS: Sheet = Sheet {
    name: "agents",
    is_list: true,
    strict: "strict_cents",
    fields: &[
        ("from", Day),
        ("to", Day),
        ("max_cents", Number),
        ("strict_cents", Number),
        ("n", Number),
    ],
};

const DELIVERY: Sheet = Sheet {
    name: "delivery",
    is_list: false,
    strict: "",
    fields: &[
        ("allowed", Flag),
        ("permit", Flag),
        ("local_opt_in", Flag),
        ("place_allow", Texts),
        ("deny_places", Texts),
        ("one_per_residence_day", Flag),
        ("surcharge_cents", Number),
        ("mass_cap_mg", Number),
        ("preorder_min_value_pct", Number),
        ("agents_min", Number),
        ("one_stays_with_vehicle", Flag),
        ("manifest", Text),
        ("manifest_years", Number),
        ("min_orders_before_departure", Number),
        ("one_licensee_at_a_time", Flag),
        ("drops_max", Number),
        ("ledger", Text),
        ("receipt_fields", Tokens),
        ("signature", Word(&["required", "optional"])),
        (
            "gps",
            Inner(&[("dedicated", Flag), ("history_days", Number)]),
        ),
        ("return_unsold", Text),
    ],
};

const SHEETS: [Sheet; 12] = [
    Sheet {
        name: "bag",
        is_list: false,
        strict: "",
        fields: &[
            ("required", Flag),
            ("opaque", Flag),
            ("child_resistant", Flag),
            ("resealable", Flag),
            ("hide_contents", Flag),
        ],
    },
    Sheet {
        name: "label",
        is_list: true,
        strict: "",
        fields: &[
            ("id", Text),
            ("place", Word(&PLACES)),
            ("never_on", Word(&PLACES)),
            ("applies", Texts),
            ("tokens", Tokens),
            ("min_height_um", Number),
            ("warnings", Texts),
            ("symbols", Texts),
            ("insert", Text),
            ("house_rule", Flag),
            ("languages", Words(&LANGUAGES)),
        ],
    },
    Sheet {
        name: "warning",
        is_list: true,
        strict: "",
        fields: &[
            ("id", Text),
            ("text", Text),
            ("spanish", Text),
            ("classes", Texts),
        ],
    },
    Sheet {
        name: "symbol",
        is_list: true,
        strict: "",
        fields: &[
            ("id", Text),
            ("shape", Word(&SHAPES)),
            ("letters", Texts),
            ("classes", Texts),
        ],
    },
    Sheet {
        name: "handout",
        is_list: true,
        strict: "",
        fields: &[("id", Text), ("when_classes", Texts)],
    },
    Sheet {
        name: "hours",
        is_list: false,
        strict: "",
        fields: &[
            ("sale", Hours),
            ("delivery", Hours),
            ("order_cutoff", Clock),
        ],
    },
    Sheet {
        name: "deadline",
        is_list: true,
        strict: "",
        fields: &[("event", Text), ("due", Due)],
    },
    Sheet {
        name: "count",
        is_list: false,
        strict: "",
        fields: &[
            ("every", Due),
            ("daily_by", Clock),
            (
                "discrepancy",
                Inner(&[
                    ("basis", Word(&BASES)),
                    ("months", Number),
                    ("pct_bp", Number),
                ]),
            ),
            ("discrepancy_advisory", Flag),
        ],
    },
    Sheet {
        name: "records",
        is_list: false,
        strict: "",
        fields: &[
            ("years", Number),
            ("calendar_years", Number),
            ("on_site_months", Number),
        ],
    },
    Sheet {
        name: "id_check",
        is_list: false,
        strict: "",
        fields: &[
            ("at", Words(&CHECKS)),
            ("scan_required", Flag),
            ("card", Text),
            ("retain", Word(&RETAINED)),
            ("retain_fields", Texts),
        ],
    },
    Sheet {
        name: "handoff",
        is_list: false,
        strict: "",
        fields: &[("signature", Words(&["pickup", "curbside", "delivery"]))],
    },
    DELIVERY,
];

/// Checks all of it, and reads the least ages.
pub(super) fn read(document: &Fields<'_, '_>, sources: &Sources) -> BTreeMap<Program, AgeMin> {
    let mut ages = BTreeMap::new();
    for sheet in &SHEETS {
        for fields in of(document, sheet) {
            match sheet.name {
                "id_check" => ages = least_ages(&fields, sources),
                "delivery" => {
                    for (list, sheet) in [("value_cap", VALUE_CAP), ("agents", AGENTS)] {
                        for entry in fields.tables(list) {
                            check(&entry, &sheet, sources);
                        }
                    }
                }
                "count" if fields.has("discrepancy_src") => {
                    let is_safe = fields.flag("discrepancy_advisory");
                    sources.judged(&fields, "discrepancy_src", is_safe);
                }
                _ => {}
            }
            check(&fields, sheet, sources);
        }
    }
    system(document);
    ages
}

/// The tables of a sheet in a pack.
fn of<'d, 'i>(document: &Fields<'d, 'i>, sheet: &Sheet) -> Vec<Fields<'d, 'i>> {
    if sheet.is_list {
        document.tables(sheet.name)
    } else {
        document.table(sheet.name).into_iter().collect()
    }
}

fn check(fields: &Fields<'_, '_>, sheet: &Sheet, sources: &Sources) {
    for (key, kind) in sheet.fields {
        check_field(fields, key, *kind);
    }
    let has_strict = !sheet.strict.is_empty() && fields.has(sheet.strict);
    let is_advisory = fields.flag("advisory");
    sources.judged(fields, "src", is_advisory || has_strict);
    fields.end();
}

fn check_field(fields: &Fields<'_, '_>, key: &str, kind: Kind) {
    let one_of =
        |words: &'static [&'static str]| move |word: &str| words.contains(&word).then_some(());
    match kind {
        Text => drop(fields.text_if_any(key)),
        Flag => drop(fields.flag(key)),
        Number => drop(fields.number_if_any(key)),
        Day => drop(fields.day_if_any(key)),
        Texts => drop(fields.texts(key)),
        Due => drop(
            fields.word_if_any(key, "when it is due, such as hours:24", |word| {
                words::is_due(word).then_some(())
            }),
        ),
        Clock => drop(
            fields.word_if_any(key, "a time of day such as 08:00", |word| {
                words::is_clock(word).then_some(())
            }),
        ),
        Hours => {
            let hours = fields.texts(key);
            let is_pair = hours.len() == 2 && hours.iter().all(|hour| words::is_clock(hour));
            if fields.has(key) && !(is_pair && hours[0] < hours[1]) {
                fields.flaw(key, "must be two times of day, the earlier first");
            }
        }
        Word(allowed) => drop(fields.word_if_any(key, &allowed.join(", "), one_of(allowed))),
        Words(allowed) => {
            for word in fields
                .texts(key)
                .iter()
                .filter(|word| !allowed.contains(word))
            {
                fields.flaw(key, format!("{word:?} is none of {}", allowed.join(", ")));
            }
        }
        Tokens => {
            for word in fields
                .texts(key)
                .iter()
                .filter(|word| !words::is_token(word))
            {
                fields.flaw(key, format!("{word:?} is nothing that can be filled in"));
            }
        }
        Inner(inner) => {
            if let Some(table) = fields.table(key) {
                for (key, kind) in inner {
                    check_field(&table, key, *kind);
                }
                table.end();
            }
        }
    }
}

fn least_ages(fields: &Fields<'_, '_>, sources: &Sources) -> BTreeMap<Program, AgeMin> {
    let mut ages = BTreeMap::new();
    let is_advisory = fields.flag("advisory");
    let source = sources.of(fields, "src");
    if let Some(table) = fields.table("min_age") {
        for program in Program::ALL {
            let years = table.small_if_any(program.word());
            if let (Some(years), Some(source)) = (years, source) {
                let source = source.cite.clone();
                ages.insert(
                    program,
                    AgeMin {
                        years,
                        is_advisory,
                        source,
                    },
                );
            }
        }
        table.end();
    }
    ages
}

/// The system the state follows goods with.
fn system(document: &Fields<'_, '_>) {
    let Some(fields) = document.table("s2s") else {
        return;
    };
    for (key, kind) in [
        ("system", Word(&SYSTEMS)),
        ("uid", Words(&MARKS)),
        ("from", Day),
        ("review", Text),
    ] {
        check_field(&fields, key, kind);
    }
    fields.end();
}
