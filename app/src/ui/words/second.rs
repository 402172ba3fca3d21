//! Why a second person looks at a bag.
//!
//! In: a language. Out: the words. Must not: name the figure a cause was found by.

use domain::custody::second::Cause;

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
