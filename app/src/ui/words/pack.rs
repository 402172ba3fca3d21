//! The pack bench, staging and the counter: verify, label, seal, stage, hand over.
//!
//! In: a language. Out: the words. Must not: translate what is printed on a legal label.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    // Three ways that must agree.
    ThreeWaysMustAgree: text "Three ways must agree", "Tres formas deben coincidir";
    TheOrder: text "Order", "Pedido";
    TheTicket: text "Ticket", "Boleta";
    InYourHand: text "In your hand", "En su mano";
    TicketNotRead: text "not read yet", "aún sin leer";
    Agrees: text "agrees", "coincide";
    Waits: text "waits", "espera";
    Differs: text "differs", "no coincide";
    ScanTheTicket: text "Scan the ticket", "Escanee la boleta";
    ScanTheTicketWhy: text
        "It must be of this version of the order.",
        "Debe ser de esta versión del pedido.";
    EachUnitThenTicket: text
        "Each unit again, then the ticket of this version.",
        "Cada unidad otra vez y luego la boleta de esta versión.";
    ScanEachUnitAgain: text "Scan each unit again", "Escanee otra vez cada unidad";
    ScanToOpenOrder: text "Scan a tote or a ticket", "Escanee una caja o una boleta";
    ScanToOpenOrderHow: text
        "It opens the order that is in it.",
        "Abre el pedido que lleva dentro.";
    NothingToPack: text "Nothing to pack", "Nada por empacar";
    NotAllPicked: text "Not all of it is picked", "No está todo surtido";
    NotAllPickedDo: text
        "Go back to picking, bring the rest, then check it here.",
        "Vuelva a surtir, traiga el resto y revíselo aquí.";
    NothingToPackYet: text
        "Picked orders show up here by themselves.",
        "Los pedidos surtidos aparecen solos.";
    AllThreeAgree: text "All three agree", "Las tres coinciden";
    StepPicked: button "Picked", "Surtido";
    StepVerified: button "Verified", "Revisado";
    StepLabel: button "Label", "Etiqueta";
    StepStaged: button "Staged", "Ubicado";
    PrintLabel: button "Print label", "Imprimir etiqueta";
    TicketPaper: text "Paper of the ticket", "Papel de la boleta";
    PaperLetter: text "Letter", "Carta";
    PaperA4: text "A4", "A4";
    PaperRoll: text "Label roll, 4 in wide", "Rollo de 4 in";
    PrintTicket: button "Print ticket", "Imprimir boleta";
    PrintAfterLastScan: button
        "Print label, after the last scan",
        "Imprimir, tras el último escaneo";

    // The exit label.
    StickThenScan: text "Stick it on the bag, then scan it", "Péguela en la bolsa y escanéela";
    BagClosesOnMatch: text
        "The bag closes only when the label matches what is inside.",
        "La bolsa se cierra solo si la etiqueta coincide con lo de adentro.";
    WriteByHand: text
        "Some letters cannot be printed. Write on it by hand what stands beside it here.",
        "Hay letras que no se imprimen. Escriba a mano lo que está aquí al lado.";
    LabelPreview: text "Exit label preview", "Vista de la etiqueta de salida";
    NothingIsCutOff: text "Nothing is cut off", "Nada queda cortado";
    DoesNotFit: text "It does not fit on one label", "No cabe en una etiqueta";
    DoesNotFitDo: text "The rest goes on a second label.", "El resto va en otra etiqueta.";
    PotencyMatchesLab: text
        "THC and CBD match the lab reports",
        "THC y CBD coinciden con el laboratorio";
    BagIsOpaque: text "Bag: opaque, stock code scanned", "Bolsa: opaca, código escaneado";
    NoBagOfOurs: text "no bag this shop has", "no es bolsa de esta tienda";
    ScanTheBagStock: text "Scan the code of the bag", "Escanee el código de la bolsa";
    PrinterIsReady: text "Ready", "Lista";
    PrinterPrinting: text "Printing", "Imprimiendo";
    SentNotProven: text
        "Sent to the printer. The scan proves it.",
        "Enviado a la impresora. El escaneo lo prueba.";
    PrintAgain: button "Print again…", "Imprimir otra vez…";
    WhyPrintAgain: text "Why print it again?", "¿Por qué imprimir otra vez?";
    ReprintSmudged: button "Smudged or torn", "Borrosa o rota";
    ReprintLost: button "Lost", "Perdida";
    ReprintJammed: button "Printer jam", "Se atoró";
    ReprintChanged: button "Order changed", "Cambió el pedido";
    LabelPrinter: text "Printer", "Impresora";
    BrowserPrints: text "This tablet's print dialog", "Diálogo de impresión de esta tableta";
    UsbPrints: text "Printer at this tablet's USB", "Impresora en el USB de esta tableta";
    UsbNotConnected: text "No printer connected yet", "Aún sin impresora";
    UsbConnect: button "Connect printer", "Conectar impresora";
    UsbDots: text "Dots in an inch", "Puntos por pulgada";
    PrintQueued: text "Waiting for the printer", "Esperando a la impresora";
    PrintStuck: text "In the printer, not out yet", "En la impresora, aún no sale";
    PrintedOut: text "Printed", "Impresa";
    PrintUnproven: text
        "It may have come out. Look, then scan it or print again.",
        "Quizá salió. Mire y escanéela, o imprima otra vez.";
    PrintFailed: text "Not printed. Print again.", "No se imprimió. Imprima otra vez.";
    NotPrinted: text "Not printed", "No se imprimió";
    LabelUnsure: text
        "Nobody has compared the state's wording here with the law yet.",
        "Nadie ha comparado aún con la ley el texto del estado.";
    PrinterLookAt: text "Look at paper, ribbon and cover", "Revise papel, cinta y tapa";
    PrinterNoPaper: text "It is out of paper", "No tiene papel";
    PrinterNoRibbon: text "It is out of ribbon", "No tiene cinta";
    PrinterOpen: text "It is open", "Está abierta";
    PrinterPaused: text "It is paused", "Está en pausa";
    PrinterBusy: text "It prints somebody else's labels", "Imprime etiquetas de otra persona";
    PrinterSick: text "It is too hot, too cold or broken", "Está muy caliente, muy fría o dañada";
    PrinterGone: text "It is no printer of this shop any more", "Ya no es impresora de esta tienda";
    PrinterQueueGone: text
        "Its print queue is gone. The label is not lost: print it elsewhere and tell a manager.",
        "Su cola de impresión ya no existe. La etiqueta no se pierde: imprímala en otra y avise al gerente.";
    PrinterRefusing: text "Its queue takes no labels now", "Su cola no acepta etiquetas ahora";
    PrintCancelled: text "It was cancelled in the printer's queue", "Se canceló en la cola de la impresora";
    PrintChanged: text "What is in the bag changed", "Cambió lo que hay en la bolsa";
    LabelStock: text "Label size", "Tamaño de la etiqueta";
    LabelLanguage: text "Language of the label", "Idioma de la etiqueta";
    OldLabelIsDead: text "The earlier label no longer works.", "La etiqueta anterior ya no sirve.";

    // Closing the bag, then its slot.
    SealTheBag: text "Close the bag and scan its label", "Cierre la bolsa y escanee su etiqueta";
    CloseBag: button "Close the bag", "Cerrar la bolsa";
    SealIsFinal: text
        "A closed bag is opened again by two people only.",
        "Una bolsa cerrada solo la abren dos personas.";
    BagClosed: text "Bag closed", "Bolsa cerrada";
    Staging: text "Staging", "Ubicación";
    ScanABag: text "Scan a bag", "Escanee una bolsa";
    ScanABagHow: text
        "Then put it in a slot and scan the slot.",
        "Luego póngala en un lugar y escanéelo.";
    AnyFreePickupSlot: text
        "Any free pickup slot works. Just scan the one you use.",
        "Sirve cualquier lugar libre para recoger. Escanee el que use.";
    AnyFreeCurbsideSlot: text
        "Any free curbside slot works. Just scan the one you use.",
        "Sirve cualquier lugar libre para auto. Escanee el que use.";
    AnyFreeTripSlot: text
        "Any free slot of this trip works. Just scan the one you use.",
        "Sirve cualquier lugar libre del viaje. Escanee el que use.";
    PutItHere: text "put it here", "póngala aquí";
    Free: text "free", "libre";
    CustomerHere: text "customer here", "cliente aquí";
    BackToVaultTonight: text "Back to the vault tonight", "A la bóveda esta noche";
    NobodyCame: text "Nobody came", "Nadie vino";
    FindABag: button "Find a bag", "Buscar bolsa";
    FindBy: text "Order, slot or name", "Pedido, lugar o nombre";
    FindHow: text
        "Or scan the label of a bag in your hand.",
        "O escanee la etiqueta de la bolsa que tiene.";
    NoSuchBag: text "No bag like that", "No hay bolsa así";
    NoSuchBagDo: text
        "Type less, or look for the order under Pack.",
        "Escriba menos, o busque el pedido en Empacar.";
    InTheVault: text "in the vault", "en la bóveda";
    NoSlotYet: text "no slot yet", "aún sin lugar";
    NothingLeft: text "No bag waits here", "Ninguna bolsa espera";
    NothingLeftHow: text
        "Bags whose time is over show up here by themselves.",
        "Las bolsas fuera de hora aparecen solas.";
    ScanToVault: text "Scan each bag you take back", "Escanee cada bolsa que lleve";
    ScanToVaultHow: text
        "It stays closed. Its slot is free at once.",
        "Sigue cerrada. Su lugar queda libre en seguida.";
    ReadyNotTold: text "Ready here, not yet told", "Listo aquí, aún sin avisar";

    // The counter.
    Coming: text "Coming", "Por llegar";
    Ready: text "Ready", "Listos";
    CustomerIsHere: text "Customer here", "Cliente aquí";
    Counter: text "Counter", "Mostrador";
    CustomerArrived: button "Customer is here", "Llegó el cliente";
    Message: button "Message", "Mensaje";
    ScanBag: button "Scan bag", "Escanear bolsa";
    ScanTheBagOf: text "Scan the bag", "Escanee la bolsa";
    MayHandOver: text "You may hand over", "Se puede entregar";
    MayNotHandOver: text "Do not hand over", "No entregue";
    SayTheLaw: text
        "Say: “The law does not let me hand this over.”",
        "Diga: «La ley no me permite entregarlo».";
    ScanToHandOver: text "Scan the bag to hand it over", "Escanee la bolsa para entregarla";
    HandOver: button "Hand over", "Entregar";
    CannotHandOver: button "Not now", "Ahora no";
    ToVault: button "Back to the vault", "A la bóveda";
    HandedOverDone: text "Handed over", "Entregado";
    NoBagsHere: text "No bags here", "No hay bolsas aquí";
    NoBagsHereYet: text
        "Staged bags show up here by themselves.",
        "Las bolsas ubicadas aparecen solas.";
}

