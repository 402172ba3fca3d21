//! What every screen carries: the strip, the rail, status words, channels, the buttons of the
//! dock, saved and sent.
//!
//! In: a language. Out: the words. Must not: hold the words of one task; each task has its own
//! file.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    // Status words: ten plus Cancelled, fixed.
    StatusNew: button "New", "Nuevo";
    StatusReady: button "Ready to pick", "Listo para surtir";
    StatusPicking: button "Picking", "Surtiendo";
    StatusPicked: button "Picked", "Surtido";
    StatusVerifying: button "Verifying", "Revisando";
    StatusPacked: button "Packed", "Empacado";
    StatusStaged: button "Staged", "Ubicado";
    StatusOut: button "Out", "En camino";
    StatusHandedOver: button "Handed over", "Entregado";
    StatusReturned: button "Returned", "Devuelto";
    StatusProblem: button "Problem", "Problema";
    StatusCancelled: button "Cancelled", "Cancelado";

    // A code that was read well, where it is of no use yet.
    BadgeFirst: text "Scan a badge", "Escanee un gafete";
    BadgeFirstHow: text
        "That is no badge of anybody who works here. Scan yours, or choose your name.",
        "No es gafete de nadie que trabaje aquí. Escanee el suyo o elija su nombre.";
    OrderFirst: text "Not on this screen", "No en esta pantalla";
    OrderFirstHow: text
        "This code is for another step. Open an order, or scan a ticket or a bag's label.",
        "Este código es de otro paso. Abra un pedido, o escanee una boleta o la etiqueta de una bolsa.";
    CutOff: text "Scan cut off", "Escaneo cortado";
    CutOffHow: text "Not all of it arrived. Scan it again.", "No llegó completo. Escanéelo otra vez.";

    // The name of the other language, in that language.
    OtherLanguage: button "Español", "English";
    Pickup: button "Pickup", "Recoger";
    Curbside: button "Curbside", "En auto";
    Delivery: button "Delivery", "Entrega";
    InStore: button "In store", "En tienda";

    // The rail.
    Queue: button "Queue", "Pedidos";
    Pick: button "Pick", "Surtir";
    Pack: button "Pack", "Empacar";
    Stage: button "Stage", "Ubicar";
    Count: button "Count", "Contar";
    HandOverTab: button "Hand over", "Entregar";

    // Buttons that many screens share.
    ProblemButton: button "Problem…", "Problema…";
    Undo: button "Undo", "Deshacer";
    ScanWithCamera: button "Scan with camera", "Usar cámara";
    ScanAgain: button "Scan again", "Escanear otra vez";
    Why: button "Why?", "¿Por qué?";
    Back: button "Back", "Volver";
    Next: button "Next", "Siguiente";
    Done: button "Done", "Listo";
    Close: button "Close", "Cerrar";
    Cancel: button "Cancel", "Cancelar";
    Save: button "Save", "Guardar";
    Print: button "Print", "Imprimir";
    Help: button "Help", "Ayuda";
    SignOut: button "Sign out", "Salir";
    Search: button "Search", "Buscar";
    TryAgain: button "Try again", "Intentar otra vez";
    StopCamera: button "Stop camera", "Apagar cámara";
    Light: button "Light", "Luz";
    TypeTheCode: button "Type the code", "Escribir el código";
    AskAManager: button "Ask a manager", "Pedir al gerente";
    CallAManager: button "Call a manager", "Llamar al gerente";
    NewerBatchIsFine: button "Newer batch is fine", "Sirve el lote nuevo";
    CallFirst: button "Call first", "Llamar antes";
    GoToQueue: button "Go to queue", "Ir a pedidos";
    WhatToDo: button "What to do", "Qué hacer";
    BackToTheQueue: text "Back to the queue", "Volver a los pedidos";
    MainMenu: text "Main menu", "Menú principal";
    SkipToWork: text "Skip to the work", "Ir al trabajo";
    OpensStatus: text "Opens Status", "Abre Situación";

    // The strip.
    NobodySignedIn: text "Nobody signed in", "Nadie conectado";
    AllSent: text "All sent", "Todo enviado";
    WorkGoesOn: text "work goes on", "el trabajo sigue";
    NoNetwork: text "No network", "Sin red";
    NoNetworkKeepWorking: text "No network, keep working", "Sin red, siga trabajando";
    NotSavingStop: text "Not saving · stop scanning", "No guarda · deje de escanear";
    CannotSave: text "This tablet cannot save", "Esta tableta no puede guardar";
    PrinterReady: text "Printer ready", "Impresora lista";
    PrinterWaits: text "Printer waits", "Impresora en espera";
    NoPrinter: text "No printer", "Sin impresora";
    SoundOn: text "Sound on", "Con sonido";
    SoundOff: text "Sound off", "Sin sonido";
    TrainingNothingIsReal: text "Training: nothing is real", "Práctica: nada es real";
    PosNow: text "POS now", "POS ahora";
    StateNow: text "State now", "Estado ahora";
    PosUnknown: text "POS not heard", "POS sin respuesta";
    StateUnknown: text "State not heard", "Estado sin respuesta";

    // A "Saved" is said only after the strict write, a "Sent" only after the server's receipt.
    Saved: text "Saved", "Guardado";
    OnThisTablet: text "on this tablet", "en esta tableta";
    Sent: text "Sent", "Enviado";
    TheStateHasIt: text "The state has it", "El estado ya lo tiene";
    ScannerReady: text "Scanner ready", "Escáner listo";
    CameraReady: text "Camera ready", "Cámara lista";
    Loading: text "Opening", "Abriendo";
    NotFound: text "There is no such page", "No existe esta página";
    NotFoundDo: text
        "Go back to the queue. Scan a code to get anywhere.",
        "Vuelva a los pedidos. Escanee un código para ir a donde quiera.";

    // An update waits until nothing is being written.
    UpdateAvailable: text
        "A new version is ready. It starts when no order is open.",
        "Hay una versión nueva. Empieza cuando no haya pedido abierto.";
    TurnedAway: text
        "The server no longer knows this device. All it recorded is safe here; set it up again to send it.",
        "El servidor ya no conoce este equipo. Lo registrado está a salvo; configúrelo de nuevo para enviarlo.";
    SetUpAgain: button "Set up again", "Configurar de nuevo";
    UpdateNow: button "Update now", "Actualizar ahora";
    UpdateAfterOrder: text "Finish this order first", "Termine primero este pedido";
    OtherTabWrites: text
        "Custody is open in another window. Work there, or close it.",
        "Custody está abierta en otra ventana. Trabaje ahí o ciérrela.";
    WorkHere: button "Work here", "Trabajar aquí";

    // Trouble that stays until it is solved.
    StorageFull: text "This tablet is full", "La tableta está llena";
    StorageFullDo: text
        "Stop scanning. Connect to the network so that it can send.",
        "Deje de escanear. Conéctese a la red para que pueda enviar.";
    StorageCleared: text
        "This tablet's data was deleted",
        "Se borraron los datos de esta tableta";
    StorageClearedDo: text
        "Nothing more can be saved. Leave this open on the network for a minute. It sends what it still holds. \
         Then try again and set the tablet up anew. What the server has is safe.",
        "Ya no se puede guardar nada. Déjela abierta un minuto con red, para que envíe lo que aún tiene. Luego \
         intente otra vez y configúrela de nuevo. Lo que tiene el servidor está a salvo.";
    StorageNewer: text
        "A newer Custody has this tablet's data",
        "Un Custody más nuevo tiene los datos de esta tableta";
    StorageNewerDo: text
        "Everything saved is still there. Connect to the network and try again: the newer version then opens here too.",
        "Todo lo guardado sigue ahí. Conéctese a la red e intente otra vez: aquí también abrirá la versión nueva.";
    StorageMayBeCleared: text
        "This browser may clear its storage",
        "Este navegador puede borrar sus datos";
    StorageMayBeClearedDo: text
        "Add Custody to the home screen, so that it is kept.",
        "Agregue Custody a la pantalla de inicio para conservarla.";
    CannotSaveDo: text
        "Put the item back and call a manager. Nothing you saved is lost.",
        "Devuelva el artículo y llame al gerente. Lo guardado no se pierde.";
    PrinterNoLabels: text "The printer has no labels", "La impresora no tiene etiquetas";
    PrinterSilent: text "The printer does not answer", "La impresora no responde";
    PrinterSilentDo: text
        "Look at paper, ribbon and cover. It prints by itself after that.",
        "Revise papel, cinta y tapa. Después imprime sola.";
    UseOtherPrinter: button "Use other printer", "Usar otra impresora";
    CameraOff: text "The camera is off", "La cámara está apagada";
    CameraOffDo: text
        "Allow the camera in the browser, use a scanner, or type the code.",
        "Permita la cámara en el navegador, use un escáner o escriba el código.";
}

