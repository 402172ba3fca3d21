//! What devices are shown: is it what the log comes to?
//!
//! In: a directory. Out: a finding. Must not: believe the table; whoever can write to the database can write there, too,
//! and no signature stands beside a row.

use domain::ledger::{EntityKey, EntityKind};
use domain::sync::server::retell::{Retold, retell};

use super::Finding;
use crate::BUILD;
use crate::config::DataDir;
use crate::ingest::database_of;
use crate::log::Failed;

/// Rows that are named.
const NAMED: usize = 3;

const MAKE_AGAIN: &str = "stop the server, keep a copy of the directory, and find out who can write to the database; \
    then restore the last good backup with `custody restore`: tablets send again what it lacks";

const LOOK: &str = "look at one of them in the app and in its chain of custody. A build can make other rows of the same \
    facts than the one before it did, and then all is well. Where the two do not agree";

/// The rows, compared with the log told again.
pub(super) fn state(dir: &DataDir) -> Finding {
    const CHECK: &str = "state";
    let Ok(database) = database_of(dir) else {
        return Finding::bad(CHECK, "there is none to look at", "see `configuration`");
    };
    let told = database.open_reader().and_then(|log| {
        log.begin_reading()?;
        let told = retell(&log);
        log.rollback();
        told
    });
    match told {
        Err(error) => unread(CHECK, &error),
        Ok(told) if told.other.is_empty() => {
            let Retold { events, rows, .. } = told;
            Finding::ok(
                CHECK,
                format!("{rows} rows are as the {events} facts of the log say"),
            )
        }
        Ok(told) if told.builds.iter().any(|build| build != BUILD) => {
            let builds: Vec<&str> = told.builds.iter().map(String::as_str).collect();
            let said = format!(
                "{}; facts come from the builds {}",
                said(&told),
                builds.join(", ")
            );
            Finding::warn(CHECK, said, format!("{LOOK}, {MAKE_AGAIN}"))
        }
        Ok(told) => Finding::bad(CHECK, said(&told), MAKE_AGAIN),
    }
}

fn unread(check: &'static str, error: &Failed) -> Finding {
    Finding::bad(
        check,
        error.to_string(),
        "see that the database can be reached, and look again",
    )
}

fn said(told: &Retold) -> String {
    let named: Vec<String> = told.other.iter().take(NAMED).map(name).collect();
    let more = match told.other.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let others = told.other.len();
    format!(
        "{others} of the rows that devices are shown are not as the log says: {}{more}",
        named.join(", ")
    )
}

/// What a row is about, as people know it where its key says so.
fn name(key: &EntityKey) -> String {
    let id = &key.id;
    let text = minicbor::decode::<&str>(id).map(str::to_owned);
    let number = || minicbor::decode::<u64>(id).map(|number| number.to_string());
    let hex = || crate::keys::random::hex(id);
    format!(
        "{} {}",
        word(key.kind),
        text.or_else(|_| number()).unwrap_or_else(|_| hex())
    )
}

fn word(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Store => "shop",
        EntityKind::Actor => "person",
        EntityKind::Device => "device",
        EntityKind::Item => "product",
        EntityKind::Location => "shelf",
        EntityKind::Slot => "slot",
        EntityKind::Package => "package",
        EntityKind::Order => "order",
        EntityKind::Lease => "lease",
        EntityKind::Exception => "exception",
        EntityKind::Customer => "customer",
    }
}
