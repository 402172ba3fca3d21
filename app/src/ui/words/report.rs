//! Reporting by hand what no rule can see.
//!
//! In: a language. Out: the words. Must not: ask for a word about a customer.

use super::Msg;

messages! {
    Report: button "Report a problem", "Avisar de un problema";
    ReportWhat: text "What is wrong", "Qué pasa";
    ReportIt: button "Report it", "Avisar";
    ReportHolds: text
        "The order is not handed over until it is settled.",
        "El pedido no se entrega hasta resolverlo.";
    ReportLimit: text "The purchase limit is passed", "Se pasa el límite de compra";
    ReportHeld: text "A package in it may not be sold", "Un paquete no se puede vender";
    ReportActor: text "Somebody worked on it who may not", "Lo trabajó quien no puede";
    ReportTwice: text "It has units too many", "Tiene unidades de más";
}
