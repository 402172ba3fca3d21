//! `custody tls`: the shop's own authority, and the server's certificate.
//!
//! In: names. Out: files in the shop's directory, and how tablets come to trust them. Must not: print a key.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use sync_server::admin::Report;
use sync_server::clock;
use sync_server::config::DataDir;
use sync_server::ingest::is_set_up;
use sync_server::tls::authority::{create, days_left, renew};
use sync_server::tls::{Files, Name, Said};

use super::no_store;

/// Digits of an instant that are the day.
const DAY_DIGITS: usize = 10;

#[derive(Debug, Subcommand)]
pub(super) enum Tls {
    /// Make an authority that tablets can trust, and a certificate for this server
    Create(Create),
    /// Give the server a new certificate now, with other names where some are said
    Renew(Renew),
    /// Show both, and how tablets come to trust them
    Show(Shop),
}

#[derive(Debug, Args)]
pub(super) struct Shop {
    /// The shop's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    shop: Shop,
    /// A name or an address by which tablets reach this server; say it for each
    #[arg(long = "name", value_name = "HOST_OR_IP", required = true)]
    names: Vec<Name>,
    /// Also in place of an authority there is; every tablet must then be told to trust the new one
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Renew {
    #[command(flatten)]
    shop: Shop,
    /// Names or addresses instead of those it has
    #[arg(long = "name", value_name = "HOST_OR_IP")]
    names: Vec<Name>,
}

/// Does it.
pub(super) fn run(tls: &Tls) -> anyhow::Result<Report> {
    let now = clock::now_ms();
    match tls {
        Tls::Create(arguments) => {
            let files = files(&arguments.shop)?;
            create(&files, &arguments.names, arguments.force, now).context("nothing was made")?;
            let mut lines = vec!["The shop has an authority of its own.".to_owned()];
            lines.extend(shown(&files, now)?);
            lines.push("Start the server again: from now on it speaks https.".to_owned());
            lines.extend(trusted(&files)?);
            Ok(done(lines))
        }
        Tls::Renew(arguments) => {
            let files = files(&arguments.shop)?;
            let names = Some(arguments.names.as_slice()).filter(|names| !names.is_empty());
            renew(&files, names, now).context("the certificate is as it was")?;
            let mut lines = shown(&files, now)?;
            lines.push(
                "A running server uses it within a minute. Tablets need nothing new.".to_owned(),
            );
            Ok(done(lines))
        }
        Tls::Show(shop) => {
            let files = files(shop)?;
            let mut lines = shown(&files, now)?;
            lines.extend(trusted(&files)?);
            Ok(done(lines))
        }
    }
}

fn files(shop: &Shop) -> anyhow::Result<Files> {
    let dir = DataDir::new(&shop.data);
    if !is_set_up(&dir) {
        anyhow::bail!("{}", no_store(&shop.data));
    }
    Ok(Files::of(&dir))
}

fn done(lines: Vec<String>) -> Report {
    Report {
        is_done: true,
        lines,
    }
}

/// The authority and the certificate, as they are.
fn shown(files: &Files, now: i64) -> anyhow::Result<Vec<String>> {
    let authority = Said::in_file(&files.authority())?;
    let server = Said::in_file(&files.server())?;
    let names: Vec<String> = server.names.iter().map(Name::to_string).collect();
    Ok(vec![
        format!(
            "Authority:   {}, until {}",
            authority.subject,
            day(authority.until)
        ),
        format!("Fingerprint: {}", authority.fingerprint),
        format!(
            "Certificate: {}, until {} ({} days); renewed by itself",
            names.join(", "),
            day(server.until),
            days_left(&server, now)
        ),
    ])
}

/// How a tablet comes to trust the authority.
fn trusted(files: &Files) -> anyhow::Result<Vec<String>> {
    let server = Said::in_file(&files.server())?;
    let host = server.names.first().map_or_else(String::new, Name::in_url);
    Ok(instructions(&host, &files.authority()))
}

fn instructions(host: &str, file: &Path) -> Vec<String> {
    let text = format!(
        "\n\
        Each tablet has to trust the authority once. Open http://{host}:PORT/authority.crt on it, with the server's \
        port, or carry {} to it, and compare the fingerprint.\n\
        \x20 iPad, iPhone: allow the download; Settings, General, VPN & Device Management: install the profile; then \
        General, About, Certificate Trust Settings: switch it on.\n\
        \x20 Android: Settings, Security, More security, Encryption & credentials, Install a certificate, CA \
        certificate: choose the file.\n\
        \x20 Chrome OS: chrome://certificate-manager, Your certificates, Import trusted certificates: choose the file.\n\
        \x20 Windows: open the file, Install Certificate, Local Machine, place it in Trusted Root Certification \
        Authorities.\n\
        Whoever manages the tablets from one place can install it on all of them there. It vouches for this server's \
        names and for private networks, for nothing else. Its key stays in this directory and is in no backup.",
        file.display()
    );
    text.lines().map(str::to_owned).collect()
}

fn day(ms: i64) -> String {
    clock::utc_text(ms).chars().take(DAY_DIGITS).collect()
}
