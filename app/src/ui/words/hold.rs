//! Goods on hold: what, why, which orders have some, letting go.
//!
//! In: a language. Out: the words. Must not: name a customer.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    HoldsPage: text "Holds", "Retenciones";
    NoHolds: text "Nothing is on hold", "Nada está retenido";
    NoHoldsWhy: text
        "No device picks what is put on hold here, once it has heard of it.",
        "Ningún equipo surte lo que se retiene aquí, en cuanto lo sabe.";
    PutOnHold: button "Put on hold", "Retener";
    HoldWhat: text "What", "Qué";
    HoldFind: text
        "Tag, product or batch: the last figures are enough",
        "Etiqueta, producto o lote: basta con las últimas cifras";
    HoldScope: text "How much of it", "Cuánto";
    HoldWhy: text "Why", "Por qué";
    HoldNothingFound: text "No package like that is here.", "No hay un paquete así.";
    HoldChooseOne: text "Choose a package first.", "Elija primero un paquete.";
    HoldChooseWhy: text "Choose why.", "Elija por qué.";
    HoldSayWhy: text "Say in the note why.", "Diga en la nota por qué.";
    HoldOfReason: text
        "Units that are picked already are listed with their orders. Those bags are not handed over.",
        "Lo ya surtido se lista con sus pedidos. Esas bolsas no se entregan.";
    ReasonRecall: text "Recall", "Retiro";
    ReasonLaboratory: text "A laboratory result in doubt", "Un resultado de laboratorio dudoso";
    ReasonQuality: text "Damaged or spoiled", "Dañado o en mal estado";
    ReasonLabelling: text "A label or warning is wrong", "Una etiqueta o advertencia está mal";
    ReasonInvestigation: text "Being looked into", "Se está investigando";
    ReasonOtherHold: text "Something else", "Otra cosa";
    ReasonNewerHold: text "A newer reason", "Un motivo más nuevo";
    Release: button "Let it go", "Liberar";
    ReleaseWhy: text "Why it may be sold again", "Por qué se puede vender de nuevo";
    NobodyHasSome: text "No order has any of it.", "Ningún pedido tiene algo de esto.";
    OrdersHaveSome: text "Orders that have some", "Pedidos que lo tienen";
    WithTheCustomer: text "with the customer", "con el cliente";
    NoSuchHold: text "This hold is over.", "Esta retención terminó.";
    TakeItOutFirst: text "Take it out first", "Sáquelo primero";
    UnfitDo: text
        "It may not be sold. Undo it in the list and put it back. Then press Problem where none is to take.",
        "No se puede vender. Deshágalo en la lista y devuélvalo. Si no hay otro, toque Problema.";
    UnfitDoPack: text
        "It may not be sold. Go back to the pick, undo it in the list, and take another.",
        "No se puede vender. Vuelva a surtir, deshágalo en la lista y tome otro.";
}

sentences! {
    unfit(why, product, tail): "{why}: {product}, …{tail}", "{why}: {product}, …{tail}";
    package_of(tail, name): "package …{tail} of {name}", "el paquete …{tail} de {name}";
    batch_of(batch): "batch {batch}", "el lote {batch}";
    product_of(name): "all of {name}", "todo {name}";
    held_by(name, at): "{name}, {at}", "{name}, {at}";
}

counted! {
    packages_held(n): "{n} package", "{n} packages", "{n} paquete", "{n} paquetes";
}
