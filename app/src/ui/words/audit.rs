//! The check of an auditor's file: what is chosen, what was found, what is wrong and what that means.
//!
//! In: a language. Out: the words. Must not: say less, or more, than `custody verify` says of the same file.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    AuditPage: text "Check an audit file", "Revisar un archivo de auditoría";
    AuditPageWhy: text
        "Nothing is sent anywhere. This browser looks at every event, also without a network.",
        "Nada se envía. Este navegador mira cada evento, también sin red.";
    AuditChoose: button "Choose a file", "Elegir archivo";
    AuditDrop: text "Or drop it here.", "O suéltelo aquí.";
    AuditDepth: text "What is checked", "Qué se revisa";
    AuditEvery: text "Every signature", "Cada firma";
    AuditRuns: text
        "One signature for each run of linked events: many times faster",
        "Una firma por cada tramo de eventos enlazados: mucho más rápido";
    AuditChecking: text "Checking", "Revisando";
    AuditOther: button "Check another file", "Revisar otro archivo";
    AuditSignIn: button "Sign in", "Entrar";

    // Files that cannot be checked at all.
    AuditEmpty: text "The file is empty", "El archivo está vacío";
    AuditEmptyDo: text
        "It may not have been copied to its end. Ask the shop for it again.",
        "Quizá no se copió hasta el final. Pídalo otra vez a la tienda.";
    AuditNotOne: text "This is no audit file", "No es un archivo de auditoría";
    AuditNotOneDo: text
        "Choose the file the shop made for you. Nothing in this one can be checked.",
        "Elija el archivo que la tienda hizo para usted. En este no hay nada que revisar.";
    AuditUnreadable: text "The file cannot be read", "No se puede leer el archivo";
    AuditUnreadableDo: text
        "It may be a folder, or it was moved or changed meanwhile. Choose it again.",
        "Quizá es una carpeta, o se movió o cambió mientras tanto. Elíjalo otra vez.";
    AuditNoStart: text "The check could not go on", "La revisión no pudo seguir";
    AuditNoStartDo: text
        "Connect to the network and load this page again. Your file was not touched.",
        "Conéctese a la red y cargue la página otra vez. Su archivo sigue igual.";

    // The report.
    AuditBroken: text "NOT in order.", "NO está en orden.";
    AuditWhatIsWrong: text "What is wrong", "Qué está mal";
    AuditWhatItMeans: text "What it means", "Qué significa";
    AuditByte: text "Byte of the file", "Byte del archivo";
    AuditBefore: text "Events before it, in order", "Eventos anteriores, en orden";
    AuditShop: text "Shop", "Tienda";
    AuditLicense: text "License", "Licencia";
    AuditStore: text "Store", "Registro de";
    AuditMade: text "Made", "Hecho";
    AuditFile: text "File", "Archivo";
    AuditChecked: text "Checked", "Revisado";
    AuditContents: text "Contents", "Contenido";
    AuditWhole: text "the whole log", "todo el registro";
    AuditRange: text "one stretch of the log", "un tramo del registro";
    AuditChosen: text "chosen events", "eventos elegidos";
    AuditKey: text "Log key", "Clave del registro";
    AuditKeyWhy: text
        "Compare it with the one the shop gave you: whoever made up a file made up its keys too.",
        "Compárela con la que le dio la tienda: quien inventa un archivo inventa también sus claves.";
    AuditKeyGiven: text "The key the shop gave you", "La clave que le dio la tienda";
    AuditKeySame: text "The same key.", "Es la misma clave.";
    AuditKeyDiffers: text
        "Not the same key. Do not trust this file.",
        "No es la misma clave. No confíe en este archivo.";
    AuditEvents: text "Events", "Eventos";
    AuditPositions: text "Positions", "Posiciones";
    AuditByDevice: text "Events by device", "Eventos por equipo";
    AuditDevice: text "Device", "Equipo";
    AuditHeads: text "Checkpoints and their witnesses", "Puntos de control y sus testigos";
    AuditHead: text "Events in it", "Eventos que abarca";
    AuditRoot: text "Root", "Raíz";
    AuditWitnesses: text "Co-signed by", "Cofirmado por";
    AuditNobody: text "nobody", "nadie";
    AuditExceptions: text "Exceptions", "Excepciones";
    AuditExceptionsOpen: text "Exceptions still open", "Excepciones sin resolver";
    AuditPasskeys: text "Changes of managers' passkeys", "Cambios de llaves de gerentes";
    AuditWaysBack: text "of these, let in again by others", "de estos, con la ayuda de otros";
    AuditHoles: text "Numbers of devices the log calls lost", "Números de equipos que el registro da por perdidos";
    AuditAside: text "Recorded but not applied", "Registrado sin aplicar";
    AuditSignatures: text "Signatures checked", "Firmas revisadas";

    // What is wrong: the sentences of `custody verify`.
    FlawNotABundle: text "The file is no audit bundle.", "El archivo no es de auditoría.";
    FlawMalformed: text "These bytes are no record.", "Estos bytes no son un asiento.";
    FlawUnexpected: text
        "Such a record may not stand here.",
        "Un asiento así no puede estar aquí.";
    FlawTruncated: text "The file ends early.", "El archivo termina antes de tiempo.";
    FlawTrailing: text
        "The file goes on behind its end.",
        "El archivo sigue después de su final.";
    FlawHead: text
        "A checkpoint cannot be read, or does not belong here.",
        "Un punto de control no se puede leer o no va aquí.";
    FlawHeadOfAnotherLog: text
        "A checkpoint is of another log.",
        "Un punto de control es de otro registro.";
    FlawHeadSignature: text
        "A checkpoint is not signed by the log.",
        "El registro no firmó un punto de control.";
    FlawCoSignature: text
        "A co-signature is not the device's.",
        "Una cofirma no es del equipo.";
    FlawHeadsDisagree: text
        "An earlier checkpoint is not the beginning of the newest: history was rewritten.",
        "Un punto de control anterior no es el comienzo del último: se reescribió la historia.";
    FlawTree: text
        "Hashes do not lead to the checkpoint.",
        "Los resúmenes no llevan al punto de control.";
    FlawLeaf: text
        "The event, its time, place or outcome is not what the checkpoint stands for.",
        "El evento, su hora, su lugar o su resultado no es lo que respalda el punto de control.";
    FlawUnreadable: text "The event cannot be read.", "El evento no se puede leer.";
    FlawBrokenLink: text
        "The event does not follow the one before it in its chain.",
        "El evento no sigue al anterior de su cadena.";
    FlawMissing: text "An event is missing.", "Falta un evento.";
    FlawOutOfOrder: text "The events are not in order.", "Los eventos no están en orden.";
    FlawSignature: text
        "The signature is not the device's.",
        "La firma no es del equipo.";
    FlawOtherStore: text "The event is of another shop.", "El evento es de otra tienda.";
    FlawUnknownDevice: text
        "Nobody vouches for the device.",
        "Nadie responde por el equipo.";
    FlawNotOpened: text
        "The chain does not begin with the start of a writer.",
        "La cadena no comienza con la apertura del equipo.";
    FlawShop: text "The shop is not what the log says.", "La tienda no es la que dice el registro.";
    FlawCertificate: text
        "A device or its key is not what the log says.",
        "Un equipo o su clave no es lo que dice el registro.";
    FlawPerson: text
        "A person is not whom the log names.",
        "Una persona no es quien dice el registro.";
    FlawUnknownException: text
        "An exception no event opened.",
        "Una excepción que ningún evento abrió.";
    FlawMissingException: text
        "An exception this event opened is not shown.",
        "No aparece una excepción que abrió este evento.";
    FlawSeal: text
        "The counts or the log's signature under the bundle are wrong.",
        "Las cuentas o la firma del registro al pie del archivo están mal.";

    // What that means for whoever reads it.
    MeansDamaged: text
        "The file was damaged, cut or changed after it was made. Ask the shop for a new copy.",
        "El archivo se dañó, se cortó o se cambió después de hacerse. Pida otra copia a la tienda.";
    MeansChanged: text
        "This is not what was signed. It proves nothing; what follows it was not checked.",
        "Esto no es lo que se firmó. No prueba nada; lo que sigue no se revisó.";
    MeansGap: text
        "Something was left out, moved or slipped in. What follows was not checked.",
        "Algo se omitió, se movió o se agregó. Lo que sigue no se revisó.";
    MeansStranger: text
        "It does not belong to this shop's record. Ask the shop how it came in.",
        "No pertenece al registro de esta tienda. Pregunte a la tienda cómo llegó ahí.";
    MeansRewritten: text
        "Devices signed that they saw another history. Keep this file, and ask the shop.",
        "Hay equipos que firmaron haber visto otra historia. Guarde este archivo y pregunte a la tienda.";
    MeansUnvouched: text
        "What the file is measured by is not vouched for. Ask the shop for a new one.",
        "Nadie responde por la medida de este archivo. Pida otro a la tienda.";
    MeansNames: text
        "Names or keys in the file are not those in the record. Do not rely on them.",
        "Los nombres o claves del archivo no son los del registro. No se fíe de ellos.";
}

sentences! {
    progress(percent, events): "{percent} % · {events} events", "{percent} % · {events} eventos";
    in_order_whole(n):
        "In order. In these {n} events nothing was changed and nothing is missing.",
        "Está en orden. En estos {n} eventos no se cambió nada ni falta nada.";
    in_order_chosen(n):
        "In order. Nothing in these {n} events was changed.",
        "Está en orden. No se cambió nada en estos {n} eventos.";
    broken_event(seq, device, position):
        "NOT in order: event {seq} of {device}, at position {position}.",
        "NO está en orden: evento {seq} de {device}, en la posición {position}.";
    broken_position(position):
        "NOT in order: at position {position}.",
        "NO está en orden: en la posición {position}.";
    broken_device(device): "NOT in order: {device}.", "NO está en orden: {device}.";
    at_position(position): "Position {position} of the log.", "Posición {position} del registro.";
    positions(first, last): "{first} to {last}", "{first} a {last}";
    bytes(n): "{n} bytes", "{n} bytes";
}
