//! What a pack says of labels, as it travels to devices.
//!
//! In: the pack's tables, checked by `duties.rs`. Out: templates, sentences, symbols. Must not: refuse anything; a sentence that is
//! named and not in the pack becomes a line to write on, and the screen says so.

use domain::label::rules::{LabelRules, Sentence, Shape, Symbol};
use domain::label::{Language, Place, Template};
use domain::limits::BagNeeds;
use domain::order::Channel;

use super::fields::Fields;

/// Reads them.
pub(super) fn read(document: &Fields<'_, '_>) -> LabelRules {
    let labels = document.tables("label");
    let mut never_on: Vec<Place> = labels
        .iter()
        .filter_map(|fields| place(fields, "never_on"))
        .collect();
    never_on.sort_unstable();
    never_on.dedup();
    LabelRules {
        templates: labels.iter().filter_map(template).collect(),
        sentences: document
            .tables("warning")
            .iter()
            .filter_map(sentence)
            .collect(),
        symbols: document
            .tables("symbol")
            .iter()
            .filter_map(symbol)
            .collect(),
        never_on,
    }
}

/// What the bag must be in which goods leave; `None` when the pack asks for none.
pub(super) fn bag(document: &Fields<'_, '_>) -> Option<BagNeeds> {
    let fields = document.table("bag")?;
    fields.flag("required").then(|| BagNeeds {
        opaque: fields.flag("opaque") || fields.flag("hide_contents"),
        child_resistant: fields.flag("child_resistant"),
        resealable: fields.flag("resealable"),
    })
}

/// The ways to a customer on which the customer signs for the bag; `None` when the pack wants none.
pub(super) fn signature(document: &Fields<'_, '_>) -> Option<Vec<Channel>> {
    let at_the_door = document.table("delivery").and_then(|fields| {
        let is_required = fields.text_if_any("signature")? == "required";
        is_required.then_some(Channel::Delivery)
    });
    let in_the_shop = document.table("handoff");
    let words = in_the_shop
        .iter()
        .flat_map(|fields| fields.texts("signature"));
    let mut channels: Vec<Channel> = words.filter_map(channel).chain(at_the_door).collect();
    channels.sort_unstable();
    channels.dedup();
    (!channels.is_empty()).then_some(channels)
}

fn channel(word: &str) -> Option<Channel> {
    match word {
        "pickup" => Some(Channel::Pickup),
        "curbside" => Some(Channel::Curbside),
        "delivery" => Some(Channel::Delivery),
        _ => None,
    }
}

fn texts(fields: &Fields<'_, '_>, key: &str) -> Vec<String> {
    fields.texts(key).into_iter().map(str::to_owned).collect()
}

fn place(fields: &Fields<'_, '_>, key: &str) -> Option<Place> {
    match fields.text_if_any(key)? {
        "item" => Some(Place::Item),
        "bag" => Some(Place::Bag),
        "receipt" => Some(Place::Receipt),
        "insert" => Some(Place::Insert),
        _ => None,
    }
}

fn template(fields: &Fields<'_, '_>) -> Option<Template> {
    let mut tokens = texts(fields, "tokens");
    let named = [("warning", "warnings"), ("symbol", "symbols")];
    for (kind, key) in named {
        tokens.extend(
            fields
                .texts(key)
                .into_iter()
                .map(|id| format!("{kind}.{id}")),
        );
    }
    let languages = fields.texts("languages");
    Some(Template {
        id: fields.text_if_any("id")?.to_owned(),
        place: place(fields, "place")?,
        tokens,
        height_um_min: fields.small_if_any("min_height_um").unwrap_or(0),
        languages: languages.into_iter().filter_map(language).collect(),
        classes: texts(fields, "applies"),
    })
}

fn language(word: &str) -> Option<Language> {
    match word {
        "en" => Some(Language::English),
        "es" => Some(Language::Spanish),
        _ => None,
    }
}

fn sentence(fields: &Fields<'_, '_>) -> Option<Sentence> {
    Some(Sentence {
        id: fields.text_if_any("id")?.to_owned(),
        english: fields.text_if_any("text")?.to_owned(),
        spanish: fields.text_if_any("spanish").map(str::to_owned),
        classes: texts(fields, "classes"),
        unsure: fields.flag("advisory").then_some(true),
    })
}

fn symbol(fields: &Fields<'_, '_>) -> Option<Symbol> {
    let shape = match fields.text_if_any("shape")? {
        "diamond" => Shape::Diamond,
        "triangle" => Shape::Triangle,
        _ => Shape::Square,
    };
    Some(Symbol {
        id: fields.text_if_any("id")?.to_owned(),
        shape,
        letters: texts(fields, "letters"),
        classes: texts(fields, "classes"),
        unsure: fields.flag("advisory").then_some(true),
    })
}
