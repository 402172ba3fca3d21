//! The order queue: filters, the reason for each rank, and taking orders for a walk.
//!
//! In: a language. Out: the words. Must not: name a customer; the vault needs no names.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    TakesInstead: text "The customer takes instead", "El cliente lleva a cambio";
    Orders: text "Orders", "Pedidos";
    CarLeaves: text "car leaves", "sale el auto";
    OnHoldNow: text "on hold", "retenido";
    ExpiredNow: text "past its last day", "pasó su último día";
    NotTestedNow: text "no laboratory result yet", "aún sin resultado de laboratorio";
    MissedNow: text "not found on its shelf", "no se halló en su estante";
    PromisedNow: text "promised to other orders", "prometido a otros pedidos";
    NoneLeftNow: text "none is left", "ya no queda";
    OldAndWaiting: text "waits longest", "el que más espera";
    ReleasedByManager: text "moved up by a manager", "lo adelantó un gerente";
    NoOrders: text "No orders to pick", "No hay pedidos por surtir";
    NoOrdersYet: text
        "New orders show up here by themselves.",
        "Los pedidos nuevos aparecen solos.";
    NoneFound: text "No such order", "No hay tal pedido";
    NoneFoundDo: text
        "Change the filter or the search to see the others.",
        "Cambie el filtro o la búsqueda para ver los demás.";
    NoneOfThisKind: text "None of this kind", "Ninguno de este tipo";
    ClaimNeedsServer: text
        "Taking an order needs the server. You can go on with yours.",
        "Tomar un pedido necesita el servidor. Siga con los suyos.";
    ClaimGone: text
        "Someone else took it first. The list is new now.",
        "Otra persona lo tomó antes. La lista ya está al día.";
    ClaimShort: text
        "Nothing on it may be sold now. It will be ready by itself when there is stock.",
        "Nada de él se puede vender ahora. Estará listo por sí solo cuando haya existencias.";
    ClaimPicked: text
        "It has been picked already. Look under Pack.",
        "Ya está surtido. Búsquelo en Empacar.";
    AskCustomerFirst: text
        "Ask the customer first. How did you ask?",
        "Pregunte primero al cliente. ¿Cómo preguntó?";
    AskedByPhone: button "By phone", "Por teléfono";
    AskedByMessage: button "By message", "Por mensaje";
    AskedInPerson: button "In person", "En persona";
    NothingLeftOnIt: text
        "Nothing else is on it. Have it cancelled where it was ordered, or wait: with new stock it is ready by itself.",
        "No tiene nada más. Pida que lo cancelen donde se hizo, o espere: con existencias nuevas estará listo solo.";
    PickThis: button "Pick this", "Surtir este";
    TakeThis: button "Take this order", "Tomar este pedido";
    GiveBack: button "Give back", "Devolver";
    ContinueOrder: button "Go on", "Continuar";
    CountASlot: button "Count a slot, 2 min", "Contar un lugar, 2 min";
    NewOrders: text "New orders", "Pedidos nuevos";
    PutOnWalk: button "Put on this walk", "Sumar al carrito";
    CartIsFull: text "no room on the cart", "no cabe en el carrito";
    Yours: text "Yours", "Suyo";
}

sentences! {
    all_orders(n): "All {n}", "Todos {n}";
    pickup_orders(n): "Pickup {n}", "Recoger {n}";
    curbside_orders(n): "Curbside {n}", "En auto {n}";
    delivery_orders(n): "Delivery {n}", "Entrega {n}";
    in_store_orders(n): "In store {n}", "En tienda {n}";
    promise_in(length): "Promise in {length}", "Promesa en {length}";
    will_be_late(length): "Will be {length} late", "Saldrá {length} tarde";
    waiting_for(length): "Waiting {length}", "Espera {length}";
    due(time): "due {time}", "para las {time}";
    give_instead(units, item, price): "{units} × {item}, ${price} each", "{units} × {item}, ${price} c/u";
    cannot_be_had(code, units, item):
        "{code}: {units} × {item} cannot be had. Front of house asks the customer.",
        "{code}: no hay {units} × {item}. El mostrador pregunta al cliente.";
    what_is_missing(code): "What {code} lacks", "Lo que le falta a {code}";
    picks_by(name): "Picking · {name}", "Surtiendo · {name}";
    taken_by(name): "Taken by {name}", "Lo tomó {name}";
    about_minutes(n): "about {n} min", "unos {n} min";
    about_minutes_work(n): "about {n} min of work", "unos {n} min de trabajo";
    last_staged_at(time):
        "The last one was staged at {time}. New orders show up here by themselves.",
        "El último se ubicó a las {time}. Los pedidos nuevos aparecen solos.";
    walk_facts(units, metres, minutes):
        "{units} · {metres} m · about {minutes} min",
        "{units} · {metres} m · unos {minutes} min";
    walk_length(metres, minutes): "{metres} m · about {minutes} min", "{metres} m · unos {minutes} min";
    walk_saves(metres, minutes):
        "{metres} m and {minutes} min less than one by one",
        "{metres} m y {minutes} min menos que uno a uno";
    metres_more(metres): "{metres} m more", "{metres} m más";
    makes_late(code): "makes {code} late", "atrasa a {code}";
}

counted! {
    show_more(n):
        "Show more · {n} is left", "Show more · {n} are left",
        "Mostrar más · queda {n}", "Mostrar más · quedan {n}";
    clears_at(people, time):
        "Backlog clears at {time} with {people} person",
        "Backlog clears at {time} with {people} people",
        "Los pedidos terminan a las {time} con {people} persona",
        "Los pedidos terminan a las {time} con {people} personas";
    not_today(people):
        "{people} person does not clear the backlog in this shift",
        "{people} people do not clear the backlog in this shift",
        "{people} persona no termina los pedidos en este turno",
        "{people} personas no terminan los pedidos en este turno";
    never_clears(people):
        "More orders come in than {people} person can pick",
        "More orders come in than {people} people can pick",
        "Llegan más pedidos de los que surte {people} persona",
        "Llegan más pedidos de los que surten {people} personas";
    enough(people, time, late):
        "{people} person: by {time}, {late} late",
        "{people} people: by {time}, {late} late",
        "{people} persona: a las {time}, {late} tarde",
        "{people} personas: a las {time}, {late} tarde";
    will_miss(n):
        "{n} will be late",
        "{n} will be late",
        "{n} saldrá tarde",
        "{n} saldrán tarde";
    items(n): "{n} item", "{n} items", "{n} artículo", "{n} artículos";
    units(n): "{n} unit", "{n} units", "{n} unidad", "{n} unidades";
    units_left(n): "{n} unit left", "{n} units left", "falta {n} unidad", "faltan {n} unidades";
    left_without(n):
        "No more may be sold now. Without it {n} unit is left.",
        "No more may be sold now. Without it {n} units are left.",
        "No se puede vender más ahora. Sin eso queda {n} unidad.",
        "No se puede vender más ahora. Sin eso quedan {n} unidades.";
    items_short(n): "{n} item short", "{n} items short", "Falta {n}", "Faltan {n}";
    orders_fit(n):
        "{n} order fits one walk.",
        "{n} orders fit one walk.",
        "{n} pedido en un recorrido.",
        "{n} pedidos en un recorrido.";
    walk_of(n): "Walk of {n} order", "Walk of {n} orders", "Recorrido de {n} pedido", "Recorrido de {n} pedidos";
    take_these(n): "Take this one", "Take these {n}", "Tomar este", "Tomar estos {n}";
}
