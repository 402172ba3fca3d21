//! What one person may buy, and the list every bag passes before it leaves.
//!
//! In: a language and the figures of one limit. Out: a line in the units people buy in. Must not: round a figure, or say
//! that something is within a limit when that is not known.

use std::fmt::Display;

use domain::custody::gate::Item;
use domain::limits::Figure;

use super::{Lang, Msg};

messages! {
    WhatOneMayBuy: text "What one person may buy", "Lo que puede comprar una persona";
    Within: text "within", "dentro";
    NearTheLimit: text "near the limit", "cerca del límite";
    OverTheLimit: text "over the limit", "supera el límite";
    NotKnown: text "not known", "no se sabe";
    NothingLimited: text "Nothing in it counts for a limit.", "Nada de esto cuenta para un límite.";
    RulesTooNew: text
        "This tablet cannot read the rules in force. Update it.",
        "Esta tableta no puede leer las reglas vigentes. Actualícela.";
    NoLimitsHere: text
        "The shop has no limits on record. Work it out by hand.",
        "La tienda no tiene límites registrados. Calcúlelo a mano.";
    Taxed: text "over, which this state allows and taxes", "de más, lo que el estado permite y grava";
    Unconfirmed: text
        "over a figure nobody has confirmed; a manager decides",
        "de más según una cifra sin confirmar; decide un gerente";
    DependsOnCustomer: text "depends on the customer's ID", "depende de la ID del cliente";
    HistoryNotKnown: text
        "what the customer took home before is not known here",
        "aquí no se sabe qué se llevó antes el cliente";
    HistoryOld: text
        "without the network, earlier purchases may be missing",
        "sin red, pueden faltar compras anteriores";
    NoLimitToday: text
        "the rules have no limit of this kind for today",
        "las reglas no tienen un límite así para hoy";
    CardHolder: text
        "holders of a patient's card may not buy so",
        "con tarjeta de paciente no se puede comprar así";
    CardNotKnown: text
        "whether the customer holds a patient's card is not known",
        "no se sabe si el cliente tiene tarjeta de paciente";
    TooYoungToBuy: text "the customer is too young for this", "el cliente no tiene la edad";
    TooFine: text "the figures cannot be added up", "las cifras no se pueden sumar";
    WorkedOut: button "Within the limits, by hand", "Dentro, calculado a mano";
    LimitsFit: text "Within what one person may buy", "Dentro de lo que se puede comprar";
    LimitsOver: text "More than one person may buy", "Más de lo que se puede comprar";
    LimitsOpen: text
        "Whether it is within the limits is not known here. Work it out.",
        "Aquí no se sabe si está dentro de los límites. Calcúlelo.";
    TakeOneOff: button "Take one off", "Quitar una";
    BeforeItLeaves: text "Before it leaves", "Antes de salir";
    GateHeld: text "Not on hold or recalled", "Sin retención ni retiro";
    GateExpired: text "Not past its last day", "No está vencido";
    GateTested: text "Tested, and passed", "Analizado y aprobado";
    GateLabelled: text "Label read on the bag", "Etiqueta leída en la bolsa";
    GateLimits: text "Within the limits", "Dentro de los límites";
    GateIdentity: text "ID seen, age and name fit", "ID vista, edad y nombre bien";
    GateCard: text "Patient's card, where it is asked", "Tarjeta de paciente, si se pide";
    GateYes: text "yes", "sí";
    GateNo: text "no", "no";
    GateOpen: text "still open", "pendiente";
    OverLimitNow: text "More than one person may buy.", "Más de lo que se puede comprar.";
    OverLimitDo: text
        "Ask the customer what to leave out before you pick.",
        "Pregunte al cliente qué quitar antes de surtir.";
}

sentences! {
    used_of(used, max): "{used} of {max}", "{used} de {max}";
    left(margin): "{margin} left", "quedan {margin}";
    over_by(over): "{over} over", "{over} de más";
    over_what(what, used, max, over):
        "{what}: {used} of {max}, {over} too much.",
        "{what}: {used} de {max}, {over} de más.";
    says(source): "So says {source}.", "Así lo dice {source}.";
    stricter(figure):
        "a stricter figure counts until {figure} is confirmed",
        "cuenta una cifra más estricta hasta confirmar {figure}";
    figure_missing(product, figure):
        "{figure} of {product} is not on record",
        "no consta {figure} de {product}";
    not_counted(product):
        "how {product} counts is not in the rules",
        "las reglas no dicen cómo cuenta {product}";
    one_unit_over(used, max):
        "one unit has {used}, and {max} is the most",
        "una unidad tiene {used}; lo máximo es {max}";
    taken_off(product, slot):
        "One {product} comes off. Put it back in {slot}.",
        "Se quita un {product}. Devuélvalo a {slot}.";
    decided_by(came_to, pack):
        "Limits: {came_to}, by the rules {pack}",
        "Límites: {came_to}, según las reglas {pack}";
}

