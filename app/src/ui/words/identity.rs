//! The ID at the counter: scan it, what it says, what to do next.
//!
//! In: a language. Out: the words. Must not: say more of a card than its name and the verdict.

use std::fmt::Display;

use domain::identity::{Oddity, RefusedReason};

use super::{Lang, Msg};

messages! {
    BagFirst: text "Bag first", "Primero la bolsa";
    BagFirstHow: text
        "Scan the bag, then the ID. Nothing was kept.",
        "Escanee la bolsa y luego la identificación. No se guardó nada.";
    ScanTheId: text "Scan the ID", "Escanee la ID";
    ScanTheIdHow: text
        "Hold the wide code on its back before the scanner or the camera.",
        "Ponga el código ancho del reverso ante el escáner o la cámara.";
    IdKept: text
        "Only the verdict is kept, not the card.",
        "Solo se guarda el resultado, no la tarjeta.";
    CheckTheId: text "Look at the ID", "Mire la ID";
    CheckTheIdDo: text
        "Answer what is open, then hand over.",
        "Responda lo que falta y entregue.";
    CheckTheCard: text "Look at the patient's card", "Mire la tarjeta de paciente";
    CheckTheCardDo: text
        "Same name, and in date? Answer it, then hand over.",
        "¿Mismo nombre y vigente? Responda y entregue.";
    CheckTheLimits: text "Work out the limits", "Calcule los límites";
    PatientCardSeen: button
        "Patient's card: same name, in date",
        "Tarjeta de paciente: mismo nombre, vigente";
    PatientCardWasSeen: text "Patient's card seen", "Tarjeta de paciente vista";
    CustomerSigns: button "Customer signs", "Firma el cliente";
    SignedOnScreen: text "Signed on the screen", "Firmó en la pantalla";
    SignedOnPaper: text "Signed on paper", "Firmó en papel";
    SignHere: text "Customer: sign here", "Cliente: firme aquí";
    SignKept: text
        "It is kept sealed, and goes when the customer's data goes.",
        "Se guarda sellada y se borra con los datos del cliente.";
    SignPaperOnly: text
        "This tablet cannot keep a drawing for this order. Have a paper signed.",
        "Esta tableta no puede guardar la firma. Use papel.";
    OnPaper: button "On paper", "En papel";
    FaceFits: button "Face fits the photo", "La cara coincide";
    IdInDate: text "ID is in date", "ID vigente";
    IdOutOfDate: text "ID is out of date", "ID vencida";
    IdWithoutEnd: text
        "It names no last day. Ask for another ID, or check by eye.",
        "No dice hasta cuándo vale. Pida otra o revise a la vista.";
    NameFits: text "Name fits the order", "El nombre coincide";
    NameFitsAsk: button "Name fits the order", "El nombre coincide";
    NameDiffers: text
        "Name does not fit. Compare both.",
        "El nombre no coincide. Compárelos.";
    NameClose: text
        "Name nearly fits. Look twice.",
        "El nombre casi coincide. Mire dos veces.";
    NameUnknown: text
        "There is no name to compare with. Ask for the order.",
        "No hay nombre para comparar. Pregunte por el pedido.";
    Under21Card: text
        "Upright card, made for people under 21. Look twice.",
        "Tarjeta vertical, de menores de 21. Mire dos veces.";
    CheckedByEye: text "Checked by eye", "Revisada a la vista";
    AnotherId: button "Another ID", "Otra ID";
    CheckByEye: button "Check by eye", "A la vista";
    CheckByEyeHead: text "Check the ID by eye", "Revisar la ID a la vista";
    Born: text "Born", "Nacimiento";
    GoodUntil: text "Good until", "Válida hasta";
    DateForm: text "MM/DD/YYYY", "MM/DD/AAAA";
    NoSuchDay: text "There is no such day", "Ese día no existe";
    ByEyeHow: text
        "Type both dates as they stand on the card.",
        "Escriba las dos fechas como están en la tarjeta.";

    // Why a card could not be read.
    IdNotACard: text
        "That is no ID card’s code. Turn the card: it is the wide one.",
        "Ese código no es de identificación. Voltee la tarjeta: es el ancho.";
    IdStripe: text
        "That was the magnetic stripe. Scan the wide code instead.",
        "Eso fue la banda magnética. Escanee el código ancho.";
    IdSeparators: text
        "The scanner loses line ends. Use the camera, or check by eye.",
        "El escáner pierde los finales de línea. Use la cámara o revise a la vista.";
    IdIncomplete: text
        "The code does not say all that is asked. Check by eye.",
        "El código no dice todo lo necesario. Revise a la vista.";
    IdStillNot: text
        "More light, hold it flat, a hand away. Or check by eye.",
        "Más luz, tarjeta plana, a un palmo. O revise a la vista.";

    // What is odd about a card that was read.
    IdIssuerUnknown: text
        "Its issuer is not on the list. Look at the card twice.",
        "No se conoce quién la emitió. Mírela dos veces.";
    IdDatesDisagree: text
        "Its dates do not agree. Ask for another ID.",
        "Sus fechas no coinciden. Pida otra identificación.";
    IdNewer: text
        "It follows a newer standard. Look at the card too.",
        "Sigue una norma más nueva. Mire también la tarjeta.";
}

sentences! {
    of_age(years): "{years} or over today", "{years} años o más hoy";
    under_age(years): "Under {years} today", "Menor de {years} hoy";
    name_on_id(name): "On the ID: {name}", "En la ID: {name}";
    name_on_order(name): "On the order: {name}", "En el pedido: {name}";
    alike(percent): "{percent}% alike", "{percent}% parecidos";
}

/// Why a card could not be read, and what else to do.
pub fn unread(why: RefusedReason) -> Msg {
    match why {
        RefusedReason::NotACard | RefusedReason::TooLong => Msg::IdNotACard,
        RefusedReason::MagneticStripe => Msg::IdStripe,
        RefusedReason::SeparatorsLost => Msg::IdSeparators,
        RefusedReason::BirthDate | RefusedReason::ExpiryDate | RefusedReason::Name => {
            Msg::IdIncomplete
        }
    }
}

/// What to say of an oddity; nothing of what was only repaired on the way.
pub fn odd(oddity: Oddity) -> Option<Msg> {
    match oddity {
        Oddity::UnknownIssuer => Some(Msg::IdIssuerUnknown),
        Oddity::UnderAgeDatesDisagree => Some(Msg::IdDatesDisagree),
        Oddity::NewerThanKnown => Some(Msg::IdNewer),
        Oddity::NoiseRemoved
        | Oddity::HeaderRepaired
        | Oddity::OffsetRepaired
        | Oddity::SubfilePrefixMissing
        | Oddity::DateOrderRepaired
        | Oddity::NameOrderGuessed
        | Oddity::NoExpiry => None,
    }
}
