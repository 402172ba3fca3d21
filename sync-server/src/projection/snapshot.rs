//! Snapshots of the view, made when somebody asks and kept to be given out again.
//!
//! In: asks. Out: a signed manifest, packed chunks. Must not: give a chunk out under a name that is not its hash, or be
//! needed for anything; whoever deletes the folder costs one device a second ask.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use domain::event::encode;
use domain::id::Hash;
use domain::sync::message::Signed;
use domain::sync::server::snapshot::{Limits, Made, Now, make};
use domain::sync::snapshot::Manifest;
use flate2::Compression;
use flate2::read::GzEncoder;

use crate::clock;
use crate::ingest::{Shop, Unavailable};

/// The newest manifest's file.
const NEWEST: &str = "newest";

/// A manifest, as it was signed, and read.
#[derive(Clone, Debug)]
pub struct Newest {
    signed: Signed,
    manifest: Manifest,
}

impl Shop {
    /// The snapshot to begin with, made anew where the last one is too old.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn snapshot(&self) -> Result<Signed, Unavailable> {
        // One is made at a time; whoever asks meanwhile gets that one.
        let mut newest = self.newest_snapshot().lock().await;
        let life = self.identity().incarnation;
        let now = self
            .ask(|log| {
                Ok(Now {
                    head: log.head()?,
                    floor: log.floor()?,
                    time: clock::now_ms(),
                })
            })
            .await?;
        let limits = self.snapshot_limits();
        if newest.is_none() {
            *newest = read_newest(&self.dir().snapshots());
        }
        let serves = |kept: &&Newest| limits.is_fresh(&kept.manifest, life, now);
        if let Some(kept) = newest.as_ref().filter(serves) {
            return Ok(kept.signed.clone());
        }
        let made = self.make_snapshot(limits).await?;
        let signed = made.signed.clone();
        *newest = Some(made);
        Ok(signed)
    }

    async fn make_snapshot(&self, limits: Limits) -> Result<Newest, Unavailable> {
        let identity = self.identity();
        let now = clock::now_ms();
        let (store, life) = (identity.store, identity.incarnation);
        let made = self
            .ask(move |log| make(log, store, life, limits, now))
            .await?;
        let bytes = encode(&made.manifest);
        let signature = self.keys().sign(&Manifest::signed_hash(&bytes));
        let signed = Signed { bytes, signature };
        let newest = Newest {
            signed: signed.clone(),
            manifest: made.manifest.clone(),
        };
        let folder = self.dir().snapshots();
        let kept = tokio::task::spawn_blocking(move || keep(&folder, &made, &signed)).await;
        match kept {
            Ok(Ok(())) => Ok(newest),
            Ok(Err(error)) => {
                tracing::error!(%error, "a snapshot could not be kept");
                Err(Unavailable::Busy)
            }
            Err(_) => Err(Unavailable::Closed),
        }
    }

    /// A chunk, packed; `None` when there is none of that name any more.
    ///
    /// # Errors
    /// When the shop is closing.
    pub async fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, Unavailable> {
        let file = chunk_file(&self.dir().snapshots(), name);
        let read = tokio::task::spawn_blocking(move || fs::read(file)).await;
        let read = read.map_err(|_| Unavailable::Closed)?;
        if let Err(error) = &read
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a chunk of a snapshot cannot be read");
        }
        Ok(read.ok())
    }
}

fn chunk_file(folder: &Path, name: Hash) -> PathBuf {
    folder.join(format!("{name}.gz"))
}

/// The snapshot made last, when all of it is still there.
fn read_newest(folder: &Path) -> Option<Newest> {
    let signed: Signed = minicbor::decode(&fs::read(folder.join(NEWEST)).ok()?).ok()?;
    let manifest: Manifest = minicbor::decode(&signed.bytes).ok()?;
    let mut chunks = manifest.chunks.iter();
    let is_there = chunks.all(|chunk| chunk_file(folder, chunk.hash).exists());
    is_there.then_some(Newest { signed, manifest })
}

/// Keeps a snapshot; chunks of the one before stay, for devices that are in the middle of it.
fn keep(folder: &Path, made: &Made, signed: &Signed) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let before = read_newest(folder).map(|newest| newest.manifest.chunks);
    for (chunk, bytes) in made.manifest.chunks.iter().zip(&made.chunks) {
        let file = chunk_file(folder, chunk.hash);
        if !file.exists() {
            write_whole(&file, &packed(bytes)?)?;
        }
    }
    write_whole(&folder.join(NEWEST), &encode(signed))?;
    let before = before.unwrap_or_default();
    let wanted = before.iter().chain(&made.manifest.chunks);
    let wanted: Vec<PathBuf> = wanted.map(|chunk| chunk_file(folder, chunk.hash)).collect();
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|end| end == "gz") && !wanted.contains(&file) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Writes a file that is there whole or not at all.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = file.with_extension("part");
    fs::write(&half, bytes)?;
    fs::rename(half, file)
}

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::default()).read_to_end(&mut packed)?;
    Ok(packed)
}