sentences! {
    version(n): "version {n}", "versión {n}";
    read_at(time): "read {time}", "leída {time}";
    scan_the_last(item): "Scan the last one: {item}", "Escanee la última: {item}";
    picked_by_checked_by_you(name):
        "Picked by {name}, checked by you.",
        "Lo surtió {name}, lo revisa usted.";
    label_of(n, of): "label {n} of {of}", "etiqueta {n} de {of}";
    exactly_as_printed(size):
        "{size}, exactly as printed · legal text is never translated",
        "{size}, tal como se imprime · el texto legal no se traduce";
    all_on_label(products, units): "All of it is on it: {products}, {units}", "Lleva todo: {products}, {units}";
    letters_missing(letters):
        "These letters cannot be printed; boxes with their numbers stand for them: {letters}. Write this on the label by hand:",
        "Estas letras no se pueden imprimir; salen como cuadros con su número: {letters}. Escriba esto a mano en la etiqueta:";
    smallest_text(mm):
        "Nothing is cut off, smallest text {mm} mm",
        "Nada queda cortado, texto mínimo {mm} mm";
    rules_named(rules): "Rules: {rules}", "Reglas: {rules}";
    write_in(names):
        "Nobody knows this here, so write it on: {names}",
        "Aquí no se sabe, escríbalo a mano: {names}";
    printed_at(time): "Printed {time}", "Impresa {time}";
    station_labels(name, n): "{name} · about {n} labels", "{name} · unas {n} etiquetas";
    scanned_of_another(scanned, wanted):
        "Scanned: {scanned}. Wanted: {wanted}.",
        "Escaneado: {scanned}. Hace falta: {wanted}.";
    label_is_dead(order):
        "An earlier label of {order}. It was printed again since.",
        "Una etiqueta anterior de {order}. Ya se imprimió otra.";
    scanned_not_wanted(bag, wanted):
        "Scanned: {bag}. {wanted}",
        "Escaneado: {bag}. {wanted}";
    take_one_of(bags): "Take one of these: {bags}.", "Tome una de estas: {bags}.";
    bag_read(order): "Bag {order} read", "Bolsa {order} leída";
    put_bag_in(slot):
        "Put the bag in {slot}, then scan {slot}",
        "Ponga la bolsa en {slot} y escanee {slot}";
    slots_full(n, of): "{n} of {of} full", "{n} de {of} ocupados";
    pickup_due(time): "Pickup, due {time}", "Recoger, para las {time}";
    waiting_for(age): "waiting {age}", "espera {age}";
    slot_and_age(slot, age): "Slot {slot} · {age}", "Lugar {slot} · {age}";
    to_vault_at(slot, time):
        "Slot {slot} · to the vault at {time}",
        "Lugar {slot} · a la bóveda a las {time}";
    cancelled_at(time): "Cancelled {time}", "Cancelado {time}";
}

counted! {
    products(n): "{n} product", "{n} products", "{n} producto", "{n} productos";
    bags(n): "{n} bag", "{n} bags", "{n} bolsa", "{n} bolsas";
    orders_n(n): "{n} order", "{n} orders", "{n} pedido", "{n} pedidos";
    people_n(n): "{n} person", "{n} people", "{n} persona", "{n} personas";
}
