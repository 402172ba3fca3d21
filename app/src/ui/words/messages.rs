//! What people say to each other about an order.
//!
//! In: a language. Out: the words. Must not: be free text; nothing a customer said is among them.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    CustomerHasLeft: text "Customer has left", "El cliente se fue";
    NeedTheId: text "ID is needed", "Falta la identificación";
    ItemIsShort: text "An item is short", "Falta un artículo";
    CallMe: text "Call me", "Llámeme";
    NewerMessage: text "A message of a newer app", "Mensaje de una app más nueva";
    SeeToIt: button "On it", "Lo atiendo";
    WhichCar: text "Car: colour and make", "Auto: color y marca";
    WhichSpace: text "Parking space", "Lugar de estacionamiento";
    CarKept: text
        "Both may stay empty. It is kept sealed, and goes when the customer's data goes.",
        "Pueden quedar vacíos. Se guarda sellado y se borra con los datos del cliente.";
    CarNotKept: text
        "This tablet cannot keep a car for this customer. That they are here is said all the same.",
        "Esta tableta no puede guardar el auto de este cliente. La llegada se avisa igual.";
    CarHidden: text "Car on record, hidden here now", "Auto registrado, oculto aquí por ahora";
    ChangeCar: button "Car and space", "Auto y lugar";
    MessageSaid: text "Said", "Dicho";
    MessageSeenTo: text "They know you are on it", "Ya saben que lo atiende";
}

sentences! {
    said_by(word, who, age): "{word} · {who}, {age}", "{word} · {who}, {age}";
    about(order): "About {order}", "Sobre {order}";
    here_for(age): "Customer here, {age}", "Cliente aquí, {age}";
    message_sent(who, word, order): "{who} said of {order}: {word}", "{who} dijo de {order}: {word}";
    message_seen(who, order): "{who} sees to what was said of {order}", "{who} atiende lo dicho de {order}";
}

/// Which car, and where it stands; one of them may be empty.
pub fn car_at(lang: Lang, car: &str, space: &str) -> String {
    let space = (!space.is_empty()).then(|| match lang {
        Lang::En => format!("space {space}"),
        Lang::Es => format!("lugar {space}"),
    });
    let car = (!car.is_empty()).then(|| car.to_owned());
    let said: Vec<String> = [car, space].into_iter().flatten().collect();
    said.join(" · ")
}

counted! {
    more_messages(n): "{n} more message", "{n} more messages", "{n} mensaje más", "{n} mensajes más";
}
