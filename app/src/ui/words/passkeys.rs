//! Managers' passkeys: made, asked, lost.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    YourPasskeys: text "Your passkeys", "Sus llaves de acceso";
    PasskeysHow: text
        "With a passkey, nobody gets in with your PIN alone.",
        "Con una llave de acceso, nadie entra solo con su PIN.";
    ColumnPasskey: text "Passkey", "Llave";
    ColumnAddress: text "At", "En";
    ColumnMade: text "Made", "Hecha";
    ColumnUsed: text "Last used", "Último uso";
    NoPasskeyYet: text "You have none yet", "Aún no tiene ninguna";
    AddPasskey: button "Add this device", "Agregar este equipo";
    AddPasskeyWhy: text
        "Your PIN first. Then the browser asks for your finger, face or screen lock.",
        "Primero su PIN. Luego el navegador pide su huella, rostro o bloqueo.";
    RemovePasskey: button "Remove", "Quitar";
    RemoveLastPasskey: text
        "It is your last one. Without it your PIN alone opens again.",
        "Es la última. Sin ella, su PIN vuelve a bastar.";
    NewPrintedCode: button "New recovery code", "Código nuevo";
    NewPrintedCodeWhy: text
        "It takes the place of the code you have now.",
        "Toma el lugar del código que tiene ahora.";
    LetManagerIn: button "Let a manager in", "Ayudar a un gerente";
    LetManagerInWhy: text
        "Only for someone who stands before you and has lost every passkey.",
        "Solo para quien está ante usted y perdió todas sus llaves.";
    NoOtherManager: text "There is no other manager.", "No hay otro gerente.";
    PasskeyAdded: text "Your passkey is ready", "Su llave está lista";
    PasskeyRemoved: text "The passkey is removed", "La llave se quitó";
    KeepThisCode: text "Your recovery code", "Su código de recuperación";
    KeepThisCodeHow: text
        "Write it down or print it, and lock it away. It is shown this once.",
        "Anótelo o imprímalo y guárdelo bajo llave. Se muestra una sola vez.";
    KeepThisCodeWhy: text
        "With another manager's approval it lets you in without a passkey.",
        "Con la aprobación de otro gerente, le deja entrar sin llave.";

    // After a sign-in.
    OfferPasskey: text
        "Protect your account with this device's passkey.",
        "Proteja su cuenta con la llave de este equipo.";
    Later: button "Later", "Después";

    // What can be wrong.
    PasskeyCancelled: text
        "No passkey answered. Try again, or use a device that has yours.",
        "Ninguna llave respondió. Intente otra vez o use el equipo que la tiene.";
    PasskeyUnsupported: text
        "This browser has no passkeys. Use another browser or device.",
        "Este navegador no tiene llaves de acceso. Use otro navegador o equipo.";
    PasskeyAlreadyThere: text
        "This device has a passkey of yours already.",
        "Este equipo ya tiene una llave suya.";
    PasskeyNameless: text
        "The app is open at a number. Passkeys need an address with a name.",
        "La aplicación está abierta en un número. Las llaves necesitan un nombre.";
    PasskeyBroken: text
        "The browser could not ask for a passkey. Try again.",
        "El navegador no pudo pedir la llave. Intente otra vez.";
    PasskeyNotTaken: text
        "The server does not take that passkey. Is it yours, and for this shop?",
        "El servidor no acepta esa llave. ¿Es suya y de esta tienda?";
    PasskeyElsewhere: text
        "You have no passkey for this address.",
        "Usted no tiene llave para esta dirección.";
    PasskeyWanted: text
        "This needs your passkey, too.",
        "Esto también necesita su llave de acceso.";
    PasskeysFull: text
        "You have ten passkeys. Remove one first.",
        "Usted tiene diez llaves. Quite una primero.";

    // In again without any.
    LostPasskey: button "I have no passkey", "No tengo mi llave";
    WayBackHow: text
        "Two other managers approve, or one of them and your recovery code.",
        "Aprueban otros dos gerentes, o uno de ellos y su código.";
    WayBackCode: text "Recovery code, if you have it", "Código de recuperación, si lo tiene";
    WayBackPin: text "Now your PIN", "Ahora su PIN";
    WayBackNotYet: text
        "Not enough yet: two managers, or one and the code.",
        "Aún no basta: dos gerentes, o uno y el código.";
    WayBackWrongCode: text
        "That is not your newest recovery code.",
        "Ese no es su código de recuperación más nuevo.";
    WayBackDone: text
        "You have a new passkey. The old ones open nothing any more.",
        "Tiene una llave nueva. Las anteriores ya no abren nada.";
    EnoughApprovals: text
        "That is enough. The other manager can go on without a code.",
        "Ya basta. El otro gerente puede seguir sin código.";
    OneApproval: text
        "Approved. Now a second manager, or the recovery code.",
        "Aprobado. Ahora otro gerente, o el código de recuperación.";
}

sentences! {
    remove_named(name): "Remove {name}?", "¿Quitar {name}?";
    let_named_in(name): "Let {name} in again?", "¿Dejar entrar otra vez a {name}?";
}
