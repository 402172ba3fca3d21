//! What a manager asks about devices and people, and what comes back.

use domain::sync::enrol::{
    DevicesAct, DevicesAnswer, DevicesAsk, NewCode, PersonChange, SignInAnswer,
};

use super::events::ACTOR;

pub fn devices_ask(act: DevicesAct) -> DevicesAsk {
    DevicesAsk {
        actor: ACTOR,
        pin: "493817".to_owned(),
        act,
    }
}

pub fn code_wanted() -> DevicesAct {
    DevicesAct::Code {
        drivers_phone: true,
        address: "https://shop.example/#enrol=".to_owned(),
    }
}

pub fn changed(change: PersonChange) -> DevicesAct {
    DevicesAct::Person {
        person: ACTOR,
        change,
    }
}

pub fn devices_answer(is_code: bool) -> DevicesAnswer {
    DevicesAnswer {
        code: is_code.then(|| NewCode {
            code: "ABCD-EFGH-JKLM".to_owned(),
            lasts: 600_000,
            side: 3,
            dark: vec![0b1010_1010, 0b1000_0000],
        }),
    }
}

pub fn sign_in_answer(pin_changes: Option<u32>) -> SignInAnswer {
    SignInAnswer {
        unlock: vec![0x0c; 32],
        pin_changes,
    }
}
