//! Trying a scanner: what came, how fast, what to change.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    ScannerPage: text "Try the scanner", "Probar el escáner";
    TryScanner: button "Try the scanner", "Probar escáner";
    PrintSheet: button "Print test sheet", "Imprimir hoja";
    ScannerSay: text
        "Scan the four codes of the test sheet. Nothing here is recorded.",
        "Escanee los cuatro códigos de la hoja. Aquí nada se registra.";
    ScannerWell: text "This scanner is set up well.", "Este escáner está bien configurado.";
    ScannerNothing: text
        "No scan yet. Print the sheet, then scan its first code.",
        "Aún no hay lectura. Imprima la hoja y escanee el primer código.";
    SheetTag: text "State tag", "Etiqueta estatal";
    SheetLetters: text "Letters", "Letras";
    SheetSigns: text "Signs of a web link", "Signos de un enlace";
    SheetControls: text "Separators", "Separadores";
    NotReadYet: text "Not read yet", "Aún no leído";
    ReadWell: text "Read well", "Leído bien";
    OtherCodes: text "All scans", "Todas las lecturas";

    // What to change, as scanners' manuals call it.
    AdviseEnter: text
        "Nothing ends a scan. Turn on the suffix Enter.",
        "Nada cierra la lectura. Active el sufijo Enter.";
    AdviseAim: text
        "Turn on AIM identifiers, so that the kind of code is known.",
        "Active los identificadores AIM para saber el tipo de código.";
    AdviseLayout: text
        "The scanner's keyboard country is not this tablet's. Set it to the tablet's.",
        "El país del teclado del escáner no es el de la tableta. Iguálelo.";
    AdviseCaps: text
        "Capitals come as small letters. Turn off Caps Lock on both.",
        "Las mayúsculas llegan cambiadas. Apague Bloq Mayús en ambos.";
    AdviseControls: text
        "Separators are lost. Send control characters as Ctrl keys.",
        "Se pierden los separadores. Envíelos como teclas Ctrl.";
    AdviseSlower: text
        "It types too slowly. Set the delay between characters to 0.",
        "Escribe muy lento. Ponga en 0 la espera entre caracteres.";
    AdviseExtra: text
        "Something is put around the code. Turn off prefix and suffix text.",
        "Se agrega texto al código. Quite el prefijo y el sufijo.";
    AdviseLost: text
        "Characters are lost. Move nearer, or set a delay of 10 ms.",
        "Se pierden caracteres. Acérquese o ponga una espera de 10 ms.";

    ForgetScanner: button "Forget it", "Olvidarlo";

    // What a code is.
    ReadUnit: text "One unit", "Una unidad";
    ReadPackage: text "A package", "Un paquete";
    ReadProduct: text "A product, no batch", "Un producto, sin lote";
    ReadOwn: text "One of our codes", "Un código nuestro";
    ReadNothing: text "No code we know", "Código desconocido";
    ReadCard: text "An ID card; its text is not shown", "Una identificación; no se muestra";
    ByScanner: text "Scanner", "Escáner";
    ByCamera: text "Camera", "Cámara";
    ByHand: text "Typed", "Escrito";
}

sentences! {
    learnt(gap):
        "Learned on this device: a scanner here waits up to {gap} ms between characters. Typing by hand is still no scan.",
        "Aprendido en este dispositivo: un escáner espera hasta {gap} ms entre caracteres. Escribir a mano no cuenta como lectura.";
    takes_off(around):
        "Learned on this device: a scanner here puts {around} around a code. It is taken off.",
        "Aprendido en este dispositivo: un escáner pone {around} alrededor del código. Se quita.";
    took(milliseconds, gap): "{milliseconds} ms, longest gap {gap} ms", "{milliseconds} ms, pausa máxima {gap} ms";
}