sentences! {
    server_age(age): "Server {age}", "Servidor {age}";
    pos_age(age): "POS {age}", "POS {age}";
    state_age(age): "State {age}", "Estado {age}";
    not_sent(n): "{n} not sent", "{n} sin enviar";
    not_sent_since(n, age): "{n} not sent · {age}", "{n} sin enviar · {age}";
    sending(n, left): "Sending {n} · {left} left", "Enviando {n} · faltan {left}";
    battery(percent): "{percent} %", "{percent} %";
    undo_seconds(n): "Undo · {n}\u{a0}s", "Deshacer · {n}\u{a0}s";
    label_prints_itself(order):
        "Put in a roll and close the lid. The label for {order} prints by itself.",
        "Ponga un rollo y cierre la tapa. La etiqueta de {order} se imprime sola.";
    see_the(n): "See the {n}", "Ver {n}";
    acts_kept(name):
        "They are kept whole on this tablet and on the server. {name} has been told. Keep working.",
        "Se guardan completos en la tableta y en el servidor. {name} ya lo sabe. Siga trabajando.";
    scans_wait(n): "{n} waiting", "{n} en espera";
}

counted! {
    new_orders(n): "{n} new", "{n} new", "{n} nuevo", "{n} nuevos";
    acts_unread(n):
        "{n} act could not be read by the server",
        "{n} acts could not be read by the server",
        "El servidor no pudo leer {n} acto",
        "El servidor no pudo leer {n} actos";
    space_for_days(n):
        "Space for {n} day",
        "Space for {n} days",
        "Espacio para {n} día",
        "Espacio para {n} días";
}
