//! How often one may ask: a device, another program, a person who signs in, an address.
//!
//! In: where a request comes from and whom it names. Out: let through, or how long to wait. Must not: slow a tablet
//! down for what others behind the same address do, cost more than a look-up, or grow.
//!
//! Whoever has not proven anything yet counts on the address: strangers, files of the app, the first request of a
//! device. Whoever has, with a signature or a token, gets that one back and counts for itself from then on, at the
//! door, before anything is read or checked. A stranger at the same address who knows a device's identifier can use up
//! that device's share there, and no other's; devices know each other's, and nobody else does.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::id::{ActorId, DeviceId, Hash};
use domain::sync::enrol::DenialCode;

use super::App;
use super::denial::refused;
use crate::keys::token_hash;

/// What is remembered of many, the oldest forgotten.
mod recent;

use recent::Recent;

/// How often each may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// A device, at one address.
    pub device: Rate,
    /// Another program's token, at one address.
    pub program: Rate,
    /// A person's sign-ins, on whatever device.
    pub person: Rate,
    /// All strangers at one address; an IPv6 network of 64 bits is one.
    pub address: Rate,
    /// New lines from one address, whoever is at their other end: each may cost a handshake.
    pub line: Rate,
    /// How many of each kind are remembered; whoever is forgotten begins anew.
    pub remembered: usize,
}

/// How often: so many at once, and one more each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many at once.
    pub at_once: u32,
    /// After that, one in this time.
    pub each: Duration,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            // A tablet that comes back after fourteen days pushes some hundred times, and a new one fetches up to
            // 4 096 chunks, four at a time; neither asks a hundred times a second for long.
            device: Rate {
                at_once: 2_000,
                each: Duration::from_millis(10),
            },
            // A request may bring five hundred orders.
            program: Rate {
                at_once: 2_000,
                each: Duration::from_millis(10),
            },
            // Ten wrong PINs in a row lock a person; this only keeps a machine from trying right ones all day.
            person: Rate {
                at_once: 30,
                each: Duration::from_secs(2),
            },
            // Fifty tablets behind one address load the app, of some thirty files, and enrol in the same minute.
            address: Rate {
                at_once: 4_000,
                each: Duration::from_millis(5),
            },
            // As many as requests: behind a proxy that keeps no line each request is on a new one.
            line: Rate {
                at_once: 4_000,
                each: Duration::from_millis(5),
            },
            remembered: 8_192,
        }
    }
}

impl Rates {
    /// As often as they like.
    #[must_use]
    pub fn endless() -> Self {
        let rate = Rate {
            at_once: u32::MAX,
            each: Duration::ZERO,
        };
        Self {
            device: rate,
            program: rate,
            person: rate,
            address: rate,
            line: rate,
            remembered: 1,
        }
    }
}

/// Between two words about refused requests.
const WORD: Duration = Duration::from_secs(60);

/// The other end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Peer(pub(super) IpAddr);

/// Who says to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Claim {
    /// A device.
    Device(DeviceId),
    /// Whoever has a token.
    Program(Hash),
}

impl Claim {
    fn word(self) -> String {
        match self {
            Self::Device(device) => format!("device {device}"),
            Self::Program(_) => "a program".to_owned(),
        }
    }

    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        if let Some(device) = text("custody-device") {
            return DeviceId::parse(device).ok().map(Self::Device);
        }
        let token = text(header::AUTHORIZATION.as_str())?.strip_prefix("Bearer ")?;
        Some(Self::Program(token_hash(token.trim().as_bytes())))
    }
}

/// How long whoever asks too often has to wait.
pub(super) type Wait = Duration;

/// How often each has asked.
#[derive(Clone, Debug)]
pub(super) struct Gauge {
    rates: Rates,
    begun: Instant,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug)]
struct Kept {
    addresses: Recent<IpAddr>,
    lines: Recent<IpAddr>,
    proven: Recent<(IpAddr, Claim)>,
    people: Recent<ActorId>,
    /// When somebody was last told that requests are refused.
    told: Option<Duration>,
}

impl Gauge {
    pub(super) fn new(rates: Rates) -> Self {
        let kept = Kept {
            addresses: Recent::new(rates.remembered),
            lines: Recent::new(rates.remembered),
            proven: Recent::new(rates.remembered),
            people: Recent::new(rates.remembered),
            told: None,
        };
        Self {
            rates,
            begun: Instant::now(),
            kept: Arc::new(Mutex::new(kept)),
        }
    }

