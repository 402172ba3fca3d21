//! What ends when a tablet does not reach the server for long.
//!
//! In: a language. Out: the words. Must not: stop anybody who handles goods.

use super::Msg;

messages! {
    DecisionsWait: text
        "Decisions wait: this tablet has not reached the server for too long. Take it to the network.",
        "Las decisiones esperan: hace mucho que esta tableta no llega al servidor. Llévela a la red.";
    CustomersHidden: text
        "Customers' names are hidden: this tablet has not reached the server for too long. Picking goes on.",
        "Los nombres de clientes se ocultan: hace mucho que no llega al servidor. El surtido sigue.";
    ActsAreMarked: text
        "What is done here is recorded and marked, until this tablet reaches the server.",
        "Lo que se haga aquí queda registrado y marcado, hasta que la tableta llegue al servidor.";
    SignInToProve: text
        "The server answers, but has not had your PIN on this device. Sign out, then sign in again. Nothing is lost.",
        "El servidor responde, pero no ha visto su PIN en este equipo. Salga y entre otra vez. Nada se pierde.";
    NameHiddenHere: text "Name hidden until you sign in again", "Nombre oculto hasta que entre otra vez";
    NameHidden: text "Name hidden until there is a network", "Nombre oculto hasta que haya red";
}
