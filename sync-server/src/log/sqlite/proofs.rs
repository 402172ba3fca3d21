//! What managers prove with more than a PIN, in SQLite.
//!
//! In: public keys, hashes, instants. Out: the same. Must not: decide what still counts.

use domain::id::{ActorId, DeviceId, Hash};
use rusqlite::{OptionalExtension as _, Row};

use super::{Failed, Sqlite};
use crate::log::proofs::{Passkey, Proof, ProofKind, Proofs};

impl Proofs for Sqlite {
    fn put_passkey(&self, passkey: &Passkey) -> Result<bool, Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO passkey (id, actor, rp, name, made, used, counter, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
        )?;
        let added = statement.execute((
            &passkey.id,
            passkey.actor.0,
            &passkey.rp,
            &passkey.name,
            passkey.made,
            passkey.used,
            passkey.counter,
            &passkey.bytes,
        ))?;
        Ok(added == 1)
    }

    fn passkeys(&self, actor: ActorId) -> Result<Vec<Passkey>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, rp, name, made, used, counter, bytes FROM passkey
             WHERE actor = ?1 ORDER BY made, id",
        )?;
        let rows = statement.query_map([actor.0], |row| {
            Ok(Passkey {
                id: row.get(0)?,
                actor,
                rp: row.get(1)?,
                name: row.get(2)?,
                made: row.get(3)?,
                used: row.get(4)?,
                counter: row.get(5)?,
                bytes: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn note_passkey(&self, id: &[u8], used: i64, counter: u32, bytes: &[u8]) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE passkey SET used = ?2, counter = ?3, bytes = ?4 WHERE id = ?1",
        )?;
        statement.execute((id, used, counter, bytes))?;
        Ok(())
    }

    fn forget_passkey(&self, actor: ActorId, id: &[u8]) -> Result<bool, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM passkey WHERE actor = ?1 AND id = ?2")?;
        Ok(statement.execute((actor.0, id))? > 0)
    }

    fn put_proof(&self, proof: &Proof) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO proof (kind, id, actor, device, expires, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (kind, id) DO UPDATE SET actor = excluded.actor, device = excluded.device,
                expires = excluded.expires, bytes = excluded.bytes",
        )?;
        statement.execute((
            proof.kind.number(),
            proof.id.0,
            proof.actor.0,
            proof.device.map(|device| device.0),
            proof.expires,
            &proof.bytes,
        ))?;
        Ok(())
    }

    fn proof(&self, kind: ProofKind, id: Hash) -> Result<Option<Proof>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, actor, device, expires, bytes FROM proof WHERE kind = ?1 AND id = ?2",
        )?;
        let found = statement.query_row((kind.number(), id.0), |row| read(kind, row));
        Ok(found.optional()?)
    }

    fn proofs_of(&self, kind: ProofKind, actor: ActorId) -> Result<Vec<Proof>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, actor, device, expires, bytes FROM proof WHERE kind = ?1 AND actor = ?2",
        )?;
        let rows = statement.query_map((kind.number(), actor.0), |row| read(kind, row))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn forget_proof(&self, kind: ProofKind, id: Hash) -> Result<bool, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM proof WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.execute((kind.number(), id.0))? > 0)
    }

    fn forget_proofs_on(&self, kind: ProofKind, device: DeviceId) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM proof WHERE kind = ?1 AND device = ?2")?;
        statement.execute((kind.number(), device.0))?;
        Ok(())
    }

    fn forget_expired(&self, now: i64) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM proof WHERE expires < ?1")?;
        statement.execute([now])?;
        Ok(())
    }
}

fn read(kind: ProofKind, row: &Row<'_>) -> Result<Proof, rusqlite::Error> {
    let device: Option<[u8; 16]> = row.get(2)?;
    Ok(Proof {
        kind,
        id: Hash(row.get(0)?),
        actor: ActorId(row.get(1)?),
        device: device.map(DeviceId),
        expires: row.get(3)?,
        bytes: row.get(4)?,
    })
}