    /// A line is opened; whether there is one more for this address now.
    pub(super) fn line(&self, peer: Peer) -> bool {
        let now = self.begun.elapsed();
        let place = network(peer.0);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let due = kept.lines.find_or_insert(place);
        let taken = self.rates.line.take(due, now).is_ok();
        if !taken && kept.told.is_none_or(|told| now.saturating_sub(told) > WORD) {
            kept.told = Some(now);
            tracing::warn!(address = %place, "too many new lines; some are closed at once");
        }
        taken
    }

    /// A request comes in.
    fn door(&self, peer: Peer, claim: Option<Claim>, now: Instant) -> Result<(), Wait> {
        let now = now.duration_since(self.begun);
        let place = network(peer.0);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let proven = claim.and_then(|claim| Some((claim, kept.proven.find(&(place, claim))?)));
        let taken = match proven {
            Some((claim, due)) => self.rate(claim).take(due, now),
            None => {
                let due = kept.addresses.find_or_insert(place);
                self.rates.address.take(due, now)
            }
        };
        if taken.is_err() && kept.told.is_none_or(|told| now.saturating_sub(told) > WORD) {
            kept.told = Some(now);
            let who = claim.map(Claim::word);
            tracing::warn!(address = %place, who, "too many requests; some are refused");
        }
        taken
    }

    /// A request turned out to come from whom it said.
    pub(super) fn proven(&self, parts: &Extensions, claim: Claim) {
        if let Some(peer) = parts.get::<Peer>() {
            self.proven_at(*peer, claim, Instant::now());
        }
    }

    fn proven_at(&self, peer: Peer, claim: Claim, now: Instant) {
        let now = now.duration_since(self.begun);
        let place = network(peer.0);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.proven.find(&(place, claim)).is_some() {
            return;
        }
        let due = kept.proven.find_or_insert((place, claim));
        let taken = self.rate(claim).take(due, now);
        debug_assert!(taken.is_ok(), "whoever is new has all of it");
        let due = kept.addresses.find_or_insert(place);
        *due = due.saturating_sub(self.rates.address.each);
    }

    /// A person signs in.
    pub(super) fn person(&self, person: ActorId) -> Result<(), Wait> {
        let now = self.begun.elapsed();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let due = kept.people.find_or_insert(person);
        self.rates.person.take(due, now)
    }

    fn rate(&self, claim: Claim) -> Rate {
        match claim {
            Claim::Device(_) => self.rates.device,
            Claim::Program(_) => self.rates.program,
        }
    }
}

impl Rate {
    /// Takes one. `due` is when all that was taken will have come back; before now, everything has.
    fn take(self, due: &mut Duration, now: Duration) -> Result<(), Wait> {
        let next = (*due).max(now).saturating_add(self.each);
        let ahead = now.saturating_add(self.each.saturating_mul(self.at_once));
        if next > ahead {
            return Err(next.saturating_sub(ahead));
        }
        *due = next;
        Ok(())
    }
}

/// What counts as one address: whoever has one of IPv6 has 2^64.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// Lets a request in, or says when to come again.
pub(super) async fn door(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let claim = Claim::of(request.headers());
    let let_in = peer.map_or(Ok(()), |peer| app.gauge.door(peer, claim, Instant::now()));
    match let_in {
        Ok(()) => next.run(request).await,
        Err(wait) => too_many(request.uri(), wait),
    }
}

