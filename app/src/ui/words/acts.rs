//! The sentences of the chain of custody: one for every kind of recorded act.
//!
//! In: a language and the facts of one act. Out: one line. Must not: name a customer, or call a
//! refusal an error.

use std::fmt::Display;

use super::Lang;

sentences! {
    order_arrived(order, source):
        "Order {order} came in from {source}",
        "Llegó el pedido {order} de {source}";
    order_changed(order, version):
        "Order {order} changed, version {version}",
        "Cambió el pedido {order}, versión {version}";
    order_cancelled(order): "Order {order} cancelled", "Pedido {order} cancelado";
    change_acknowledged(name, order):
        "{name} looked at the change of order {order}",
        "{name} revisó el cambio del pedido {order}";
    order_open(order): "Order {order} is open", "Pedido {order} abierto";
    claimed(name, order): "{name} took order {order}", "{name} tomó el pedido {order}";
    claim_returned(name, order):
        "{name} gave back order {order}",
        "{name} devolvió el pedido {order}";
    map_drawn(name): "{name} drew the map of the vault", "{name} dibujó el mapa de la bóveda";
    stock_held(name, what): "{name} put {what} on hold", "{name} retuvo {what}";
    stock_released(name, what): "{name} released {what}", "{name} liberó {what}";
    shift_started(name, troubled, left_out):
        "{name} began a shift; not well: {troubled}, left out: {left_out}",
        "{name} empezó su turno; con fallas: {troubled}, sin hacer: {left_out}";
    claim_broken(name, order):
        "{name} took order {order} back",
        "{name} recuperó el pedido {order}";
    moved(units, from, to): "{units}: {from} → {to}", "{units}: {from} → {to}";
    moved_for(units, from, to, order):
        "{units}: {from} → {to}, order {order}",
        "{units}: {from} → {to}, pedido {order}";
    pick_undone(units, slot):
        "Pick undone: {units} back to {slot}",
        "Surtido deshecho: {units} de vuelta a {slot}";
    found_after_all(name, tail, code):
        "{name} found …{tail} for {code} after all",
        "{name} sí encontró …{tail} para {code}";
    reported(reason, slot): "Reported at {slot}: {reason}", "Aviso en {slot}: {reason}";
    scan_refused(word): "Scan refused: {word}", "Lectura rechazada: {word}";
    procedure_kept(name, version):
        "{name} changed a procedure, version {version}",
        "{name} cambió un procedimiento, versión {version}";
    step_signed(name, step): "{name} signed off: {step}", "{name} firmó: {step}";
    tote_read(n, order): "Tote {n} is for {order}", "La caja {n} es de {order}";
    label_agrees(name, tail):
        "{name} compared the label of …{tail}: it agrees with the certificate",
        "{name} comparó la etiqueta de …{tail}: coincide con el certificado";
    label_differs(name, tail):
        "{name} found that the label of …{tail} differs from the certificate; it is on hold",
        "{name} vio que la etiqueta de …{tail} difiere del certificado; queda retenido";
    verified_unit(tail): "Unit checked in hand: …{tail}", "Unidad revisada en mano: …{tail}";
    ticket_read(version): "Ticket read, version {version}", "Boleta leída, versión {version}";
    label_printed(order):
        "Exit label printed for {order}",
        "Etiqueta de salida impresa para {order}";
    label_reprinted(n, reason):
        "Exit label printed again, copy {n}: {reason}",
        "Etiqueta impresa otra vez, copia {n}: {reason}";
    label_read_back(order):
        "Label read on the bag, matches {order}",
        "Etiqueta leída en la bolsa, coincide con {order}";
    bag_chosen(order, bag): "Bag {bag} for {order}", "Bolsa {bag} para {order}";
    second_checked(who, order): "{who} looked at {order} as a second person", "{who} revisó {order} como segunda persona";
    bag_returned(order, slot): "{order} from {slot} back to the vault", "{order} de {slot} a la bóveda";
    bag_sealed(bag): "Bag {bag} closed", "Bolsa {bag} cerrada";
    bag_opened(bag):
        "Bag {bag} opened again, two people",
        "Bolsa {bag} abierta otra vez, dos personas";
    staged(bag, slot): "Bag {bag} put in slot {slot}", "Bolsa {bag} puesta en {slot}";
    loaded(bag, trip): "Bag {bag} loaded, trip {trip}", "Bolsa {bag} cargada, viaje {trip}";
    handed_over(order): "Order {order} handed over, ID seen", "Pedido {order} entregado, ID vista";
    handed_over_read(order):
        "Order {order} handed over, ID read and in order",
        "Pedido {order} entregado, ID leída y en regla";
    handed_over_by_eye(order):
        "Order {order} handed over, ID checked by eye",
        "Pedido {order} entregado, ID revisada a la vista";
    hand_over_refused(reason): "Not handed over: {reason}", "No se entregó: {reason}";
    returned_to_vault(bag): "Bag {bag} back in the vault", "Bolsa {bag} de vuelta en la bóveda";
    signed_in(name): "{name} signed in", "{name} entró";
    signed_out(name): "{name} signed out", "{name} salió";
    sign_in_failed(name): "Wrong PIN for {name}", "PIN incorrecto de {name}";
    epoch_opened(device, n): "{device} started, run {n}", "{device} arrancó, vez {n}";
    device_enrolled(device): "{device} set up", "{device} preparada";
    device_wiped(device):
        "{device} says that it wiped itself, by its own signature",
        "{device} dice que se borró, con su propia firma";
    device_revoked(device): "{device} shut out", "{device} excluida";
    counted(n, tail, slot):
        "Counted {n} of …{tail} in {slot}",
        "Se contaron {n} de …{tail} en {slot}";
    exception_raised(name, rule): "{name} reported {rule}", "{name} avisó de {rule}";
    exception_resolved(name, number): "{name} settled no. {number}", "{name} resolvió el n.º {number}";
    numbers_lost(first, last):
        "Numbers {first} to {last} of a device's record are lost. What it may have taken is counted",
        "Se perdieron los números {first} a {last} del registro de un aparato. Se cuenta lo que pudo tomar";
    taken_in(position):
        "Record no. {position} was too new for the server at first; it counts from here",
        "El registro n.º {position} era demasiado nuevo para el servidor; cuenta desde aquí";
    alarm_raised(rule): "The server found {rule}", "El servidor encontró {rule}";
    counted_agreed(slot, n): "Counted {n} in {slot}, agreed", "Se contaron {n} en {slot}, coincide";
    counted_differs(slot, n, record):
        "Counted {n} in {slot}, on record {record}",
        "Se contaron {n} en {slot}, registrados {record}";
    held(tail, reason):
        "Package …{tail} put on hold: {reason}",
        "Paquete …{tail} retenido: {reason}";
    released(tail): "Package …{tail} free again", "Paquete …{tail} libre otra vez";
    received(units, source): "{units} received, {source}", "{units} recibidas, {source}";
    decided(what, name): "{name} decided: {what}", "{name} decidió: {what}";
    state_confirmed(order): "The state has order {order}", "El estado tiene el pedido {order}";
    state_rejected(words): "The state said no: {words}", "El estado dijo que no: {words}";
    passkey_made(name): "A passkey of {name} was made", "Se creó una llave de {name}";
    passkey_removed(name): "A passkey of {name} was removed", "Se quitó una llave de {name}";
    passkey_made_anew(name, others):
        "{name} was let in again by {others}, with a new passkey",
        "{others} dejaron entrar a {name} con una llave nueva";
    passkey_made_anew_by_code(name, others):
        "{name} was let in again by {others} and a printed code, with a new passkey",
        "{name} volvió a entrar con {others} y un código impreso, con una llave nueva";
    passkeys_forgotten(name): "All passkeys of {name} were forgotten", "Se borraron todas las llaves de {name}";
    secret_kept(name, who):
        "The secret {name} was kept, by {who} at the server",
        "Se guardó el secreto {name}, por {who} en el servidor";
    secret_replaced(name, who):
        "The secret {name} was replaced, by {who} at the server",
        "Se cambió el secreto {name}, por {who} en el servidor";
    secret_forgotten(name, who):
        "The secret {name} was forgotten, by {who} at the server",
        "Se borró el secreto {name}, por {who} en el servidor";
    at_the_server(who):
        "{who} at the server",
        "{who} en el servidor";
    token_made(name, who):
        "A token for orders was made for {name}, by {who}",
        "Se creó un token de pedidos para {name}, por {who}";
    token_withdrawn(name, who):
        "The token for {name} was withdrawn, by {who}",
        "Se retiró el token de {name}, por {who}";
    device_code_made(who):
        "A code for one device was made, by {who}",
        "Se creó un código para un dispositivo, por {who}";
    phone_code_made(who):
        "A code for one driver's phone was made, by {who}",
        "Se creó un código para un teléfono de chofer, por {who}";
    recovery_code_made(name, who):
        "A recovery code was made for {name}, by {who}",
        "Se creó un código de recuperación para {name}, por {who}";
    unknown_act(kind):
        "An act this app does not know: {kind}",
        "Un acto que esta versión no conoce: {kind}";
    who_where(name, device): "{name} · {device}", "{name} · {device}";
}

