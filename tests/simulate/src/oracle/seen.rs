//! What witnesses know: a history that one of them has seen and that was changed is proved, and nothing else is.
//!
//! In: heads devices have kept, the log as it is at the end. Out: what is not proved, or proved for nothing.

use domain::audit::checkpoint::{Checkpoint, KeyRef, Note, Rewritten};
use domain::audit::merkle::{Leaf, Tree, range_root};
use domain::custody::exception::Rule;
use domain::facility::KeyKind;
use domain::id::Position;
use domain::sync::server::head;
use domain::sync::server::log::Log as _;

use crate::keys;
use crate::shop::{SERVER, STORE};
use crate::tablet::Tablet;
use crate::world::World;

fn verifies(key: KeyRef<'_>, hash: &domain::id::Hash, signature: &[u8]) -> bool {
    keys::verifies(key.kind, key.bytes, hash, signature)
}

/// A sheet the server signed.
fn signed(text: &str) -> Option<Checkpoint> {
    let public = keys::public(SERVER.0);
    let log = KeyRef {
        kind: KeyKind::Ed25519,
        bytes: &public,
    };
    let note = Note::parse(text).ok()?;
    Some(note.verify(log, verifies)?.checkpoint())
}

/// A proof is two sheets the server signed that contradict each other, for whoever has its key.
fn is_proof(found: &Rewritten) -> bool {
    signed(&found.seen).is_some() && signed(&found.shown).is_some() && found.heads(STORE).is_some()
}

impl World {
    pub(super) fn check_witnesses(&self) -> Result<(), String> {
        self.check_co_signatures()?;
        let log = &self.server.log;
        let all = log.logged_after(Position(0), usize::MAX);
        let leaves = all.unwrap_or_default();
        let leaves = leaves
            .iter()
            .map(|logged| Leaf::of(&logged.recorded).hash());
        let tree: Tree = leaves.collect();
        let alive = self.tablets.iter().enumerate();
        for (index, tablet) in alive.filter(|(_, tablet)| !tablet.is_gone) {
            self.check_witness(tablet, &tree)
                .map_err(|what| format!("device {index}: {what}"))?;
        }
        Ok(())
    }

    fn check_witness(&self, tablet: &Tablet, tree: &Tree) -> Result<(), String> {
        let life = self.server.incarnation();
        let length = tree.frontier().size();
        let is_other = |size: u64, root| size > length || range_root(tree, 0, size) != Some(root);
        let heads = tablet.heads.iter().filter(|(of, ..)| *of == life);
        let is_changed = heads
            .into_iter()
            .any(|(_, size, root)| is_other(*size, *root));
        let proofs = &tablet.disk.proofs;
        if let Some((found, _)) = proofs.iter().find(|(found, _)| !is_proof(found)) {
            return Err(format!("it holds a proof that proves nothing: {found:?}"));
        }
        let is_about = |found: &Rewritten| {
            signed(&found.seen).is_some_and(|seen| seen.origin.incarnation == life)
        };
        let holds = proofs.iter().any(|(found, _)| is_about(found));
        if is_changed && !holds {
            return Err("history it has seen was changed, and it holds no proof".to_owned());
        }
        if self.operator.has_struck() {
            return self.check_told(tablet, holds);
        }
        if holds || !proofs.is_empty() {
            return Err(format!("a false alarm: {proofs:?}"));
        }
        self.check_newest(tablet, length)
    }

    /// Where history was changed once, and all the device said has arrived, a manager sees it.
    fn check_told(&self, tablet: &Tablet, holds: bool) -> Result<(), String> {
        let unsent = tablet.memory.as_ref().map(|memory| memory.machine.unsent());
        let is_said = unsent == Some(0) && self.operator.strikes == 1 && tablet.has_chain();
        if !holds || !is_said || !self.server.is_in_its_first_life() {
            return Ok(());
        }
        let ledger = self.server.ledger();
        let mut all = ledger.exceptions.values();
        match all.any(|one| one.rule == Rule::ServerRollback && one.device == tablet.id) {
            true => Ok(()),
            false => Err("it holds a proof, and nobody is told".to_owned()),
        }
    }

    /// Once all is well, every device has seen the whole log, and the server knows that it has.
    fn check_newest(&self, tablet: &Tablet, length: u64) -> Result<(), String> {
        let life = self.server.incarnation();
        let size = tablet.disk.witnessed.get(&life).map(|witness| witness.size);
        if size != Some(length) {
            return Err(format!("it has seen {size:?} of {length} events"));
        }
        let note = head::witnessed(&self.server.log, self.server.origin(), tablet.id);
        let known = note.ok().flatten().map(|note| note.checkpoint().size);
        match known == size {
            true => Ok(()),
            false => Err(format!(
                "it has seen {size:?}; the server knows of {known:?}"
            )),
        }
    }

    /// Whoever is named on a sheet has signed it, and has kept what was signed.
    fn check_co_signatures(&self) -> Result<(), String> {
        self.server.log.look(|content| {
            for text in content.heads.values().chain(content.witnessed.values()) {
                let Ok(note) = Note::parse(text) else {
                    return Err("a sheet that is none".to_owned());
                };
                let head = note.checkpoint();
                let life = head.origin.incarnation;
                for device in note.witnesses() {
                    let public = keys::public(device.0);
                    let key = KeyRef {
                        kind: KeyKind::Ed25519,
                        bytes: &public,
                    };
                    if !note.is_witnessed(device, key, verifies) {
                        return Err(format!("{device} did not sign what names it"));
                    }
                    if !self.oracle.witnessed.contains(&(device, life, head.size)) {
                        return Err(format!("{device} signed what it had not kept"));
                    }
                }
            }
            Ok(())
        })
    }
}
