//! When the server says no: what happened, what is safe, what to do next.
//!
//! In: a language. Out: the words. Must not: leave open whether anything was lost.

use super::Msg;

messages! {
    ServerBusy: text
        "The server is there, but cannot do this now. Nothing is lost. Wait a minute and try again.",
        "El servidor está, pero no puede ahora. Nada se pierde. Espere un minuto e intente otra vez.";
    NoLongerKnown: text
        "The server does not know this device any more. Its records are safe here. Set it up again.",
        "El servidor ya no conoce este equipo. Lo registrado está a salvo aquí. Prepárelo otra vez.";
    RevokedByManager: text
        "A manager revoked this device. What it recorded is still sent. Use another one.",
        "Un gerente revocó este equipo. Lo que registró aún se envía. Use otro.";
    ServerKnowsNobody: text
        "On the server you do not work here, or may not do this. Nothing was changed. Ask a manager.",
        "En el servidor usted no trabaja aquí o no puede hacer esto. Nada cambió. Pida al gerente.";
    NotReadByServer: text
        "The server could not read that. Nothing was changed. Update the app and try again.",
        "El servidor no pudo leer eso. Nada cambió. Actualice la aplicación e intente otra vez.";
    AskedTwice: text
        "The server had this already and did it once. Look first, then try again.",
        "El servidor ya lo tenía y lo hizo una vez. Mire primero y luego intente otra vez.";
    NotThereAnyMore: text
        "The server does not have that. Nothing was changed. Wait for the list to be new, or ask a manager.",
        "El servidor no tiene eso. Nada cambió. Espere la lista nueva o pida al gerente.";
    OnlyForATrip: text
        "This phone is for a driver's trip. Nothing was changed. Use a tablet of the shop.",
        "Este teléfono es para un viaje. Nada cambió. Use una tableta de la tienda.";
    ClaimProveFirst: text
        "The server has not had your PIN on this device. Nothing was taken. Sign out, then sign in again.",
        "El servidor no ha visto su PIN en este equipo. Nada se tomó. Salga y entre otra vez.";
    EnrolTurnedAway: text
        "The server does not take this device's key. Nothing here is lost. Ask for a new code, then a manager.",
        "El servidor no acepta la llave de este equipo. Nada se pierde. Pida otro código o al gerente.";
}
