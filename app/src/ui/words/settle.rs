//! What waits for a manager, how it can be settled, and what has to be counted.
//!
//! In: a language. Out: the words. Must not: name a customer, or say who is to blame.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    HoldsABag: text "A bag waits for this", "Una bolsa espera esto";
    HoldsNoBag: text "No bag waits", "Ninguna bolsa espera";
    HoldsNothingUp: text "It holds up no order.", "No detiene ningún pedido.";
    ToCount: text "To count", "Por contar";
    NoneLeftBehind: text
        "No older package was left standing for a younger one.",
        "No quedó ningún paquete anterior por tomar uno más nuevo.";
    MissedNotThere: text "not there, or too few", "no estaba, o muy pocos";
    MissedDamaged: text "damaged", "dañado";
    MissedUnreadable: text "tag unreadable", "etiqueta ilegible";
    MissedOther: text "another package stood there", "había otro paquete";
    CountThis: button "Count this", "Contar esto";
    NothingToSettle: text "Nothing to settle", "Nada por resolver";
    NothingToSettleWhy: text
        "Acts that broke a rule show up here by themselves.",
        "Aquí aparecen solos los actos que rompieron una regla.";
    ChooseOne: text "Choose what to look at", "Elija qué revisar";
    ChooseOneWhy: text
        "Those that hold up a bag stand first.",
        "Primero van los que detienen una bolsa.";
    NoSuchException: text "There is nothing under this number", "No hay nada con este número";
    WhoActed: text "Who", "Quién";
    WhichDevice: text "Device", "Equipo";
    WhenActed: text "When", "Cuándo";
    WhoSettles: text "Settled by", "Lo resuelve";
    AnyManager: text "a manager or compliance", "gerencia o cumplimiento";
    WhoeverPicks: text "whoever picks orders", "quien surte pedidos";
    ComplianceOnly: text "the compliance officer", "cumplimiento";
    GeneralOrCompliance: text "general manager or compliance", "gerencia general o cumplimiento";
    ServerItself: text "the server, by itself", "el servidor, solo";
    WhatIsDecided: text "What do you decide?", "¿Qué decide?";
    Decided: text "Decided", "Decidido";
    WhyItCame: text "Why it came to it", "Por qué pasó";
    Note: text "Note, if it helps", "Nota, si ayuda";
    NoteHow: text
        "Never about a customer: it stays in the record.",
        "Nunca sobre un cliente: queda en el registro.";
    WhichShelf: text "Shelf", "Estante";
    CountedThere: text "Counted on that shelf", "Contado en ese estante";
    SettleIt: button "Settle it", "Resolver";
    ChooseADecision: text "Choose a decision first.", "Primero elija una decisión.";
    NoSuchFigure: text "That is not a figure one can count.", "No es una cantidad que se pueda contar.";
    CountFirst: text
        "Count the shelf first, and enter what stands there.",
        "Primero cuente el estante y anote lo que hay.";
    StillOnHold: text
        "The package is still on hold. Free it first.",
        "El paquete sigue retenido. Libérelo primero.";
    PickIsGone: text
        "No unit has to move for it: look into it, and say so.",
        "Ninguna unidad tiene que moverse: revíselo y dígalo aquí.";
    NotYoursToSettle: text
        "Your role does not settle this one.",
        "Su puesto no resuelve este caso.";
    OwnActIsOthers: text
        "This is about what you did yourself. Somebody else with the right to it settles it.",
        "Se trata de algo que hizo usted. Lo resuelve otra persona con ese derecho.";
    SettledAlone: text
        "Settled by the one whose act it was: nobody else here had the right to it.",
        "Lo resolvió quien lo hizo: nadie más aquí tenía ese derecho.";
    AtTheServer: text "at the server", "en el servidor";
    BackToList: button "Back to the list", "Volver a la lista";

    NothingPickedYet: text
        "Nothing was picked for it that the server knows of. It is free to take again.",
        "El servidor no sabe de nada surtido para él. Queda libre.";

    DecidedNewer: text "Settled in a newer way", "Se resolvió de una manera más nueva";
    UpdateAppFirst: text "Update this app first", "Actualice primero esta aplicación";

    // Decisions: the word, then what it does to the unit.
    KeepFirst: text "The first keeps it", "Se queda el primero";
    KeepFirstDoes: text
        "The first pick stands. The later one is undone: its unit goes to the shelf.",
        "Vale el primer surtido. El otro se deshace: su unidad va al estante.";
    KeepThis: text "The later keeps it", "Se queda el segundo";
    KeepThisDoes: text
        "The later pick stands. The other is undone: its unit goes to the shelf.",
        "Vale el segundo surtido. El otro se deshace: su unidad va al estante.";
    KeepTaken: text "It stays in the order", "Se queda en el pedido";
    KeepTakenDoes: text
        "The pick stands. The shelf gets the figure that was counted.",
        "Vale el surtido. El estante queda con lo contado.";
    BothHaveOne: text "Each has one", "Cada quien tiene una";
    BothHaveOneDoes: text
        "Two units were counted: one number was read twice. Both picks stand.",
        "Se contaron dos unidades: un número se leyó dos veces. Valen los dos.";
    CountedAgain: text "Counted again", "Se contó otra vez";
    CountedAgainDoes: text
        "The shelf gets the second figure. What is missing or too many stays in dispute.",
        "El estante queda con la segunda cuenta. Lo que falta o sobra sigue en disputa.";
    CountStands: text "The count stands", "La cuenta vale";
    CountStandsDoes: text
        "The shelf keeps the first figure. What is missing or too many stays in dispute.",
        "El estante queda con la primera cuenta. Lo que falta o sobra sigue en disputa.";
    CountedWhere: text "Counted", "Se contó";
    ToStock: text "Back to stock", "Vuelve al estante";
    ToStockDoes: text
        "The unit leaves the order and goes to the shelf.",
        "La unidad sale del pedido y va al estante.";
    ToQuarantine: text "Into quarantine", "A cuarentena";
    ToQuarantineDoes: text
        "The unit leaves the order and is set apart, not for sale.",
        "La unidad sale del pedido y se aparta, sin venta.";
    NothingMoves: text "Nothing moves", "Nada se mueve";
    NothingMovesDoes: text
        "It was looked into. Every unit stays where it is.",
        "Se revisó. Cada unidad se queda donde está.";
    ServerCaughtUp: text "Read after an update", "Leído tras actualizar";
    ServerCaughtUpDoes: text
        "The server has applied what it could not read.",
        "El servidor aplicó lo que no podía leer.";

    // Why it came to it.
    WhyMisscan: text "Scanned by mistake", "Se escaneó sin querer";
    WhyTwoAtOnce: text "Two worked at once", "Dos trabajaron a la vez";
    WhyOutOfContact: text "The device was out of contact", "El equipo estaba sin contacto";
    WhyCounted: text "The goods were counted", "Se contó";
    WhyUpstream: text "Changed in another program", "Se cambió en otro programa";
    WhyDevice: text "The device failed", "Falló el equipo";
    WhyOther: text "Something else", "Otra cosa";
    WhyNewer: text "Something this app is too old to name", "Algo que esta versión aún no conoce";
    WhyUpdate: text "The server was updated", "Se actualizó el servidor";
}

