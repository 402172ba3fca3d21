//! One message of every kind about passkeys.

use domain::id::ActorId;
use domain::sync::proof::{
    Assertion, Challenge, NewPasskey, Passkey, PasskeysAct, PasskeysAnswer, PasskeysAsk,
};
use domain::time::Millis;

use super::shelf::{Sample, plain};

fn ask(pin: Option<&str>, act: PasskeysAct) -> PasskeysAsk {
    PasskeysAsk {
        actor: ActorId(7),
        pin: pin.map(str::to_owned),
        act,
    }
}

/// Every one.
pub fn all() -> Vec<Sample> {
    let pin = Some("493817");
    let assertion = Assertion {
        id: vec![0x1d; 16],
        client_data: br#"{"type":"webauthn.get"}"#.to_vec(),
        authenticator_data: vec![0xad; 37],
        signature: vec![0x5e; 70],
    };
    let made = NewPasskey {
        id: vec![0x1d; 16],
        client_data: br#"{"type":"webauthn.create"}"#.to_vec(),
        attestation: vec![0xa7; 40],
    };
    let register = PasskeysAct::Register {
        name: "Office laptop".to_owned(),
        made,
    };
    let code = Some("ABCD-EFGH-JKLM-NPQR-STUV".to_owned());
    let remove = PasskeysAct::Remove { id: vec![0x1d; 16] };
    let approve = PasskeysAct::Approve { person: ActorId(9) };
    let bare = PasskeysAct::Begin { code: None };
    vec![
        plain("passkeys-ask-challenge", &ask(None, PasskeysAct::Challenge)),
        plain(
            "passkeys-ask-prove",
            &ask(None, PasskeysAct::Prove { assertion }),
        ),
        plain("passkeys-ask-begin", &ask(pin, bare)),
        plain(
            "passkeys-ask-begin-code",
            &ask(pin, PasskeysAct::Begin { code: code.clone() }),
        ),
        plain("passkeys-ask-register", &ask(None, register)),
        plain("passkeys-ask-list", &ask(None, PasskeysAct::List)),
        plain("passkeys-ask-remove", &ask(pin, remove)),
        plain("passkeys-ask-code", &ask(pin, PasskeysAct::Code)),
        plain("passkeys-ask-approve", &ask(pin, approve)),
        plain("passkeys-ask-end", &ask(None, PasskeysAct::End)),
        plain("passkeys-answer", &answer(code)),
        plain("passkeys-answer-bare", &PasskeysAnswer::default()),
    ]
}

fn answer(code: Option<String>) -> PasskeysAnswer {
    let passkey = |used| Passkey {
        id: vec![0x1d; 16],
        name: "Office laptop".to_owned(),
        rp: "shop.example".to_owned(),
        made: Millis(1_795_608_000_000),
        used,
    };
    PasskeysAnswer {
        challenge: Some(Challenge {
            bytes: vec![0xc4; 32],
            rp: "shop.example".to_owned(),
            user: vec![0x05; 16],
            user_name: "Gwen O.".to_owned(),
            passkeys: vec![vec![0x1d; 16].into()],
            algorithms: vec![-7, -257],
            lasts: 300_000,
        }),
        passkeys: vec![passkey(None), passkey(Some(Millis(1_795_608_060_000)))],
        code,
        approvals: Some(1),
    }
}
