//! The camera as a scanner: how it is, what is in view, and what else works.

use super::Msg;

messages! {
    Camera: button "Camera", "Cámara";
    CameraNearer: button "Nearer", "Acercar";
    CameraOpening: text "Opening the camera", "Abriendo la cámara";
    CameraAim: text "Hold one code in the frame", "Ponga un código en el cuadro";
    CameraCounted: text "Read. Show the next one", "Leído. Muestre el siguiente";
    CameraSeveral: text "Several codes in view. Show only one", "Hay varios códigos. Muestre solo uno";
    CameraBlack: text
        "The camera sees nothing. Uncover it, or switch on a light",
        "La cámara no ve nada. Destápela o encienda una luz";
    CameraBusy: text "Another program has the camera", "Otro programa usa la cámara";
    CameraBusyDo: text
        "Close that program and try again. A scanner or typing the code works too.",
        "Cierre ese programa e intente otra vez. También sirve el escáner o escribir el código.";
    CameraMissing: text "There is no camera here", "Aquí no hay cámara";
    CameraMissingDo: text
        "Use a scanner, or type the code.",
        "Use un escáner o escriba el código.";
    CameraLost: text "The camera stopped", "La cámara se detuvo";
    CameraLostDo: text
        "Try again, use a scanner, or type the code.",
        "Intente otra vez, use un escáner o escriba el código.";
    CameraNoReader: text
        "This browser cannot read codes from the camera",
        "Este navegador no lee códigos con la cámara";

    // A printed command that the camera sees.
    CommandSeen: text "Do you mean this?", "¿Quiere hacer esto?";
    CommandUndo: text
        "The last unit goes back to its place.",
        "La última unidad vuelve a su lugar.";
    CommandShort: text
        "Reports that the unit asked for is not there.",
        "Avisa que la unidad pedida no está.";
    CommandDone: text "Goes on to the pack bench.", "Pasa a la mesa de empaque.";
    CommandPrint: text "Prints the label of this bag.", "Imprime la etiqueta de esta bolsa.";
    CommandNext: text "Opens the next order.", "Abre el siguiente pedido.";
    ShelfRight: text "This is the right shelf. Scan the package.", "Es el estante. Escanee el paquete.";
    CommandNo: button "No", "No";
}
