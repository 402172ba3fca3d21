//! The map of the vault: drawing it, what is wrong with it, labels for its shelves.
//!
//! In: a language, names of places and shelves. Out: the words. Must not: blame whoever drew it.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    StandsWrong: text "Stands in the wrong place", "Está en mal lugar";
    NothingAstray: text "Everything stands with its own.", "Todo está con lo suyo.";
    CountBothPlaces: text
        "Carry it over, then count both places.",
        "Llévelo y luego cuente los dos lugares.";
    PutAwayWhere: text "Where to put it away", "Dónde guardarlo";
    PutAwayWhat: text "Product", "Producto";
    VaultMap: text "Vault map", "Mapa de la bóveda";
    NoMapYet: text "Nobody has drawn the vault yet", "Nadie ha dibujado la bóveda";
    NoMapYetDo: text
        "Walks go by a guess from the codes on the shelves.",
        "Los recorridos van por una suposición según los códigos de los estantes.";
    StartFromGuess: button "Start from the guess", "Partir de la suposición";
    StartFromNothing: button "Draw from nothing", "Dibujar desde cero";
    AddPlace: button "Add a place", "Agregar un punto";
    JoinPlaces: button "Join two", "Unir dos";
    KeepMap: button "Save the map", "Guardar el mapa";
    UndoLast: button "Undo", "Deshacer";
    PrintAllLabels: button "Print shelf labels", "Imprimir etiquetas";
    PrintToteLabels: button "Print tote labels", "Imprimir cajas";
    Cart: text "Cart", "Carrito";
    PrintTheseLabels: button "Print these labels", "Imprimir estas";
    MapKept: text "Saved. Walks go by this map now.", "Guardado. Los recorridos ya usan este mapa.";
    MapKeptBeside: text
        "Kept beside the map, which changed meanwhile. Look at both.",
        "Guardado junto al mapa, que cambió mientras tanto. Mire los dos.";
    LookAtDrawing: button "Look at it", "Verlo";
    BackToMap: button "Back to the map", "Volver al mapa";
    LetDrawingGo: button "Let it go", "Descartarlo";
    MapTooLarge: text
        "This is more than one map can hold. Take something away.",
        "Es más de lo que cabe en un mapa. Quite algo.";
    MapNotKept: text "Nothing was saved. Try again.", "No se guardó nada. Intente otra vez.";
    TapFloor: text "Tap where the place is.", "Toque donde está el punto.";
    TapFirst: text "Tap the place the way begins at.", "Toque el punto donde empieza el camino.";
    TapSecond: text
        "Tap where it leads. Again: one way, the other way, none.",
        "Toque a dónde va. Otra vez: un sentido, el otro, ninguno.";
    TapPlace: text
        "Tap a place to change it, or drag it.",
        "Toque un punto para cambiarlo, o arrástrelo.";
    PackStation: text "Pack station", "Mesa de empaque";
    MetresRight: text "Metres from the left", "Metros desde la izquierda";
    MetresDown: text "Metres from the top", "Metros desde arriba";
    NotALength: text "A length in metres, such as 2.4", "Un largo en metros, como 2.4";
    PutHere: button "Put here", "Poner aquí";
    ShelvesHere: text "Shelves here", "Estantes aquí";
    PutShelfHere: text "Put a shelf here", "Poner un estante aquí";
    ChooseShelf: text "Choose a shelf", "Elija un estante";
    WaysFromHere: text "Ways from here", "Caminos desde aquí";
    BothWays: text "both ways", "ambos sentidos";
    OnlyThere: text "one way, to there", "un sentido, hacia allá";
    OnlyHere: text "one way, to here", "un sentido, hacia acá";
    TakePlaceAway: button "Take this place away", "Quitar este punto";
    TakeShelfAway: text "Take off the map", "Quitar del mapa";
    MapIsGood: text "Every shelf can be walked to.", "Se puede llegar a todos los estantes.";
    ToMend: text "To mend", "Por arreglar";
    NotSavedYet: text "Not saved yet", "Sin guardar";
}

sentences! {
    best_with_its_own(shelf): "Best at {shelf}, with its own.", "Mejor en {shelf}, con lo suyo.";
    best_where_empty(shelf): "Best at {shelf}, which is empty.", "Mejor en {shelf}, que está vacío.";
    best_where_least(shelf): "Best at {shelf}, which holds least.", "Mejor en {shelf}, el menos lleno.";
    without_a_place(what): "No place is known of {what}.", "No se sabe el lugar de {what}.";
    away_from_its_own(what, shelf, home):
        "At {shelf}: {what}. All others stand at {home}.",
        "En {shelf}: {what}. Lo demás está en {home}.";
    too_many_spots(spots):
        "{spots} places are too many: nothing of the map is used. Take some away.",
        "{spots} puntos son demasiados: no se usa nada del mapa. Quite algunos.";
    aisle_too_long(from, to):
        "The way from {from} to {to} is too long to be used. Move them closer.",
        "El camino de {from} a {to} es demasiado largo. Acérquelos.";
    shelf_twice(code, kept):
        "{code} is drawn twice. The one at {kept} counts; take the other off.",
        "{code} está dibujado dos veces. Vale el de {kept}; quite el otro.";
    no_way_to(code):
        "No way leads to {code}. Join its place to the others.",
        "Ningún camino llega a {code}. Una su punto con los demás.";
    no_way_back(code):
        "No way leads back from {code}. Turn a one-way aisle.",
        "Ningún camino vuelve de {code}. Cambie un pasillo de un sentido.";
    not_drawn(code):
        "{code} is not on the map. It is visited last; put it at a place.",
        "{code} no está en el mapa. Se visita al final; póngalo en un punto.";
    place_named(name): "Place {name}", "Punto {name}";
    take_shelf_away(code): "Take {code} off the map", "Quitar {code} del mapa";
    way_to(place, how, metres): "To {place} · {how} · {metres} m", "A {place} · {how} · {metres} m";
    changed_meanwhile(who, at):
        "{who} changed the map at {at}. Save yours: it is kept beside it.",
        "{who} cambió el mapa a las {at}. Guarde el suyo: queda al lado.";
    yours_beside(who, at):
        "{who} changed the map at {at}. Yours is kept: look at both.",
        "{who} cambió el mapa a las {at}. El de usted está guardado: mire los dos.";
    theirs_beside(who, at):
        "{who} drew another map at {at}. It is kept: look at both.",
        "{who} dibujó otro mapa a las {at}. Está guardado: mire los dos.";
    more_to_mend(n): "and {n} more", "y {n} más";
}

counted! {
    shelves_drawn(n):
        "{n} shelf can be walked to",
        "{n} shelves can be walked to",
        "Se llega a {n} estante",
        "Se llega a {n} estantes";
}
