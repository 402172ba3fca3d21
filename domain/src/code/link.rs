//! Web links that name a unit (METRC Retail ID) or a product (GS1 Digital Link).
//!
//! In: a link. Out: what it names. Must not: follow it, or find a tag in a stranger's link.

use super::gs1::{self, Gs1};
use super::gtin::Gtin;
use super::{Code, Reason, Settings, retail_id};

/// The parts of a link that can name something.
pub(super) struct Link<'a> {
    host: String,
    segments: Vec<&'a str>,
    query: &'a str,
}

/// None when the text is no link of the web.
pub(super) fn split(text: &str) -> Option<Link<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    if !(scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")) {
        return None;
    }
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    Some(Link {
        host,
        segments: path.trim_end_matches('/').split('/').collect(),
        query,
    })
}

/// What a link names.
pub(super) fn understand(link: &Link<'_>, settings: &Settings) -> Result<Code, Reason> {
    // A user part (`1a4.com@elsewhere`), a port or an odd letter makes it another host.
    let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if !link.host.bytes().all(is_host_byte) || link.host.split('.').any(str::is_empty) {
        return Err(Reason::Unknown);
    }
    let own_hosts = settings.retail_id_hosts.iter().map(String::as_str);
    let is_unit_host = own_hosts
        .chain(["1a4.com"])
        .any(|host| is_within(&link.host, host));
    match link.segments.as_slice() {
        [code] if is_unit_host => match retail_id::decode(code) {
            Some((tag, index, encoding)) => Ok(Code::Unit {
                tag,
                index,
                encoding,
                host: link.host.clone(),
            }),
            None if code.len() < retail_id::CODE_LENGTH_MIN => Err(Reason::Opaque),
            None => Err(Reason::RetailId),
        },
        [_] if is_within(&link.host, "14a.com") => Err(Reason::Opaque),
        _ => digital_link(link).map(Code::Gs1),
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let above = host.strip_suffix(&domain);
    above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn digital_link(link: &Link<'_>) -> Result<Gs1, Reason> {
    let is_number = |text: &str| {
        matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut pairs = link.segments.windows(2);
    let start = pairs.position(|pair| pair[0] == "01" && is_number(pair[1]));
    let (start, mut found) = (start.ok_or(Reason::Unknown)?, Gs1::default());
    for pair in link.segments[start..].chunks(2) {
        match pair {
            ["01", digits] => {
                let gtin = Gtin::parse(digits).ok_or(Reason::CheckDigit)?;
                found.add("01", &gtin.to_string())?;
            }
            [ai @ ("22" | "10" | "21"), value] => found.add(ai, &percent_decoded(value)?)?,
            _ => return Err(Reason::Unknown),
        }
    }
    for (key, value) in link
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
    {
        if gs1::is_known(key) {
            found.add(key, &percent_decoded(value)?)?;
        }
    }
    found.checked()
}

fn percent_decoded(text: &str) -> Result<String, Reason> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).ok_or(Reason::Malformed)?;
        // A sign is taken too (`%+F`), but gives a control character, which no element may hold.
        bytes.push(u8::from_str_radix(code, 16).map_err(|_| Reason::Malformed)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).map_err(|_| Reason::Malformed)
}
