//! What managers prove with more than a PIN, in PostgreSQL.
//!
//! In: public keys, hashes, instants. Out: the same. Must not: decide what still counts.

use domain::id::{ActorId, DeviceId, Hash};
use postgres::Row;

use super::Postgres;
use crate::log::proofs::{Passkey, Proof, ProofKind, Proofs};
use crate::log::{Failed, array};

impl Proofs for Postgres {
    fn put_passkey(&self, passkey: &Passkey) -> Result<bool, Failed> {
        let added = self.write(
            "INSERT INTO passkey (store, id, actor, rp, name, made, used, counter, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (store, id) DO NOTHING",
            &[
                &self.store(),
                &passkey.id,
                &i64::from(passkey.actor.0),
                &passkey.rp,
                &passkey.name,
                &passkey.made,
                &passkey.used,
                &i64::from(passkey.counter),
                &passkey.bytes,
            ],
        )?;
        Ok(added == 1)
    }

    fn passkeys(&self, actor: ActorId) -> Result<Vec<Passkey>, Failed> {
        let rows = self.rows(
            "SELECT id, rp, name, made, used, counter, bytes FROM passkey
             WHERE store = $1 AND actor = $2 ORDER BY made, id",
            &[&self.store(), &i64::from(actor.0)],
        )?;
        rows.iter()
            .map(|row| {
                let counter: i64 = row.try_get(5)?;
                Ok(Passkey {
                    id: row.try_get(0)?,
                    actor,
                    rp: row.try_get(1)?,
                    name: row.try_get(2)?,
                    made: row.try_get(3)?,
                    used: row.try_get(4)?,
                    counter: small(counter, "a passkey's count")?,
                    bytes: row.try_get(6)?,
                })
            })
            .collect()
    }

    fn note_passkey(&self, id: &[u8], used: i64, counter: u32, bytes: &[u8]) -> Result<(), Failed> {
        self.write(
            "UPDATE passkey SET used = $3, counter = $4, bytes = $5 WHERE store = $1 AND id = $2",
            &[&self.store(), &id, &used, &i64::from(counter), &bytes],
        )?;
        Ok(())
    }

    fn forget_passkey(&self, actor: ActorId, id: &[u8]) -> Result<bool, Failed> {
        let forgotten = self.write(
            "DELETE FROM passkey WHERE store = $1 AND actor = $2 AND id = $3",
            &[&self.store(), &i64::from(actor.0), &id],
        )?;
        Ok(forgotten > 0)
    }

    fn put_proof(&self, proof: &Proof) -> Result<(), Failed> {
        self.write(
            "INSERT INTO proof (store, kind, id, actor, device, expires, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (store, kind, id) DO UPDATE SET actor = excluded.actor,
                device = excluded.device, expires = excluded.expires, bytes = excluded.bytes",
            &[
                &self.store(),
                &proof.kind.number(),
                &&proof.id.0[..],
                &i64::from(proof.actor.0),
                &proof.device.map(|device| device.0.to_vec()),
                &proof.expires,
                &proof.bytes,
            ],
        )?;
        Ok(())
    }

    fn proof(&self, kind: ProofKind, id: Hash) -> Result<Option<Proof>, Failed> {
        let found = self.row(
            "SELECT id, actor, device, expires, bytes FROM proof
             WHERE store = $1 AND kind = $2 AND id = $3",
            &[&self.store(), &kind.number(), &&id.0[..]],
        )?;
        found.as_ref().map(|row| read(kind, row)).transpose()
    }

    fn proofs_of(&self, kind: ProofKind, actor: ActorId) -> Result<Vec<Proof>, Failed> {
        let rows = self.rows(
            "SELECT id, actor, device, expires, bytes FROM proof
             WHERE store = $1 AND kind = $2 AND actor = $3",
            &[&self.store(), &kind.number(), &i64::from(actor.0)],
        )?;
        rows.iter().map(|row| read(kind, row)).collect()
    }

    fn forget_proof(&self, kind: ProofKind, id: Hash) -> Result<bool, Failed> {
        let forgotten = self.write(
            "DELETE FROM proof WHERE store = $1 AND kind = $2 AND id = $3",
            &[&self.store(), &kind.number(), &&id.0[..]],
        )?;
        Ok(forgotten > 0)
    }

    fn forget_proofs_on(&self, kind: ProofKind, device: DeviceId) -> Result<(), Failed> {
        self.write(
            "DELETE FROM proof WHERE store = $1 AND kind = $2 AND device = $3",
            &[&self.store(), &kind.number(), &&device.0[..]],
        )?;
        Ok(())
    }

    fn forget_expired(&self, now: i64) -> Result<(), Failed> {
        self.write(
            "DELETE FROM proof WHERE store = $1 AND expires < $2",
            &[&self.store(), &now],
        )?;
        Ok(())
    }
}

fn read(kind: ProofKind, row: &Row) -> Result<Proof, Failed> {
    let actor: i64 = row.try_get(1)?;
    let device: Option<&[u8]> = row.try_get(2)?;
    Ok(Proof {
        kind,
        id: Hash(array(row.try_get(0)?)?),
        actor: ActorId(small(actor, "a person's number")?),
        device: device.map(array).transpose()?.map(DeviceId),
        expires: row.try_get(3)?,
        bytes: row.try_get(4)?,
    })
}

fn small(number: i64, what: &'static str) -> Result<u32, Failed> {
    u32::try_from(number).map_err(|_| Failed::Damaged(what))
}