sentences! {
    settled_n(n): "Settled · {n}", "Resueltos · {n}";
    recorded_n(n): "For the record · {n}", "Para el registro · {n}";
    what_waits(codes): "Not handed over until it is settled: {codes}", "No se entrega sin resolver: {codes}";
    count_off(shelf, counted, recorded): "{shelf}: {counted}, on record {recorded}", "{shelf}: {counted}; en el registro, {recorded}";
    older_ones_n(n): "Older ones passed over · {n}", "Anteriores sin tomar · {n}";
    older_stands(code, tail, shelf): "{code}: …{tail} stands at {shelf}", "{code}: …{tail} está en {shelf}";
    see_order(code): "See order {code}", "Ver pedido {code}";
    take_back_from(device): "Take it back from {device}", "Recuperarlo de {device}";
    held_by(name, device): "{name} has this order on {device}.", "{name} tiene este pedido en {device}.";
    later_picks(device):
        "What {device} still picks for it is recorded too, and shows up under Needs you. It holds the order up only \
         when it took what others have.",
        "Lo que {device} aún surta para él también queda registrado y aparece en Le toca a usted. Detiene el pedido \
         solo si tomó lo de otros.";
}

counted! {
    may_be_missing(n):
        "{n} unit may be missing",
        "up to {n} units may be missing",
        "puede faltar {n} unidad",
        "pueden faltar hasta {n} unidades";
    taken_instead(n, tail):
        "{n} unit of …{tail} was taken instead",
        "{n} units of …{tail} were taken instead",
        "se tomó {n} unidad de …{tail}",
        "se tomaron {n} unidades de …{tail}";
    picks_stay(n):
        "The {n} unit picked so far stays in the order, and the order is free to take again.",
        "The {n} units picked so far stay in the order, and the order is free to take again.",
        "La {n} unidad surtida se queda en el pedido, y el pedido queda libre.",
        "Las {n} unidades surtidas se quedan en el pedido, y el pedido queda libre.";
}
