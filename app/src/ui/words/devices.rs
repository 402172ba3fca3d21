//! The shop's devices and people: which there are, a new one, one that is lost; what changed.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    DevicesPage: text "Devices", "Equipos";
    ColumnDevice: text "Device", "Equipo";
    ColumnFor: text "For", "Para";
    ForTheShop: text "Work in the shop", "Trabajo en la tienda";
    ForATrip: text "Its driver's trip", "El viaje de su repartidor";
    ForSomethingNewer: text "Something newer than this app", "Algo más nuevo que esta aplicación";
    DeviceActive: text "Active", "Activo";
    DeviceRevoked: text "Revoked", "Revocado";
    NotToldWiped: text
        "Told to wipe itself; not heard yet that it did",
        "Tiene orden de borrarse; aún no dice que lo hizo";
    InAgainHow: text
        "The server was set back to a backup of before. Whoever has it can sign in again.",
        "El servidor volvió a una copia de antes. Quien lo tenga puede entrar otra vez.";
    SeeDevices: button "See devices", "Ver equipos";
    ThisDevice: text "This one", "Este";
    AddTablet: button "Add a tablet", "Agregar tableta";
    AddPhone: button "Add a phone", "Agregar teléfono";
    Revoke: button "Revoke", "Revocar";
    ProveItIsYou: text "Your PIN, to be sure it is you", "Su PIN, para saber que es usted";
    RevokeWhy: text
        "It can send what it holds, and sees nothing new. What it signs later is marked.",
        "Puede enviar lo que tiene y no ve nada nuevo. Lo que firme después queda marcado.";
    NewCodeHow: text
        "Read this with the new device's camera, or type the code there.",
        "Léalo con la cámara del equipo nuevo o escriba ahí el código.";
    NewCodeOver: text "This code is too old. Make another.", "Este código venció. Haga otro.";
    NobodyUsedIt: text "Nobody has used it yet", "Nadie lo ha usado aún";
    CompareHow: text
        "The new device shows six digits. Are they these?",
        "El equipo nuevo muestra seis dígitos. ¿Son estos?";
    DeviceIsIn: text "The device is in", "El equipo ya está";
    DeviceIsOut: text
        "Revoked. Somebody else used the code. Tell whoever is in charge.",
        "Revocado. Otra persona usó el código. Avise a quien esté a cargo.";
    HeldCustomersOf: text
        "It knew the customers of these orders. A thief may try to read them.",
        "Conocía a los clientes de estos pedidos. Un ladrón puede intentar leerlos.";
    LastHeardOf: text "Last heard of", "Última señal";
    NeverHeardOf: text "Not yet", "Aún no";
    WhatChanged: text "What changed", "Qué cambió";
    EarlierChanges: text
        "Earlier changes are in the audit file.",
        "Los cambios anteriores están en el archivo de auditoría.";

    WhoeverItWas: text "somebody", "alguien";

    // People.
    PeoplePage: text "People", "Personas";
    ColumnPerson: text "Person", "Persona";
    ColumnWorksAs: text "Works as", "Trabaja como";
    WorksHere: text "Works here", "Trabaja aquí";
    HasLeft: text "Not any more", "Ya no";
    ChangePerson: button "Change", "Cambiar";
    UnlockPerson: button "Let them try again", "Dejar intentar otra vez";
    SendAway: button "Works here no longer", "Ya no trabaja aquí";
    UnlockWhy: text
        "After ten wrong PINs a person is locked on that device. The PIN stays the same.",
        "Tras diez PIN incorrectos la persona queda bloqueada en ese equipo. El PIN sigue siendo el mismo.";
    LeaveWhy: text
        "Every device refuses the person from its next contact. What they recorded stays, and is sent.",
        "Todos los equipos rechazan a la persona desde su próximo contacto. Lo que registró queda y se envía.";
    UnlockedNext: text
        "Devices hear of it at once; without a network, when it is back.",
        "Los equipos lo saben enseguida; sin red, cuando vuelva.";
    LeftNext: text
        "Devices hear of it at once; without a network, when it is back. Whoever runs the server can undo it.",
        "Los equipos lo saben enseguida; sin red, cuando vuelva. Quien opera el servidor puede deshacerlo.";
    MoreAtTheServer: text
        "People are added, and given another PIN, by whoever runs the server.",
        "Quien opera el servidor agrega personas y les da otro PIN.";
    DeviceIsRevoked: text "The device is revoked", "El equipo está revocado";
}

sentences! {
    in_again(names):
        "Revoked before, and in again: {names}. Revoke it again.",
        "Revocado antes y otra vez dentro: {names}. Revóquelo de nuevo.";
    wiped_at(at):
        "Wiped {at}, told by the device",
        "Borrado {at}, lo dijo el equipo";
    came(name): "{name} works here", "{name} trabaja aquí";
    left(name): "{name} works here no longer", "{name} ya no trabaja aquí";
    came_back(name): "{name} works here again", "{name} trabaja aquí otra vez";
    unlocked(name): "{name} may try PINs again", "{name} puede intentar el PIN otra vez";
    done_by(what, by): "{what}, by {by}", "{what}, por {by}";
    unlock_named(name): "Let {name} try again?", "¿Dejar que {name} intente otra vez?";
    leave_named(name): "{name} works here no longer?", "¿{name} ya no trabaja aquí?";
    new_pin(name): "{name} has another PIN", "{name} tiene otro PIN";
    changed(name): "What is known of {name} changed", "Cambió lo que se sabe de {name}";
    code_lasts(time): "It works once, for {time} more.", "Sirve una vez, por {time} más.";
    named_device_is_in(name): "{name} has just used the code.", "{name} acaba de usar el código.";
    revoke_named(name): "Revoke {name}?", "¿Revocar {name}?";
}
