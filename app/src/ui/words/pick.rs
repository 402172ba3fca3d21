//! The pick: where to go, what to take, what the scan said, and the problem sheet.
//!
//! In: a language. Out: the words. Must not: say "Saved" for anything but a finished strict write.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    GoTo: text "Go to", "Vaya a";
    NextGoTo: text "Next, go to", "Ahora vaya a";
    Units: text "units", "unidades";
    ToTake: text "to take", "por tomar";
    Lines: text "Lines", "Líneas";
    ScanThePackage: text "Scan the package", "Escanee el paquete";
    ScanAUnit: text "Scan a unit", "Escanee una unidad";
    ScanTheSlot: text "Scan the slot", "Escanee el lugar";
    ItsTagEndsIn: text "Its tag ends in", "Su etiqueta termina en";
    Accepted: text "Accepted", "Aceptado";
    YouScanned: text "You scanned", "Escaneó";
    TakeThisOne: text "Take this", "Tome este";
    InStockIs: text "In stock", "En existencia";
    SameTagAs: text "Same tag", "Misma etiqueta";
    PickDone: text "All picked", "Todo surtido";
    PickDoneDo: text "Bring the tote to the pack bench.", "Lleve la caja a la mesa de empaque.";
    PickDoneShort: text "Picked, with a gap", "Surtido, con faltante";
    PackageRead: text "Package read", "Paquete leído";
    ToPacking: button "To packing", "A empacar";
    NextOrder: button "Next order", "Otro pedido";
    LeaveOrder: button "Leave order", "Dejar pedido";
    TakeOlder: button "Take the older one", "Tomar el anterior";
    UndoneSaved: text "Undone and saved", "Deshecho y guardado";
    ReportUndone: text "Report undone and saved", "Aviso deshecho y guardado";
    TakeItAfterAll: button "It is good: take it", "Sí sirve: tomarlo";
    LeaveIt: button "Leave it", "Dejarlo";
    ReportedMissing: text "Reported missing", "Avisos de faltante";
    NothingToUndo: text "Nothing to undo yet", "Nada que deshacer aún";
    TypedNotAllowed: text
        "Scan each unit. Typing a number is off here.",
        "Escanee cada unidad. Aquí no se escribe la cantidad.";
    OrderCancelledNow: text "This order was cancelled.", "Este pedido se canceló.";
    OrderCancelledDo: text
        "Put each item back where it came from and scan the slot.",
        "Devuelva cada artículo a su lugar y escanee el lugar.";
    OrderChangedNow: text "This order has changed.", "Este pedido cambió.";
    OrderChangedDo: text
        "Look at the list again. What you scanned is kept.",
        "Mire otra vez la lista. Lo escaneado se conserva.";
    OrderChangedPack: text
        "What is packed is what was ordered before. Ask a manager; until then the bag does not leave.",
        "Lo empacado es lo pedido antes. Pregunte a un gerente; hasta entonces la bolsa no sale.";

    // Categories of product.
    Flower: text "flower", "flor";
    Edible: text "edible", "comestible";
    PreRoll: text "pre-roll", "preliado";
    Vape: text "vape", "vaporizador";
    Concentrate: text "concentrate", "concentrado";
    Tincture: text "tincture", "tintura";
    Topical: text "topical", "tópico";
    Plant: text "plant", "planta";
    OtherGoods: text "other goods", "otro producto";

    // The state of a line beside its slot.
    LineShort: text "short", "falta";
    LineHeld: text "on hold", "retenido";

    // The problem sheet.
    ScanningStillWorks: text "Scanning still works", "Puede seguir escaneando";
    NotHere: button "Not here", "No está";
    TooFew: button "Too few", "Muy pocos";
    Damaged: button "Damaged", "Dañado";
    WrongTag: button "Wrong tag", "Otra etiqueta";
    CannotRead: button "Unreadable", "Ilegible";
    SendWithoutIt: text "Send the order without it", "Enviar el pedido sin eso";
    SendWithoutItHow: text "The customer is asked first.", "Primero se pregunta al cliente.";
    StopTheOrder: text "Stop the order", "Detener el pedido";
    StopTheOrderHow: text
        "A manager decides. You go on with the next one.",
        "Decide un gerente. Usted sigue con otro.";
    SayWhatYouSee: text "Say what you see", "Diga qué ve";
    AddPhoto: button "Add photo", "Agregar foto";
    BackToPick: button "Back to pick", "Volver a surtir";
    Coa: button "Lab facts", "Laboratorio";
    CoaTitle: text "What the laboratory said", "Lo que dijo el laboratorio";
    CoaBatch: text "Batch", "Lote";
    CoaResult: text "Result", "Resultado";
    CoaThc: text "THC", "THC";
    CoaCbd: text "CBD", "CBD";
    CoaTested: text "Tested", "Analizado";
    CoaExpires: text "Sell by", "Vender antes de";
    CoaPackaged: text "Packaged", "Envasado";
    LabPassed: text "Passed", "Aprobado";
    LabPending: text "Not there yet", "Aún no está";
    LabFailed: text "Failed", "Reprobado";
    LabUnknown: text "Not known", "No se sabe";
    NotEntered: text "not entered", "sin datos";
    LabelDiffers: button "The label differs", "La etiqueta difiere";
    CoaReported: text
        "Reported. Nobody picks this package until the compliance officer has looked.",
        "Avisado. Nadie surte este paquete hasta que lo vea cumplimiento.";
    CoaAgrees: text "Saved. Label and certificate agree.", "Guardado. Etiqueta y certificado coinciden.";
    OnTheLabel: text "On the label", "En la etiqueta";
    CompareLabel: button "Compare", "Comparar";
    NotAPotency: text "A figure such as 24.1", "Un número como 24.1";
    InTheTote: text "In the tote", "En la caja";
    SkipQuestion: button "Skip", "Omitir";
    TakeATote: text "Take a tote for", "Tome una caja para";
    ScanItsCode: text "Scan the code on the tote", "Escanee su código";
    NoToteLabel: text
        "No code on it? A manager prints one on the Vault map.",
        "¿No tiene código? Un gerente lo imprime en Mapa de la bóveda.";
    PutItIn: text "Put it in", "Póngalo en";
    ToteLook1: text "blue circle", "círculo azul";
    ToteLook2: text "yellow square", "cuadrado amarillo";
    ToteLook3: text "pink triangle", "triángulo rosa";
    ToteLook4: text "green diamond", "rombo verde";
    ToteLook5: text "orange hexagon", "hexágono naranja";
    ToteLook6: text "violet pentagon", "pentágono violeta";
    ToteLook7: text "white cross", "cruz blanca";
    ToteLook8: text "sand half moon", "media luna arena";
    PutHereTote: text "Put here", "Aquí";
    TotesOnCart: text "Totes on the cart", "Cajas en el carrito";
    WalkDoneDo: text "Bring the totes to the pack bench.", "Lleve las cajas a la mesa de empaque.";
    Reported: text "Reported and saved", "Avisado y guardado";
    SkippedOlderWhy: text "Why not the older one?", "¿Por qué no el anterior?";
    OlderCrushed: text "Box is crushed", "La caja está aplastada";
    OlderNotFound: text "I cannot find it", "No lo encuentro";
    OlderCustomerAsked: text "The customer asked for this one", "El cliente pidió este";
}

