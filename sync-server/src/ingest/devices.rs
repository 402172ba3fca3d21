//! Devices come and go.
//!
//! In: a key and a manager's one-time code. Out: the device in the directory, and its boot token, once.
//! Must not: keep a code or token in clear.

use domain::custody::set_up::DeviceEnrolled;
use domain::custody::tokens::{TokenChanged, TokenScope};
use domain::custody::wiped::DeviceWiped;
use domain::facility::{Device, Purpose};
use domain::id::{DeviceId, Hash};
use domain::permit::Holder;
use domain::sync::enrol::{DenialCode, EnrolAnswer, EnrolAsk, bare_code, enrol_hash};
use domain::sync::message::Signed;
use domain::sync::wipe::{Wiped, wiped_hash};

use super::tokens::{self, Doer, told};
use super::{ServerFact, Shop, Unavailable, Work};
use crate::keys::signature::{is_key, verifies};
use crate::keys::{random, token_hash};
use crate::log::{Failed, ProofKind};

/// How long a code can be used.
pub const CODE_MS_MAX: u32 = 10 * 60 * 1_000;
/// Groups of four characters in a code: sixty bits.
const CODE_GROUPS: usize = 3;
/// Characters of a device's name.
const NAME_CHARS_MAX: usize = 60;

/// What a device can be enrolled for.
const PURPOSES: [Option<Purpose>; 2] = [None, Some(Purpose::DriversPhone)];

impl Shop {
    /// Takes a device in.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn enrol(
        &self,
        ask: EnrolAsk,
        is_open: bool,
    ) -> Result<Result<EnrolAnswer, DenialCode>, Unavailable> {
        let hash = enrol_hash(&ask.code, &ask.public_key);
        let holds = is_key(ask.key_kind, &ask.public_key)
            && verifies(ask.key_kind, &ask.public_key, &hash, &ask.proof);
        if !holds {
            return Ok(Err(DenialCode::UnknownDevice));
        }
        self.change(1, move |work| enrol(work, &ask, is_open)).await
    }

    /// Makes a code with which one device can enrol, for a purpose.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn enrolment_code(
        &self,
        purpose: Option<Purpose>,
        by: Doer,
    ) -> Result<String, Unavailable> {
        let code = random::code(CODE_GROUPS);
        let hash = code_hash(&bare_code(&code), purpose);
        self.change(1, move |work| {
            work.log()
                .put_enrol_code(hash, work.now() + i64::from(CODE_MS_MAX))?;
            let scope = match purpose {
                None => TokenScope::Device,
                Some(Purpose::DriversPhone) => TokenScope::DriversPhone,
                Some(Purpose::Newer(number)) => TokenScope::Newer(number),
            };
            tokens::tell(work, by, TokenChanged::made("", scope))
        })
        .await?;
        Ok(code)
    }

    /// Revokes a device. What it signs from now on is recorded with an exception. Returns whether there is
    /// such a device.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn revoke(&self, device: DeviceId, by: Doer) -> Result<bool, Unavailable> {
        self.change(1, move |work| {
            let known = work.ledger().devices.get(&device).cloned();
            let Some(mut device) = known.filter(|device| !device.is_server) else {
                return Ok(false);
            };
            device.active = false;
            work.log().forget_proofs_on(ProofKind::Session, device.id)?;
            let by = Some(Box::new(told(by)));
            work.record(ServerFact::plain(DeviceEnrolled { device, by }))?;
            Ok(true)
        })
        .await
    }
}

impl Shop {
    /// A revoked device says, by a signature of its own key, that it forgot what it held of the shop. It is put on record
    /// once for each enrolment. Returns whether it is the word of that device.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn was_wiped(&self, device: Device, told: Signed) -> Result<bool, Unavailable> {
        let holder = Holder {
            store: self.identity().store,
            device: device.id,
            generation: device.generation,
        };
        let hash = wiped_hash(&told.bytes);
        let key = &device.public_key;
        let is_its_own = Wiped::read(&told.bytes, holder).is_some()
            && !device.active
            && verifies(device.key_kind, key, &hash, &told.signature);
        if !is_its_own {
            return Ok(false);
        }
        self.change(1, move |work| {
            let name = format!("wiped/{}", device.id);
            let generation = device.generation.to_be_bytes();
            let known = work.ledger().devices.get(&device.id);
            // It may have been let in again meanwhile.
            let is_still_out =
                known.is_some_and(|known| !known.active && known.generation == device.generation);
            if !is_still_out || work.log().meta(&name)?.as_deref() == Some(&generation[..]) {
                return Ok(is_still_out);
            }
            work.log().set_meta(&name, &generation)?;
            let wiped = DeviceWiped {
                device: device.id,
                statement: told.bytes,
                signature: told.signature,
            };
            work.record(ServerFact::plain(wiped))?;
            Ok(true)
        })
        .await
    }
}

fn enrol(
    work: &mut Work,
    ask: &EnrolAsk,
    is_open: bool,
) -> Result<Result<EnrolAnswer, DenialCode>, Failed> {
    let code = bare_code(&ask.code);
    let mut purpose = None;
    let mut is_good = code.is_empty() && is_open;
    for known in PURPOSES.iter().filter(|_| !code.is_empty()) {
        let hash = code_hash(&code, *known);
        if work.log().use_enrol_code(hash, work.now())? {
            (purpose, is_good) = (*known, true);
        }
    }
    if !is_good {
        return Ok(Err(DenialCode::WrongCode));
    }
    let same_key = |device: &&Device| device.public_key == ask.public_key;
    let before = work.ledger().devices.values().find(same_key);
    if before.is_some_and(|device| device.is_server) {
        return Ok(Err(DenialCode::UnknownDevice));
    }
    // An open door is not for whom a manager sent away.
    if code.is_empty() && before.is_some_and(|device| !device.active) {
        return Ok(Err(DenialCode::WrongCode));
    }
    let device = Device {
        id: before.map_or_else(|| id_of(&ask.public_key), |device| device.id),
        name: name(&ask.name),
        generation: before.map_or(1, |device| device.generation + 1),
        key_kind: ask.key_kind,
        public_key: ask.public_key.clone(),
        active: true,
        is_server: false,
        purpose,
    };
    work.writer().note_enrolled(device.id, !code.is_empty())?;
    let boot_token = random::bytes::<32>().to_vec();
    work.log()
        .put_boot_token(device.id, token_hash(&boot_token))?;
    work.record(ServerFact::plain(DeviceEnrolled::from(device.clone())))?;
    Ok(Ok(EnrolAnswer {
        store: work.identity().store,
        device,
        server_key: work.keys().public(),
        boot_token,
    }))
}

/// What is kept of a code. The purpose is part of it, so that whoever has a code for a driver's phone cannot make more of
/// it.
fn code_hash(code: &str, purpose: Option<Purpose>) -> Hash {
    match purpose {
        None => token_hash(code.as_bytes()),
        Some(purpose) => token_hash(format!("{}\n{code}", purpose.number()).as_bytes()),
    }
}

/// A device's identifier follows from its key. A server that was restored from a backup of before the enrolment
/// gives the same one again, and so takes in what the device signed under it.
fn id_of(public_key: &[u8]) -> DeviceId {
    let hash = Hash::of(&[b"custody-device-id-1\n", public_key]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash.0[..16]);
    DeviceId(id)
}

fn name(asked: &str) -> String {
    let visible = asked.chars().filter(|character| !character.is_control());
    let name: String = visible.take(NAME_CHARS_MAX).collect();
    match name.trim() {
        "" => "Device".to_owned(),
        name => name.to_owned(),
    }
}
