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

    // What to change on common models. Settings are called what their makers call them.
    ByModel: text "On your scanner", "En su escáner";
    ByModelSay: text
        "Settings as their makers call them; your version may name them differently.",
        "Ajustes con el nombre del fabricante; su versión puede llamarlos de otro modo.";
    ModelEndsWell: text "It ends with Enter, which is right.", "Cierra con Enter: está bien.";
    ModelZebraEnd: text
        "It ends with nothing at first. Scan its code Scan suffix, Enter.",
        "De fábrica no cierra la lectura. Lea su código Scan suffix, Enter.";
    ModelZebraKeys: text
        "Leave Function key mapping and Emulate keypad off, so that separators come as Ctrl keys.",
        "Deje apagados Function key mapping y Emulate keypad: los separadores llegan como Ctrl.";
    ModelZebraCaps: text
        "Capitals changed? Turn off its simulated Caps Lock.",
        "¿Mayúsculas cambiadas? Apague su Caps Lock simulado.";
    ModelWedgeEnd: text
        "In DataWedge, Basic Data Formatting: turn on Send ENTER.",
        "En DataWedge, Basic Data Formatting: active Send ENTER.";
    ModelWedgeGroup: text
        "Separators lost? Replace GS in Advanced Data Formatting.",
        "¿Faltan separadores? Reemplace GS en Advanced Data Formatting.";
    ModelWedgeSlow: text
        "Characters lost? Raise the multi-byte character delay by 100 ms.",
        "¿Faltan caracteres? Suba multi-byte character delay en 100 ms.";
    ModelHoneywellKeys: text
        "Turn on Control + X mode for separators, and the AIM ID prefix.",
        "Active Control + X mode para los separadores y el prefijo AIM ID.";
    ModelDatalogicKeys: text
        "Choose control characters 00, Ctrl + key, and turn on Global AIM ID.",
        "Elija caracteres de control 00, Ctrl + tecla, y active Global AIM ID.";
    ModelSocketMode: text
        "Choose keyboard mode. In application mode nothing arrives here.",
        "Elija el modo teclado. En modo aplicación aquí no llega nada.";
    ModelSocketPad: text
        "On an iPad separators are mostly lost. Link codes and tags still work.",
        "En un iPad suelen faltar los separadores. Enlaces y etiquetas sí sirven.";
    ModelInateckSlow: text
        "Set its transmission interval to the smallest.",
        "Ponga su transmission interval al mínimo.";
    ModelInateckBurst: text
        "Scans made out of range come all at once later. Watch the count.",
        "Lo leído fuera de alcance llega junto después. Mire la cuenta.";

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