/// The answer to one request too many.
pub(super) fn too_many(uri: &Uri, wait: Wait) -> Response {
    // Devices take it for a server that cannot do it now, and so it is.
    let mut response = refused(
        uri,
        StatusCode::TOO_MANY_REQUESTS,
        DenialCode::Unavailable,
        "too_many",
        "Too many requests. Nothing was done. Send it again after the seconds that Retry-After names.",
    );
    let seconds = wait.as_secs().saturating_add(1);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds.into());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates {
        device: Rate {
            at_once: 5,
            each: Duration::from_millis(100),
        },
        program: Rate {
            at_once: 2,
            each: Duration::from_millis(100),
        },
        person: Rate {
            at_once: 3,
            each: Duration::from_secs(60),
        },
        address: Rate {
            at_once: 3,
            each: Duration::from_secs(1),
        },
        line: Rate {
            at_once: 3,
            each: Duration::from_secs(60),
        },
        remembered: 100,
    };
    const TABLET: Claim = Claim::Device(DeviceId([1; 16]));
    const OTHER: Claim = Claim::Device(DeviceId([2; 16]));

    fn shop() -> Peer {
        Peer("203.0.113.7".parse().unwrap())
    }

    /// How many of a hundred requests of the same moment are let in.
    fn let_in(gauge: &Gauge, peer: Peer, claim: Option<Claim>, after: Duration) -> usize {
        let now = gauge.begun + after;
        (0..100)
            .filter(|_| gauge.door(peer, claim, now).is_ok())
            .count()
    }

    #[test]
    fn strangers_at_one_address_get_so_many_at_once_and_then_one_each_time() {
        let gauge = Gauge::new(RATES);
        assert_eq!(let_in(&gauge, shop(), None, Duration::ZERO), 3);
        assert_eq!(let_in(&gauge, shop(), Some(TABLET), Duration::ZERO), 0);
        let wait = gauge.door(shop(), None, gauge.begun).unwrap_err();
        assert_eq!(wait, Duration::from_secs(1));
        assert_eq!(
            let_in(&gauge, shop(), None, Duration::from_millis(2_500)),
            2
        );
        assert_eq!(let_in(&gauge, shop(), None, Duration::from_secs(100)), 3);
        let elsewhere = Peer("203.0.113.8".parse().unwrap());
        assert_eq!(let_in(&gauge, elsewhere, None, Duration::from_secs(100)), 3);
    }

    #[test]
    fn a_device_that_has_proven_itself_is_not_held_up_by_strangers_or_by_other_devices() {
        let gauge = Gauge::new(RATES);
        for claim in [TABLET, OTHER] {
            gauge.door(shop(), Some(claim), gauge.begun).unwrap();
            gauge.proven_at(shop(), claim, gauge.begun);
        }
        // What the devices took before they had proven anything has come back.
        assert_eq!(let_in(&gauge, shop(), None, Duration::ZERO), 3);
        assert_eq!(let_in(&gauge, shop(), Some(TABLET), Duration::ZERO), 4);
        assert_eq!(let_in(&gauge, shop(), Some(OTHER), Duration::ZERO), 4);
        // Elsewhere the same name proves nothing.
        let elsewhere = Peer("203.0.113.8".parse().unwrap());
        assert_eq!(let_in(&gauge, elsewhere, Some(TABLET), Duration::ZERO), 3);
    }

    #[test]
    fn proving_it_again_and_again_gives_nothing_more() {
        let gauge = Gauge::new(RATES);
        let all = (0..100).filter(|_| {
            let is_in = gauge.door(shop(), Some(TABLET), gauge.begun).is_ok();
            gauge.proven_at(shop(), TABLET, gauge.begun);
            is_in
        });
        assert_eq!(all.count(), 5);
    }

    #[test]
    fn a_person_signs_in_only_so_often() {
        let gauge = Gauge::new(RATES);
        let often = (0..100)
            .filter(|_| gauge.person(ActorId(1)).is_ok())
            .count();
        assert_eq!(often, 3);
        assert!(gauge.person(ActorId(2)).is_ok());
    }

    #[test]
    fn an_address_opens_only_so_many_lines() {
        let gauge = Gauge::new(RATES);
        let open = |peer| (0..100).filter(|_| gauge.line(peer)).count();
        assert_eq!(open(shop()), 3);
        assert_eq!(open(Peer("203.0.113.8".parse().unwrap())), 3);
        assert_eq!(open(Peer("2001:db8::1".parse().unwrap())), 3);
        assert_eq!(open(Peer("2001:db8::2".parse().unwrap())), 0);
    }

    #[test]
    fn all_addresses_of_one_ipv6_network_are_one() {
        let gauge = Gauge::new(RATES);
        let one = Peer("2001:db8::1".parse().unwrap());
        let two = Peer("2001:db8::ffff:2".parse().unwrap());
        let other = Peer("2001:db8:0:1::1".parse().unwrap());
        assert_eq!(let_in(&gauge, one, None, Duration::ZERO), 3);
        assert_eq!(let_in(&gauge, two, None, Duration::ZERO), 0);
        assert_eq!(let_in(&gauge, other, None, Duration::ZERO), 3);
        let mapped = Peer("::ffff:203.0.113.7".parse().unwrap());
        assert_eq!(let_in(&gauge, mapped, None, Duration::ZERO), 3);
        assert_eq!(let_in(&gauge, shop(), None, Duration::ZERO), 0);
    }

    #[test]
    fn endless_has_no_end() {
        let gauge = Gauge::new(Rates::endless());
        assert_eq!(let_in(&gauge, shop(), None, Duration::ZERO), 100);
    }

    #[test]
    fn the_usual_rates_let_fifty_tablets_behind_one_address_begin_together() {
        let gauge = Gauge::new(Rates::default());
        let now = gauge.begun;
        for tablet in 0..50 {
            let claim = Claim::Device(DeviceId([tablet; 16]));
            for _ in 0..60 {
                gauge.door(shop(), None, now).unwrap();
            }
            gauge.door(shop(), Some(claim), now).unwrap();
            gauge.proven_at(shop(), claim, now);
            for _ in 0..1_000 {
                gauge.door(shop(), Some(claim), now).unwrap();
            }
        }
    }
}
