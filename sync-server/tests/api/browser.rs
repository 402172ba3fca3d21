//! A person's browser on a device, and a shop with three managers.

use domain::event::encode;
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied, DevicesAct, DevicesAsk, SignInAsk};
use domain::sync::proof::{Challenge, PasskeysAct, PasskeysAnswer, PasskeysAsk};
use sync_server::http::Rates;

use crate::authenticator::Authenticator;
use crate::device::Device;
use crate::server::{ANA, ANA_PIN, Answer, Folder, Server, make_shop};

pub(crate) const SHOP: &str = "https://shop.lan:8765";
pub(crate) const GWEN: ActorId = ActorId(21);
pub(crate) const DANA: ActorId = ActorId(22);
pub(crate) const MARCUS: ActorId = ActorId(23);
pub(crate) const PIN: &str = "805142";

/// A person's browser on a device.
pub(crate) struct Browser<'s> {
    pub(crate) server: &'s Server,
    pub(crate) device: &'s Device,
    pub(crate) actor: ActorId,
    pub(crate) pin: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) cookie: Option<String>,
}

impl<'s> Browser<'s> {
    pub(crate) fn of(server: &'s Server, device: &'s Device, actor: ActorId) -> Self {
        Self {
            server,
            device,
            actor,
            pin: if actor == ANA { ANA_PIN } else { PIN },
            origin: SHOP,
            cookie: None,
        }
    }

    fn post(&mut self, route: &str, body: &[u8]) -> Answer {
        let path = format!("/v1/stores/{}/{route}", self.device.store);
        let proof = self.device.proof("POST", &path, body);
        let mut headers: Vec<_> = proof.iter().map(|(n, v)| (*n, v.as_str())).collect();
        headers.push(("origin", self.origin));
        headers.push(("sec-fetch-site", "same-origin"));
        let cookie = self.cookie.clone();
        if let Some(cookie) = &cookie {
            headers.push(("cookie", cookie.as_str()));
        }
        let answer = self.server.post(&path, &headers, body);
        let set = answer.header("set-cookie");
        if !set.is_empty() {
            self.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        answer
    }

    pub(crate) fn ask(&mut self, pin: bool, act: PasskeysAct) -> Answer {
        let pin = pin.then(|| self.pin.to_owned());
        let actor = self.actor;
        self.post("passkeys", &encode(&PasskeysAsk { actor, pin, act }))
    }

    #[track_caller]
    pub(crate) fn done(&mut self, pin: bool, act: PasskeysAct) -> PasskeysAnswer {
        let answer = self.ask(pin, act);
        assert_eq!(answer.status, 200, "{:?}", denied(&answer));
        answer.cbor()
    }

    #[track_caller]
    pub(crate) fn challenge(&mut self) -> Challenge {
        self.done(false, PasskeysAct::Challenge).challenge.unwrap()
    }

    #[track_caller]
    pub(crate) fn begin(&mut self, code: Option<String>) -> Challenge {
        let begun = self.done(true, PasskeysAct::Begin { code });
        begun.challenge.unwrap()
    }

    pub(crate) fn register(&mut self, key: &Authenticator, challenge: &Challenge) -> Answer {
        let (name, made) = ("Office laptop".to_owned(), key.make(challenge));
        self.ask(false, PasskeysAct::Register { name, made })
    }

    /// A passkey for a person who has none.
    #[track_caller]
    pub(crate) fn first(&mut self) -> (Authenticator, PasskeysAnswer) {
        let key = Authenticator::new(self.origin);
        let challenge = self.begin(None);
        let answer = self.register(&key, &challenge);
        assert_eq!(answer.status, 200, "{:?}", denied(&answer));
        (key, answer.cbor())
    }

    pub(crate) fn prove(&mut self, key: &mut Authenticator) -> Answer {
        let assertion = key.sign(&self.challenge());
        self.ask(false, PasskeysAct::Prove { assertion })
    }

    pub(crate) fn sign_in(&mut self, new_pin: Option<&str>) -> Answer {
        let ask = SignInAsk {
            actor: self.actor,
            pin: self.pin.to_owned(),
            new_pin: new_pin.map(str::to_owned),
        };
        self.post("sign-in", &encode(&ask))
    }

    pub(crate) fn code(&mut self) -> Answer {
        let (actor, pin) = (self.actor, self.pin.to_owned());
        let act = DevicesAct::Code {
            drivers_phone: false,
            address: String::new(),
        };
        self.post("devices", &encode(&DevicesAsk { actor, pin, act }))
    }
}

pub(crate) fn denied(answer: &Answer) -> Option<DenialCode> {
    (answer.status != 200).then(|| answer.cbor::<Denied>().code)
}

#[track_caller]
pub(crate) fn expect(answer: &Answer, code: DenialCode) {
    assert_eq!(answer.status / 100, 4);
    assert_eq!(denied(answer), Some(code));
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

/// The shop with two more managers and an associate.
pub(crate) fn shop(folder: &Folder) -> Server {
    let token = make_shop(&folder.data());
    let server = Server::open_at(&folder.data(), token, Rates::endless());
    for (id, name, role) in [
        (GWEN, "Gwen O.", Role::ComplianceOfficer),
        (DANA, "Dana P.", Role::InventoryManager),
        (MARCUS, "Marcus T.", Role::Associate),
    ] {
        let person = Actor {
            id,
            name: name.to_owned(),
            role,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        };
        let put = server.shop.put_person(person, PIN.to_owned());
        runtime().block_on(put).unwrap();
    }
    server
}
