//! Whose command it is: the account on this machine, for the log.
//!
//! In: this process. Out: the account's name. Must not: let anybody in by it; whoever can use the shop's directory may do
//! all that commands do.

/// The account's name, with that of whoever took it on by `sudo`; `None` where the system names none.
#[cfg(unix)]
pub(super) fn here() -> Option<String> {
    let number = rustix::process::getuid().as_raw();
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = named(&known, number).unwrap_or_else(|| format!("account {number}"));
    Some(match std::env::var("SUDO_USER") {
        Ok(person) => format!("{person} as {account}"),
        Err(_) => account,
    })
}

#[cfg(not(unix))]
pub(super) fn here() -> Option<String> {
    std::env::var("USERNAME").ok()
}

/// The name of an account in the system's list, `name:password:number:` and so on in each line.
#[cfg(unix)]
fn named(list: &str, number: u32) -> Option<String> {
    let mut accounts = list.lines().map(|line| line.split(':'));
    accounts.find_map(|mut parts| {
        let name = parts.next()?;
        let listed: u32 = parts.nth(1)?.parse().ok()?;
        (listed == number).then(|| name.to_owned())
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::named;

    #[test]
    fn an_account_is_called_by_its_name_where_it_has_one() {
        let list = "root:x:0:0:root:/root:/bin/bash\nbroken\nana:x:1000:1000:::/bin/sh\n";
        assert_eq!(named(list, 1000).as_deref(), Some("ana"));
        assert_eq!(named(list, 0).as_deref(), Some("root"));
        assert_eq!(named(list, 7), None);
    }
}