/// A figure as people say it: grams, millilitres, milligrams of THC, pieces.
pub fn amount(measure: Option<&str>, figure: u128) -> String {
    match measure {
        Some("net_mg" | "concentrate_mg" | "flower_eq_mg") => format!("{} g", thousandths(figure)),
        Some("net_ug") => format!("{} g", millionths(figure)),
        Some("thc_mg" | "serving_thc_mg") => format!("{figure} mg THC"),
        Some("thc_ug") => format!("{} mg THC", thousandths(figure)),
        Some("volume_ul") => format!("{} mL", thousandths(figure)),
        _ => figure.to_string(),
    }
}

fn thousandths(figure: u128) -> String {
    decimal(figure, 1_000)
}

fn millionths(figure: u128) -> String {
    decimal(figure, 1_000_000)
}

/// A figure by a power of ten, all its digits and no more.
fn decimal(figure: u128, by: u128) -> String {
    let (whole, rest) = (figure / by, figure % by);
    if rest == 0 {
        return whole.to_string();
    }
    let places = by.ilog10() as usize;
    let rest = format!("{rest:0places$}");
    format!("{whole}.{}", rest.trim_end_matches('0'))
}

/// What a cap is about, by its name in the pack. One that is not on this list is shown by that name.
pub fn bucket(lang: Lang, id: &str) -> String {
    let (en, es) = match id {
        "flower" => ("Flower", "Flor"),
        "concentrate" => ("Concentrate", "Concentrado"),
        "extract" => ("Extract", "Extracto"),
        "edible" => ("Edibles", "Comestibles"),
        "infused" => ("Infused products", "Productos infundidos"),
        "plants" => ("Plants", "Plantas"),
        "seeds" => ("Seeds", "Semillas"),
        "solid" => ("Solid products", "Productos sólidos"),
        "liquid" => ("Liquids", "Líquidos"),
        "all" => ("All together", "Todo junto"),
        "aggregate" => ("All routes together", "Todas las vías juntas"),
        "thc" => ("THC", "THC"),
        "usable" => ("Usable cannabis", "Cannabis utilizable"),
        "smoking" => ("For smoking", "Para fumar"),
        "inhalation" => ("For inhaling", "Para inhalar"),
        "oral" => ("Oral", "Oral"),
        "sublingual" => ("Sublingual", "Sublingual"),
        "suppository" => ("Suppositories", "Supositorios"),
        "topical" => ("Topical", "Tópico"),
        "other" => ("Other products", "Otros productos"),
        "age" => ("Age", "Edad"),
        "card" => ("Patient's card", "Tarjeta de paciente"),
        "unit" => ("One unit", "Una unidad"),
        "class" => ("Kind of product", "Clase de producto"),
        "program" => ("Today's limits", "Límites de hoy"),
        other => return other.to_owned(),
    };
    match lang {
        Lang::En => en.to_owned(),
        Lang::Es => es.to_owned(),
    }
}

/// What a figure of a unit is called.
pub fn figure(lang: Lang, figure: Figure) -> &'static str {
    let (en, es) = match figure {
        Figure::NetMg => ("the net weight", "el peso neto"),
        Figure::ThcMg => ("the THC", "el THC"),
        Figure::ConcentrateMg => ("the concentrate in a unit", "el concentrado por unidad"),
        Figure::VolumeUl => ("the volume", "el volumen"),
        Figure::Units => ("the number of pieces", "el número de piezas"),
        Figure::ServingThcMg => ("the THC of a serving", "el THC por porción"),
    };
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

/// An item of the list.
pub fn item(item: Item) -> Msg {
    match item {
        Item::NotHeld => Msg::GateHeld,
        Item::NotExpired => Msg::GateExpired,
        Item::Tested => Msg::GateTested,
        Item::Labelled => Msg::GateLabelled,
        Item::WithinLimits => Msg::GateLimits,
        Item::Identity => Msg::GateIdentity,
        Item::Card => Msg::GateCard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_in_the_units_people_buy_in_and_never_rounded() {
        for (measure, figure, said) in [
            ("net_mg", 28_500, "28.5 g"),
            ("net_mg", 28_501, "28.501 g"),
            ("net_mg", 8_000, "8 g"),
            ("net_mg", 5, "0.005 g"),
            ("net_ug", 7_087_500, "7.0875 g"),
            ("thc_mg", 800, "800 mg THC"),
            ("thc_ug", 7_087_500, "7087.5 mg THC"),
            ("volume_ul", 2_129_294, "2129.294 mL"),
            ("units", 6, "6"),
        ] {
            assert_eq!(amount(Some(measure), figure), said);
        }
    }
}
