//! What the server has signed for devices: receipts for what they pushed, and heads of the log.

use domain::audit::checkpoint::{Checkpoint, KeyRef, Note};
use domain::event::encode;
use domain::facility::KeyKind;
use domain::id::Hash;
use domain::sync::message::{Outcome, PushAnswer, QuarantineReason, Signed};
use sync_server::keys::ServerKeys;

use super::dice::{Dice, SPOILT};
use super::{Evidence, Found};

pub(super) const WAYS: &[&str] = &[
    SPOILT[0],
    SPOILT[1],
    SPOILT[2],
    SPOILT[3],
    SPOILT[4],
    SPOILT[5],
    SPOILT[6],
    SPOILT[7],
    "another place in the log",
    "another outcome",
    "another event",
    "another end of the chain",
    "another end of the log",
    "another shop",
    "a receipt left out",
    "the signature of another answer",
    "a stranger's signature",
    "a head spoilt",
    "a head of another size",
    "a head with another root",
    "a head signed by a stranger",
    "a co-signature under another head",
];

pub(super) fn tamper(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    if way.contains("head") {
        head(evidence, dice, way)
    } else {
        receipt(evidence, dice, way)
    }
}

fn receipt(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    let good = dice.pick(&evidence.answers);
    if SPOILT.contains(&way) {
        let mut bytes = encode(good);
        dice.spoil(way, &mut bytes);
        return match minicbor::decode::<Signed>(&bytes) {
            Err(_) => Found::Yes,
            Ok(read) => judge(evidence, good, &read),
        };
    }
    let mut bad = good.clone();
    let mut answer: PushAnswer = minicbor::decode(&good.bytes).unwrap();
    let at = dice.below(answer.chains[0].receipts.len());
    let receipt = &mut answer.chains[0].receipts[at];
    match way {
        "another place in the log" => receipt.position.0 ^= u64::from(dice.pattern()),
        "another outcome" => {
            receipt.outcome = match dice.below(3) {
                0 => Outcome::Applied,
                1 => Outcome::AppliedWithExceptions(vec![dice.next()]),
                _ => Outcome::Quarantined(QuarantineReason::Fork),
            }
        }
        "another event" => receipt.hash.0[dice.below(32)] ^= dice.pattern(),
        "another end of the chain" => {
            answer.chains[0].next += u64::from(dice.pattern());
            answer.chains[0].head.0[dice.below(32)] ^= dice.pattern();
        }
        "another end of the log" => answer.head.0 ^= u64::from(dice.pattern()),
        "another shop" => answer.store.0[dice.below(16)] ^= dice.pattern(),
        "a receipt left out" => drop(answer.chains[0].receipts.remove(at)),
        "the signature of another answer" => {
            bad.signature
                .clone_from(&dice.pick(&evidence.answers).signature);
        }
        "a stranger's signature" => bad.signature = stranger(dice).sign(&good.hash()),
        other => unreachable!("{other}"),
    }
    bad.bytes = encode(&answer);
    judge(evidence, good, &bad)
}

/// What a device does with an answer.
fn judge(evidence: &Evidence, good: &Signed, bad: &Signed) -> Found {
    if good == bad {
        // What was spoilt is no part of the message, such as a byte behind it.
        return Found::Same;
    }
    let KeyRef { kind, bytes } = evidence.log_key();
    let is_believed = evidence
        .known
        .verifies(kind, bytes, &bad.hash(), &bad.signature);
    Found::when(!is_believed || minicbor::decode::<PushAnswer>(&bad.bytes).is_err())
}

fn stranger(dice: &mut Dice) -> ServerKeys {
    ServerKeys::from_seed([dice.pattern(); 32])
}

fn head(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    let good = dice.pick(&evidence.heads);
    let Checkpoint { size, mut root, .. } = good.checkpoint();
    let text = good.render();
    let bad = match way {
        "a head spoilt" => {
            let mut bytes = text.clone().into_bytes();
            let how = *dice.pick(&SPOILT);
            dice.spoil(how, &mut bytes);
            match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => return Found::Yes,
            }
        }
        "a head of another size" => {
            let other = size ^ u64::from(dice.pattern());
            text.replacen(&format!("\n{size}\n"), &format!("\n{other}\n"), 1)
        }
        "a head with another root" => {
            let lines: Vec<&str> = text.lines().collect();
            root.0[dice.below(32)] ^= dice.pattern();
            let other = Checkpoint {
                root,
                ..good.checkpoint()
            }
            .signed(evidence.log_key(), &[0; 64]);
            text.replacen(lines[2], other.render().lines().nth(2).unwrap(), 1)
        }
        "a head signed by a stranger" => {
            let stranger = stranger(dice);
            let public = stranger.public();
            let key = match dice.below(2) {
                0 => evidence.log_key(),
                _ => KeyRef {
                    kind: KeyKind::Ed25519,
                    bytes: &public,
                },
            };
            let claim = good.checkpoint().log_claim();
            let signed = good.checkpoint().signed(key, &stranger.sign(&claim));
            signed.render()
        }
        "a co-signature under another head" => {
            let other = dice.pick(&evidence.heads);
            let lines = other.render();
            let foreign = lines
                .lines()
                .filter(|line| line.contains("custody/device/"));
            let own = text
                .lines()
                .filter(|line| !line.contains("custody/device/"));
            own.chain(foreign).map(|line| format!("{line}\n")).collect()
        }
        other => unreachable!("{other}"),
    };
    judge_head(evidence, good, &bad)
}

/// What whoever is shown a sheet does with it.
fn judge_head(evidence: &Evidence, good: &Note, text: &str) -> Found {
    let Ok(read) = Note::parse(text) else {
        return Found::Yes;
    };
    let ask = |key: KeyRef<'_>, hash: &Hash, signature: &[u8]| {
        evidence
            .known
            .verifies(key.kind, key.bytes, hash, signature)
    };
    let is_signed = read.clone().verify(evidence.log_key(), ask).is_some();
    let is_witnessed = read.witnesses().all(|device| {
        let mut keys = evidence.facts.devices.iter().filter(|of| of.id == device);
        keys.any(|of| {
            let key = KeyRef {
                kind: of.key_kind,
                bytes: &of.public_key,
            };
            read.is_witnessed(device, key, ask)
        })
    });
    if !is_signed || !is_witnessed {
        return Found::Yes;
    }
    // A sheet with fewer names on it is as true as before: each signature stands for itself.
    let is_less = read.checkpoint() == good.checkpoint();
    if is_less { Found::Same } else { Found::No }
}
