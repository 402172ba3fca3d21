//! Acts that cannot be sent: into a file, to another device, and to the server.
//!
//! In: a language. Out: the words. Must not: promise more than a storage has said.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    BoatTitle: text "If a tablet cannot reach the server", "Si una tableta no llega al servidor";
    BoatWhy: text
        "A file carries its acts. They stay on the tablet too, until the server has them.",
        "Un archivo lleva sus actos. También quedan en la tableta, hasta que el servidor los tenga.";
    BoatWhole: button "Take all acts kept here", "Llevar todos los actos";
    BoatNothing: text "There is nothing to take along.", "No hay nada que llevar.";
    BoatNotSaved: text
        "The browser saved no file. Everything is still here. Try again.",
        "El navegador no guardó el archivo. Todo sigue aquí. Intente otra vez.";
    BoatNotRead: text
        "The storage did not answer. Nothing is changed. Take what is not sent.",
        "El almacén no respondió. Nada cambió. Lleve lo que no se ha enviado.";
    BoatChoose: button "Carry another tablet's acts", "Llevar actos de otra tableta";
    BoatOtherFile: text
        "That is not a file of acts. Choose the one the other tablet saved.",
        "Ese no es un archivo de actos. Elija el que guardó la otra tableta.";
    BoatDamaged: text
        "The file is damaged. The other tablet still has its acts; save it there again.",
        "El archivo está dañado. La otra tableta aún tiene sus actos; guárdelo otra vez.";
    BoatTooLarge: text
        "The file is too large, or cannot be read. Nothing was taken.",
        "El archivo es muy grande o no se puede leer. No se tomó nada.";
    BoatOtherShop: text
        "The file is another store's. Nothing was taken.",
        "El archivo es de otra tienda. No se tomó nada.";
    BoatEmpty: text "The file holds no act.", "El archivo no tiene ningún acto.";
    BoatOwn: text
        "These are this tablet's own acts. It sends them itself.",
        "Son actos de esta misma tableta. Ella los envía sola.";
    BoatNotKept: text
        "This tablet could not keep the file. Nothing was taken. Use another tablet.",
        "Esta tableta no pudo guardar el archivo. No se tomó nada. Use otra tableta.";
    BoatNotEnrolled: text
        "Set this tablet up first. Nothing was taken.",
        "Primero prepare esta tableta. No se tomó nada.";
    BoatWaits: text
        "The server waits for earlier acts of that tablet. They stay here meanwhile.",
        "El servidor espera actos anteriores de esa tableta. Mientras, quedan aquí.";
    BoatClear: button "Clear the list", "Borrar la lista";

    // A storage that does not open, or was emptied.
    StoreEmptied: text
        "This browser took its storage for damaged and emptied it.",
        "Este navegador dio por dañado su almacén y lo vació.";
    StoreEmptiedDo: text
        "What was sent is safe. Acts not yet sent may be lost: tell a manager, who revokes the old tablet; then what it held is counted.",
        "Lo enviado está a salvo. Lo no enviado puede haberse perdido: avise a un gerente, que revoca la tableta anterior; luego se cuenta lo que tenía.";
    StoreDoesNotOpen: text
        "The storage of this tablet does not open. What is in it is left as it is.",
        "El almacén de esta tableta no abre. Lo que tiene dentro se deja como está.";
    StoreBeside: button "Start with a new storage", "Empezar otro almacén";
    StoreBesideHow: text
        "The old one is kept. A manager sets the tablet up again and revokes the old one.",
        "El viejo se conserva. Un gerente prepara la tableta de nuevo y revoca la anterior.";
}

sentences! {
    chain_of(name, start): "{name}, since {start}", "{name}, desde {start}";
}

counted! {
    take_along(n):
        "Take this {n} act to another tablet",
        "Take these {n} acts to another tablet",
        "Llevar este {n} acto a otra tableta",
        "Llevar estos {n} actos a otra tableta";
    saved_acts(n, file):
        "{n} act is in {file}. Bring it to another tablet or to the server.",
        "{n} acts are in {file}. Bring them to another tablet or to the server.",
        "{n} acto está en {file}. Llévelo a otra tableta o al servidor.",
        "{n} actos están en {file}. Llévelos a otra tableta o al servidor.";
    file_holds(n, name, ago):
        "{n} act of {name}, saved {ago}. Whole and of this store.",
        "{n} acts of {name}, saved {ago}. Whole and of this store.",
        "{n} acto de {name}, guardado {ago}. Completo y de esta tienda.",
        "{n} actos de {name}, guardados {ago}. Completos y de esta tienda.";
    carry_acts(n):
        "Carry this {n} act",
        "Carry these {n} acts",
        "Llevar este {n} acto",
        "Llevar estos {n} actos";
    carries_acts(n):
        "{n} act is kept on this tablet too now. It goes to the server by itself.",
        "{n} acts are kept on this tablet too now. They go to the server by themselves.",
        "{n} acto queda también en esta tableta. Va solo al servidor.",
        "{n} actos quedan también en esta tableta. Van solos al servidor.";
    acts_left(n):
        "{n} still here", "{n} still here", "{n} aún aquí", "{n} aún aquí";
    acts_arrived(n):
        "{n} arrived", "{n} arrived", "{n} llegó", "{n} llegaron";
    acts_known(n):
        "{n} was there already", "{n} were there already",
        "{n} ya estaba", "{n} ya estaban";
    acts_aside(n):
        "{n} kept aside at the server", "{n} kept aside at the server",
        "{n} apartado en el servidor", "{n} apartados en el servidor";
    unsent_stay(n):
        "{n} act is not sent. It stays on this tablet and goes by itself later.",
        "{n} acts are not sent. They stay on this tablet and go by themselves later.",
        "{n} acto no se ha enviado. Queda en esta tableta y se envía solo después.",
        "{n} actos no se han enviado. Quedan en esta tableta y se envían solos después.";
}