sentences! {
    walk_and_saved(metres, saved): "{metres} m · {saved} m saved", "{metres} m · {saved} m menos";
    beside_other_batch(tail, shelf):
        "Look closely: …{tail} at {shelf} is another batch.",
        "Fíjese bien: …{tail} en {shelf} es otro lote.";
    beside_other_name(name, shelf):
        "Look closely: {name} stands at {shelf}.",
        "Fíjese bien: {name} está en {shelf}.";
    taken_from(tail, shelf, at): "…{tail} · {shelf} · {at}", "…{tail} · {shelf} · {at}";
    how_many_left(tail, shelf):
        "How many of …{tail} are left at {shelf}?",
        "¿Cuántos de …{tail} quedan en {shelf}?";
    of_units(n, of): "{n} of {of}", "{n} de {of}";
    of_units_long(n, of): "{n} of {of} units", "{n} de {of} unidades";
    unit_of(n, of): "unit {n} of {of}", "unidad {n} de {of}";
    line_at(slot, n, of): "{slot} · {n} of {of}", "{slot} · {n} de {of}";
    thc_cbd(thc, cbd): "THC {thc} · CBD {cbd}", "THC {thc} · CBD {cbd}";
    way(aisle, bay, shelf):
        "Aisle {aisle}, bay {bay}, shelf {shelf}",
        "Pasillo {aisle}, módulo {bay}, estante {shelf}";
    due_pickup(time): "Pickup {time}", "Recoge {time}";
    due_curbside(time): "Curbside {time}", "En auto {time}";
    due_delivery(time): "Delivery {time}", "Entrega {time}";
    due_in_store(time): "In store {time}", "En tienda {time}";
    not_in_a_tag(letter, digit):
        "Tags have no {letter}. Is it {digit}?",
        "Las etiquetas no llevan {letter}. ¿Es {digit}?";
    for_tote(n): "for tote {n}", "para la caja {n}";
    now_scan_tote(n): "Now scan tote {n}", "Ahora escanee la caja {n}";
    tote_tells(tail):
        "Package …{tail} is read. The tote tells us where it went.",
        "El paquete …{tail} está leído. La caja nos dice adónde fue.";
    tote_named(n, look): "{n}, {look}", "{n}, {look}";
    units_in(picked, of): "{picked} of {of} in", "{picked} de {of}";
    tote(n): "Tote {n}", "Caja {n}";
    what_is_wrong_at(slot): "What is wrong at {slot}?", "¿Qué pasa en {slot}?";
    take_from(n, slot): "Take {n} from {slot}", "Tomar {n} de {slot}";
    newer_batch_free(tail, n):
        "Newer batch …{tail}. {n} are free. Same price and strength.",
        "Lote más nuevo …{tail}. Hay {n} libres. Mismo precio y potencia.";
    same_batch_free(tail, n):
        "Same batch …{tail}. {n} are free.",
        "Mismo lote …{tail}. Hay {n} libres.";
}

counted! {
    steps_on(n): "{n} step on", "{n} steps on", "a {n} paso", "a {n} pasos";
}
