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

counted! {
    more_messages(n): "{n} more message", "{n} more messages", "{n} mensaje más", "{n} mensajes más";
}
