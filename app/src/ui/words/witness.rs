//! What a device has seen of the log, and what it holds against the server.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    HealthLog: text "Server's log", "Registro del servidor";
    LogNotSeen: text "Not seen yet", "Aún no visto";
    LogUnchecked: text
        "This browser cannot check its signature. Other devices check it.",
        "Este navegador no comprueba su firma. Otros equipos la comprueban.";

    // Two heads the server signed that cannot both be true.
    LogRewritten: text "The server's history was changed", "Cambiaron la historia del servidor";
    LogRewrittenSafe: text
        "Keep working. What you record here is safe, and this tablet keeps the proof for good.",
        "Siga trabajando. Lo registrado está a salvo y esta tableta guarda la prueba para siempre.";
    LogRewrittenDo: text
        "Save the proof to a file and give it to whoever checks your records.",
        "Guarde la prueba en un archivo y désela a quien revisa sus registros.";
    SaveProof: button "Save the proof", "Guardar la prueba";
    LogBeganAgainDo: text
        "This tablet keeps what it had seen before. An auditor can compare it.",
        "Esta tableta guarda lo que vio antes. Un auditor puede compararlo.";
    SaveWhatWasSeen: button "Save what was seen", "Guardar lo visto";
}

sentences! {
    seen_through(position): "Seen and signed up to {position}", "Visto y firmado hasta {position}";
}

counted! {
    began_again(n):
        "The server's log began again {n} time",
        "The server's log began again {n} times",
        "El registro del servidor volvió a empezar {n} vez",
        "El registro del servidor volvió a empezar {n} veces";
}
