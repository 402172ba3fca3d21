//! What the name of an exported file tells: the licence, and whether it is another grid's export.
//!
//! In: the name as the browser gave it. Out: parts of it. Must not: need the name; people rename files.

/// Longer than any licence number.
const LICENSE_CHARS_MAX: usize = 64;
const ACTIVE: &str = "-Packages-Active";
/// Grids whose exports look like stock and are not.
const OTHER_GRIDS: [&str; 5] = [
    "-Packages-Inactive",
    "-Packages-InTransit",
    "-Packages-OnHold",
    "-Packages-Transferred",
    "-LicensedTransfers-Incoming",
];

/// The licence in `Metrc-<State>-<Licence>-Packages-Active.xlsx`.
pub(super) fn license(file_name: &str) -> Option<String> {
    let (_, license) = stem(file_name)
        .strip_suffix(ACTIVE)?
        .strip_prefix("Metrc-")?
        .split_once('-')?;
    let is_plain = license
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let is_short = !license.is_empty() && license.len() <= LICENSE_CHARS_MAX;
    (is_plain && is_short).then(|| license.to_owned())
}

/// The grid, when the name says that it is not Packages, Active.
pub(super) fn other_grid(file_name: &str) -> Option<&'static str> {
    let stem = stem(file_name);
    if !stem.starts_with("Metrc-") {
        return None;
    }
    OTHER_GRIDS
        .into_iter()
        .find(|grid| stem.ends_with(grid))
        .map(|grid| grid.trim_matches('-'))
}

/// The name without folder, extension and the ` (1)` a browser adds to a second download.
fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let copy = name
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once('('));
    match copy {
        Some((stem, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => stem.trim_end(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_licence_comes_from_the_name_of_the_export() {
        for (name, expected) in [
            ("Metrc-MA-MR281234-Packages-Active.xlsx", Some("MR281234")),
            (
                "Metrc-CA-C10-0000123-LIC-Packages-Active (1).xlsx",
                Some("C10-0000123-LIC"),
            ),
            (
                "C:\\Users\\a\\Metrc-IL-284.000123-Packages-Active (12).csv",
                Some("284.000123"),
            ),
            ("Metrc-IL--Packages-Active.csv", None),
            ("Metrc-IL-<script>-Packages-Active.csv", None),
            ("packages.csv", None),
            ("", None),
        ] {
            assert_eq!(license(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn an_export_of_another_grid_is_known_by_its_name() {
        let name = "Metrc-MA-MR281234-Packages-Inactive (2).xlsx";
        assert_eq!(other_grid(name), Some("Packages-Inactive"));
        assert_eq!(other_grid("Metrc-MA-MR281234-Packages-Active.xlsx"), None);
        assert_eq!(other_grid("my-Packages-Inactive.xlsx"), None);
    }
}
