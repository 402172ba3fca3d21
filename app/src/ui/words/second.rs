//! Why a second person looks at a bag, and what the bag itself must be.
//!
//! In: a language. Out: the words. Must not: name the figure a cause was found by.

use domain::custody::second::Cause;
use domain::custody::wrap::{Quality, qualities};
use domain::limits::BagNeeds;

use super::{Lang, Msg};

messages! {
    SecondScansLabel: text
        "Second person: look, scan the label",
        "Otra persona: mire y escanee";
    SecondLooked: text "A second person has looked", "Ya revisó otra persona";
    CauseNewStarter: text "new packer", "empaca alguien nuevo";
    CauseHighValue: text "high value", "vale mucho";
    CauseNearLimit: text "near a limit", "cerca de un límite";
    CauseEdited: text "order changed", "pedido cambiado";
    CauseSample: text "drawn by lot", "por sorteo";
    CausePassedOver: text "older one left", "quedó uno anterior";
    BagOpaque: text "opaque", "opaca";
    BagChildResistant: text "child-resistant", "a prueba de niños";
    BagResealable: text "resealable", "que vuelva a cerrar";
    BagNoted: text "Bag noted", "Bolsa anotada";
    CauseOther: text "asked for by the shop", "lo pide la tienda";
}

fn word(cause: Cause) -> Msg {
    match cause {
        Cause::NewStarter => Msg::CauseNewStarter,
        Cause::HighValue => Msg::CauseHighValue,
        Cause::NearLimit => Msg::CauseNearLimit,
        Cause::Edited => Msg::CauseEdited,
        Cause::Sample => Msg::CauseSample,
        Cause::PassedOver => Msg::CausePassedOver,
        Cause::Newer(_) => Msg::CauseOther,
    }
}

/// Why, in a line.
pub fn second_why(lang: Lang, causes: &[Cause]) -> String {
    let said: Vec<&str> = causes.iter().map(|cause| word(*cause).say(lang)).collect();
    let said = said.join(", ");
    match lang {
        Lang::En => format!("Why: {said}."),
        Lang::Es => format!("Por qué: {said}."),
    }
}

/// What the bag must be, in a line.
pub fn bag_must_be(lang: Lang, needs: BagNeeds) -> String {
    let word = |quality| match quality {
        Quality::Opaque => Msg::BagOpaque,
        Quality::ChildResistant => Msg::BagChildResistant,
        Quality::Resealable => Msg::BagResealable,
    };
    let said: Vec<&str> = qualities(needs).map(|one| word(one).say(lang)).collect();
    let said = said.join(", ");
    match lang {
        Lang::En if said.is_empty() => "Any bag of the shop.".to_owned(),
        Lang::Es if said.is_empty() => "Cualquier bolsa de la tienda.".to_owned(),
        Lang::En => format!("The law wants it {said}."),
        Lang::Es => format!("La ley la pide {said}."),
    }
}
