//! Coming in: who is working, the PIN, and setting up a device.
//!
//! In: a language. Out: the words. Must not: say how many digits of a PIN were right.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    WhoIsWorking: text "Who is working?", "¿Quién trabaja?";
    ScanBadgeOrName: text
        "Scan your badge, or choose your name",
        "Escanee su gafete o elija su nombre";
    NeedsServerFirst: text "First time here · needs the network", "Primera vez · necesita la red";
    FirstSignInNeedsServer: text
        "Your first sign-in on this tablet needs the server. Go near the network.",
        "Su primera entrada en esta tableta necesita el servidor. Acérquese a la red.";
    SignInExpired: text
        "Your sign-in here is too old. Connect to the network once.",
        "Su entrada aquí ya es vieja. Conéctese a la red una vez.";
    LockedOnThisTablet: text
        "Locked on this tablet. A manager lets you try again, under People.",
        "Bloqueado en esta tableta. Un gerente lo desbloquea, en Personas.";
    CheckingPin: text "Checking", "Revisando";
    ChangePin: button "Change my PIN", "Cambiar mi PIN";
    OldPin: text "Your PIN now", "Su PIN de ahora";
    ChooseNewPin: text "Choose a new PIN", "Elija un PIN nuevo";
    NewPinHow: text
        "Six to eight digits that nobody can guess.",
        "De seis a ocho dígitos que nadie adivine.";
    NewPinNeedsServer: text
        "A new PIN needs the server. Your old one still works.",
        "Un PIN nuevo necesita el servidor. El anterior aún sirve.";
    PinChanged: text "Your PIN is changed", "Su PIN ha cambiado";
    TypePinAgain: text "Type it again", "Escríbalo otra vez";
    PinsDiffer: text "The two do not match. Start again.", "No coinciden. Empiece otra vez.";
    PinTooEasy: text "Too easy to guess. Choose another.", "Es fácil de adivinar. Elija otro.";
    PinKeepsYourKey: text
        "Your PIN opens your key. Nobody can look it up.",
        "Su PIN abre su llave. Nadie puede verlo.";
    AutoLocked: text
        "Locked after a pause. Your place is kept.",
        "Se bloqueó por una pausa. Su lugar se conserva.";
    NobodyYet: text "Nobody works here yet", "Nadie trabaja aquí todavía";
    NobodyYetDo: text
        "The list of people comes with the network.",
        "La lista de personas llega con la red.";
    Clear: button "Clear", "Borrar";
    DeleteDigit: text "Delete", "Quitar un dígito";
    SwitchPerson: button "Switch person", "Cambiar persona";

    // Roles, as they stand under a name.
    RoleAssociate: text "Associate", "Asociado";
    RoleFrontOfHouse: text "Front of house", "Mostrador";
    RoleDriver: text "Driver", "Repartidor";
    RoleDeliveryCoordinator: text "Delivery coordinator", "Coordinador de entregas";
    RoleInventoryManager: text "Inventory manager", "Gerente de inventario";
    RoleCompliance: text "Compliance officer", "Encargado de cumplimiento";
    RoleGeneralManager: text "General manager", "Gerente general";
    RoleAuditor: text "Auditor", "Auditor";

    // Setting up a device.
    SetUpThisTablet: text "Set up this tablet", "Preparar esta tableta";
    EnrolAskManager: text
        "Ask a manager for the set-up code. It works once, for 10 minutes.",
        "Pida al gerente el código. Sirve una vez, por 10 minutos.";
    EnrolScan: text
        "Scan the code on the manager's screen.",
        "Escanee el código en la pantalla del gerente.";
    EnrolCompare: text
        "Compare the check code on both screens.",
        "Compare el código de control en las dos pantallas.";
    EnrolOrType: text "Or type the code", "O escriba el código";
    DeviceName: text "Name of this tablet", "Nombre de esta tableta";
    DeviceNameHow: text "For example: Tablet 2, vault", "Por ejemplo: Tableta 2, bóveda";
    CheckCode: text "Check code", "Código de control";
    SameOnBothScreens: text
        "The manager's screen must show the same six digits.",
        "La pantalla del gerente debe mostrar los mismos seis dígitos.";
    ItIsTheSame: button "It is the same", "Es el mismo";
    ItDiffers: button "It is different", "Es diferente";
    SetUp: button "Set up", "Preparar";
    SettingUp: text "Setting up", "Preparando";
    EnrolDone: text "This tablet is ready", "Esta tableta está lista";
    EnrolDoneDo: text
        "Add it to the home screen, so that its records are kept.",
        "Agréguela a la pantalla de inicio para conservar sus datos.";
    EnrolCodeOld: text
        "That code is used up or too old. Ask for a new one.",
        "Ese código ya se usó o venció. Pida otro.";
    EnrolNoServer: text
        "The server does not answer. Go near the network and try again.",
        "El servidor no responde. Acérquese a la red e intente otra vez.";
    EnrolDiffers: text
        "Stop. Do not use this tablet. Tell a manager.",
        "Alto. No use esta tableta. Avise al gerente.";
    EnrolInstallFirst: text
        "This browser forgets what it keeps. Tap Share, then Add to Home Screen. Open Custody there.",
        "Este navegador olvida lo que guarda. Toque Compartir y Agregar a inicio. Abra Custody ahí.";
    RevokedHere: text "A manager revoked this device.", "Un gerente revocó este equipo.";
    RevokedHereDo: text
        "All it knew of the shop is gone. What it recorded still goes to the server.",
        "Ya no tiene nada de la tienda. Lo que registró aún se envía al servidor.";
    EnrolWiped: text
        "This tablet was cleared. Set it up again.",
        "Esta tableta se borró. Prepárela otra vez.";
}

sentences! {
    pin_for(n): "PIN, {n} digits", "PIN de {n} dígitos";
    pin_entered(n, of): "{n} of {of}", "{n} de {of}";
    left_at(time):
        "The server ended that sign-in at {time}. Ask a manager.",
        "El servidor cerró esa entrada a las {time}. Pida al gerente.";
    wait_seconds(n): "Wait {n} s, then try again.", "Espere {n} s e intente otra vez.";
    badge_read(name): "Badge read: {name}. Now your PIN.", "Gafete leído: {name}. Ahora su PIN.";
    left_order_at(name, order, slot):
        "{name} left order {order} at slot {slot}. That badge opens it there.",
        "{name} dejó el pedido {order} en {slot}. Su gafete lo abre ahí.";
    enrolled_as(name): "It is known as {name}.", "Se llama {name}.";
}

counted! {
    wrong_pin(n):
        "Wrong PIN. {n} try left.",
        "Wrong PIN. {n} tries left.",
        "PIN incorrecto. Queda {n} intento.",
        "PIN incorrecto. Quedan {n} intentos.";
}
