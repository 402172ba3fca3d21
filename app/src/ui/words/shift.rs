//! The start of a shift: how everything is, what can still be done, the station's checklist.
//!
//! In: a language. Out: the words. Must not: tell anybody to stop who can work.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    ShiftPage: text "Start of shift", "Inicio de turno";
    ShiftNotBegun: text "Your shift is not begun yet.", "Aún no empieza su turno.";
    ShiftOpen: button "Start of shift", "Iniciar turno";
    ShiftBegin: button "Sign and begin", "Firmar y empezar";
    ShiftBegun: text "Begun today. You can sign again.", "Ya empezó hoy. Puede firmar otra vez.";
    ShiftNotKept: text
        "It could not be kept. You can work all the same.",
        "No se pudo guardar. Puede trabajar igual.";
    ShiftAllWell: text "All is well. You can work.", "Todo está bien. Puede trabajar.";
    BeforeFirstOrder: text "Before the first order", "Antes del primer pedido";
    NoChecklist: text "This shop has no checklist.", "Esta tienda no tiene lista.";
    IfNetworkGoes: text "If the network goes now", "Si ahora se va la red";
    SpaceForLong: text "Space for more than a year", "Espacio para más de un año";
    NoneTakenHere: text
        "This tablet has taken no order. You can take one, pick, pack and stage it.",
        "Esta tableta no ha tomado ningún pedido. Puede tomar uno, surtirlo, empacarlo y ubicarlo.";
    TakesNoOthers: text
        "Other orders can be taken too; they are looked at again later.",
        "También se pueden tomar otros; luego se revisan.";

    PartPrinter: text "Label printer", "Impresora";
    PartScanner: text "Scanner", "Escáner";
    PartCamera: text "Camera", "Cámara";
    PartClock: text "Tablet clock", "Reloj";
    PartStorage: text "Space on tablet", "Espacio";
    PartOther: text "Something newer", "Algo más nuevo";

    ServerAway: text
        "No answer. You can pick, pack and stage; acts wait here.",
        "Sin respuesta. Puede surtir, empacar y ubicar; los actos esperan aquí.";
    UnsentBad: text
        "Acts wait too long. Take the tablet to the network, or save them as a file.",
        "Los actos esperan demasiado. Lleve la tableta a la red o guárdelos en un archivo.";
    PrinterWell: text "The last test label came out well", "La última prueba salió bien";
    PrinterBad: text
        "The last test label did not come out. Picking goes on; bags wait for their label.",
        "La última prueba no salió. El surtido sigue; las bolsas esperan su etiqueta.";
    PrinterNotTried: text "Not tried today. Print a test label.", "Sin probar hoy. Imprima una prueba.";
    ScannerReadWell: text "Read the whole test sheet", "Leyó toda la hoja de prueba";
    ScannerNotTried: text
        "Not tried today. The camera and typed codes work too.",
        "Sin probar hoy. También sirven la cámara y los códigos escritos.";
    CameraThere: text "There is one", "Hay una";
    CameraNone: text
        "None here. Use a scanner, or type the code.",
        "No hay. Use un escáner o escriba el código.";
    ClockNotKnown: text
        "Not compared with the server yet. Times are the tablet's own.",
        "Aún sin comparar con el servidor. Las horas son de la tableta.";
    KeptSafe: text "Kept safe", "A salvo";

    PrintTestLabel: button "Test label", "Probar etiqueta";
    DidItPrint: text "Did it come out well?", "¿Salió bien?";
    PrintedWell: button "Yes", "Sí";
    PrintedBadly: button "No", "No";
}

sentences! {
    works_see_to(what): "You can work. See to: {what}.", "Puede trabajar. Revise: {what}.";
    works_without(what): "You can work, but not with all: {what}.", "Puede trabajar, pero falla: {what}.";
    clock_well(seconds): "{seconds} s from the server's", "A {seconds} s del servidor";
    clock_off(seconds):
        "{seconds} s from the server's. Set it. Times shown are the server's.",
        "A {seconds} s del servidor. Ajústelo. Las horas mostradas son del servidor.";
    names_until(day, at): "Customers' names show until {day}, {at}.", "Los nombres de clientes se ven hasta el {day}, {at}.";
}

counted! {
    orders_here(n): "{n} open order here", "{n} open orders here", "{n} pedido abierto aquí", "{n} pedidos abiertos aquí";
    goes_on(n):
        "You can pick, pack and stage the {n} order of this tablet.",
        "You can pick, pack and stage the {n} orders of this tablet.",
        "Puede surtir, empacar y ubicar el {n} pedido de esta tableta.",
        "Puede surtir, empacar y ubicar los {n} pedidos de esta tableta.";
}
