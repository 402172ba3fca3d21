//! Why a second person looks at a bag, and what the bag itself must be.
//!
//! In: a language. Out: the words. Must not: name the figure a cause was found by.

use domain::custody::second::Cause;
use domain::custody::wrap::{Quality, qualities};
use domain::limits::BagNeeds;

use super::{Lang, Msg};

messages! {
    SecondScansLabel: text
        "A second person looks, then scans the label",
        "Otra persona revisa y escanea la etiqueta";
    SecondLooked: text "A second person has looked", "Ya revisó otra persona";
    CauseNewStarter: text "whoever packed is new", "quien empacó es nuevo";
    CauseHighValue: text "the order is worth much", "el pedido vale mucho";
    CauseNearLimit: text "it is near a purchase limit", "está cerca de un límite de compra";
    CauseEdited: text "the order was changed", "el pedido cambió";
    CauseSample: text "it was drawn by lot", "salió por sorteo";
    BagOpaque: text "opaque", "opaca";
    BagChildResistant: text "child-resistant", "a prueba de niños";
    BagResealable: text "resealable", "que vuelva a cerrar";
    BagNoted: text "Bag noted", "Bolsa anotada";
    CauseOther: text "the shop asks for it", "la tienda lo pide";
}

fn word(cause: Cause) -> Msg {
    match cause {
        Cause::NewStarter => Msg::CauseNewStarter,
        Cause::HighValue => Msg::CauseHighValue,
        Cause::NearLimit => Msg::CauseNearLimit,
        Cause::Edited => Msg::CauseEdited,
        Cause::Sample => Msg::CauseSample,
        Cause::Newer(_) => Msg::CauseOther,
    }
}

/// Why, in a line.
pub fn second_why(lang: Lang, causes: &[Cause]) -> String {
    let said: Vec<&str> = causes.iter().map(|cause| word(*cause).say(lang)).collect();
    let said = said.join(", ");
    match lang {
        Lang::En => format!("Because {said}."),
        Lang::Es => format!("Porque {said}."),
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
