//! Room for so many lines at once. Where there is none left, somebody gives way to the next.
//!
//! In: who knocks. Out: a place, and word to whoever has to leave one. Must not: let one address, by asking nothing or
//! asking slowly, keep out the others; or close a line whose request is being answered while another one is idle.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// All of them.
#[derive(Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: BTreeMap<u64, Arc<Seat>>,
}

/// One line, as the others see it.
#[derive(Debug)]
pub(super) struct Seat {
    address: IpAddr,
    /// Requests of it under way.
    asking: AtomicUsize,
    /// Since when it has been idle, or asking.
    since: Mutex<Instant>,
    leave: Notify,
}

/// A line's place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    number: u64,
    seat: Arc<Seat>,
    places: Arc<Places>,
    _free: OwnedSemaphorePermit,
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Asking(Arc<Seat>);

impl Places {
    pub(super) fn new(lines_max: usize) -> Arc<Self> {
        Arc::new(Self {
            free: Arc::new(Semaphore::new(lines_max)),
            taken: Mutex::default(),
        })
    }

    /// A place for a line from an address, once there is one.
    pub(super) async fn take(self: &Arc<Self>, address: IpAddr) -> Place {
        let free = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(free) => free,
            Err(_) => {
                if let Some(seat) = self.taken().gives_way() {
                    seat.leave.notify_one();
                }
                let free = Arc::clone(&self.free).acquire_owned().await;
                free.expect("BUG: nobody closes the semaphore")
            }
        };
        let seat = Arc::new(Seat {
            address,
            asking: AtomicUsize::new(0),
            since: Mutex::new(Instant::now()),
            leave: Notify::new(),
        });
        let mut taken = self.taken();
        let number = taken.next;
        taken.next += 1;
        taken.seats.insert(number, Arc::clone(&seat));
        drop(taken);
        Place {
            number,
            seat,
            places: Arc::clone(self),
            _free: free,
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Whose line is closed for the next one: of those that are idle, of the address that has most lines, the one that has
    /// been idle longest. Where an address has more than half, and all of it asks, the one whose request takes longest.
    fn gives_way(&self) -> Option<Arc<Seat>> {
        let mut held: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for seat in self.seats.values() {
            *held.entry(seat.address).or_default() += 1;
        }
        let most = held.values().copied().max()?;
        let lines = |seat: &Seat| held.get(&seat.address).copied().unwrap_or(0);
        let first = |is_asking: bool| {
            let like = self.seats.values();
            like.filter(|seat| seat.is_asking() == is_asking)
                .min_by_key(|seat| (Reverse(lines(seat)), *seat.since()))
        };
        let is_greedy = most * 2 > self.seats.len();
        let idle = first(false).filter(|seat| !is_greedy || lines(seat) == most);
        let asking = || first(true).filter(|seat| is_greedy && lines(seat) == most);
        idle.or_else(asking).map(Arc::clone)
    }
}

impl Seat {
    fn is_asking(&self) -> bool {
        self.asking.load(Ordering::Relaxed) > 0
    }

    fn since(&self) -> MutexGuard<'_, Instant> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request begins.
    pub(super) fn asks(self: &Arc<Self>) -> Asking {
        self.asking.fetch_add(1, Ordering::Relaxed);
        *self.since() = Instant::now();
        Asking(Arc::clone(self))
    }
}

impl Place {
    /// What its requests are noted on.
    pub(super) fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }

    /// Waits until it is wanted for another line.
    pub(super) async fn is_wanted(&self) {
        self.seat.leave.notified().await;
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.asking.fetch_sub(1, Ordering::Relaxed);
        *self.0.since() = Instant::now();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().seats.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 66));
    const TABLET: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));
    const ANOTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 8));

    /// Which of some lines would have to leave.
    fn leaves(places: &Places, lines: &[&Place]) -> Option<usize> {
        let seat = places.taken().gives_way()?;
        lines
            .iter()
            .position(|place| Arc::ptr_eq(place.seat(), &seat))
    }

    #[tokio::test]
    async fn whoever_holds_most_lines_and_asks_nothing_gives_way() {
        let places = Places::new(4);
        let tablet = places.take(TABLET).await;
        let first = places.take(STRANGER).await;
        let second = places.take(STRANGER).await;
        let lines = [&tablet, &first, &second];
        assert_eq!(leaves(&places, &lines), Some(1));
        // The one that asks is the last of them to go.
        let asking = first.seat().asks();
        assert_eq!(leaves(&places, &lines), Some(2));
        let other = second.seat().asks();
        assert_eq!(leaves(&places, &lines), Some(1));
        drop((asking, other));
        assert_eq!(leaves(&places, &lines), Some(1));
    }

    #[tokio::test]
    async fn a_request_is_never_cut_short_where_nobody_holds_more_than_half() {
        let places = Places::new(4);
        let tablet = places.take(TABLET).await;
        let another = places.take(ANOTHER).await;
        let asking = (tablet.seat().asks(), another.seat().asks());
        assert_eq!(leaves(&places, &[&tablet, &another]), None);
        drop(asking.1);
        assert_eq!(leaves(&places, &[&tablet, &another]), Some(1));
    }

    #[tokio::test]
    async fn the_next_line_has_a_place_once_the_one_that_is_wanted_has_left() {
        let places = Places::new(2);
        let held = [places.take(STRANGER).await, places.take(STRANGER).await];
        let [first, second] = held;
        let leaving = tokio::spawn(async move { first.is_wanted().await });
        let tablet = places.take(TABLET).await;
        leaving.await.unwrap();
        assert_eq!(leaves(&places, &[&tablet, &second]), Some(1));
        assert_eq!(places.taken().seats.len(), 2);
    }
}