counted! {
    allocated(n, order):
        "{n} unit set aside for {order}",
        "{n} units set aside for {order}",
        "{n} unidad apartada para {order}",
        "{n} unidades apartadas para {order}";
    lease_granted(n, device):
        "{n} unit kept for {device}",
        "{n} units kept for {device}",
        "{n} unidad reservada para {device}",
        "{n} unidades reservadas para {device}";
    picked_for(n, order):
        "{n} unit picked for {order}",
        "{n} units picked for {order}",
        "{n} unidad surtida para {order}",
        "{n} unidades surtidas para {order}";
    agreed_short(n, order):
        "the customer takes {order} without {n} unit",
        "the customer takes {order} without {n} units",
        "el cliente acepta {order} sin {n} unidad",
        "el cliente acepta {order} sin {n} unidades";
    substituted(n, item, order):
        "the customer takes {n} unit of {item} instead, {order}",
        "the customer takes {n} units of {item} instead, {order}",
        "el cliente acepta {n} unidad de {item} a cambio, {order}",
        "el cliente acepta {n} unidades de {item} a cambio, {order}";
    short_for(n, order):
        "{n} unit short for {order}",
        "{n} units short for {order}",
        "Falta {n} unidad para {order}",
        "Faltan {n} unidades para {order}";
}
