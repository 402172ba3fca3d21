//! Labels in a queue of CUPS that has bad days: none is lost, none comes out twice without a mark, and what was on its way when an answer
//! was lost is never sent again by itself.

use domain::label::zpl::END;
use simulators::queue::{Mood, Off, Queue};

use super::*;

/// Longer than it takes until a label that did not come out is tried again.
const A_WHILE: Duration = Duration::from_secs(6);

fn stand(queue: &Queue) -> Stand {
    Stand::with(&queue.uri())
}

/// The queue has a good day again, and still nobody gives it the label a second time.
#[track_caller]
fn is_left_alone(stand: &Stand, queue: &Queue, trouble: Trouble) {
    queue.is(Mood::default());
    let (asked, begun) = (queue.asked_to_print(), Instant::now());
    while begun.elapsed() < A_WHILE {
        assert_eq!(queue.asked_to_print(), asked);
        between_questions();
    }
    stand.until(PrintState::Unproven, Some(trouble));
}

/// Somebody looks, finds nothing and prints again: another code, by which the two are told apart.
#[track_caller]
fn a_marked_print_follows(stand: &mut Stand, queue: &Queue, came_out_before: usize) {
    let first = stand.code();
    stand.prints(Some(ReprintReason::NothingCameOut));
    stand.until(PrintState::Printed, None);
    let printed = queue.printed();
    assert_eq!(printed.len(), came_out_before + 1);
    assert_ne!(first, stand.code());
    assert!(printed[came_out_before].contains(&stand.code()));
    let copies: Vec<u32> = stand.jobs().iter().map(|job| job.copy).collect();
    assert_eq!(copies, [1, 2]);
}

#[test]
fn a_label_goes_through_a_queue_as_it_is_and_is_read_back() {
    let queue = Queue::on();
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::Printed, None);
    let printed = queue.printed();
    assert_eq!((printed.len(), queue.asked_to_print()), (1, 1));
    assert!(printed[0].contains(&format!("^FD{}^FS", stand.code())));
    assert!(printed[0].starts_with("^XA") && printed[0].ends_with(END));
    let verdict = stand.reads_back();
    assert!(
        matches!(verdict, Verdict::Accepted(Body::LabelReadBack(_))),
        "{verdict:?}"
    );
}

#[test]
fn a_queue_that_says_what_is_in_its_way_is_given_nothing_until_it_is_gone() {
    let paused = Mood {
        paused: true,
        ..Mood::default()
    };
    let no_paper = Mood {
        no_paper: true,
        ..Mood::default()
    };
    let refusing = Mood {
        refusing: true,
        ..Mood::default()
    };
    for (mood, trouble) in [
        (paused, Trouble::Paused),
        (no_paper, Trouble::Paper),
        (refusing, Trouble::Refusing),
    ] {
        let queue = Queue::on();
        queue.is(mood);
        let mut stand = stand(&queue);
        stand.prints(None);
        stand.until(PrintState::Queued, Some(trouble));
        assert_eq!(queue.asked_to_print(), 0);
        queue.is(Mood::default());
        stand.until(PrintState::Printed, None);
        assert_eq!((queue.printed().len(), queue.asked_to_print()), (1, 1));
    }
}

#[test]
fn a_queue_that_says_no_to_the_label_itself_has_none_and_is_given_it_again() {
    let queue = Queue::on();
    queue.is(Mood {
        refusing: true,
        says_it_late: true,
        ..Mood::default()
    });
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::Queued, Some(Trouble::Refusing));
    assert!(queue.asked_to_print() > 0 && queue.printed().is_empty());
    queue.is(Mood::default());
    stand.until(PrintState::Printed, None);
    assert_eq!(queue.printed().len(), 1);
}

#[test]
fn a_label_that_a_queue_keeps_is_waited_for_and_not_given_again() {
    for (paused, trouble) in [(true, Trouble::Paused), (false, Trouble::Paper)] {
        let queue = Queue::on();
        queue.is(Mood {
            paused,
            no_paper: !paused,
            says_it_late: true,
            ..Mood::default()
        });
        let mut stand = stand(&queue);
        stand.prints(None);
        stand.until(PrintState::OutOfPaper, Some(trouble));
        assert!(queue.printed().is_empty());
        queue.is(Mood::default());
        stand.until(PrintState::Printed, None);
        assert_eq!((queue.printed().len(), queue.asked_to_print()), (1, 1));
    }
}

#[test]
fn a_printer_that_is_off_behind_its_queue_is_named_soon_and_prints_when_it_is_back() {
    let off = |off| Mood {
        off: Some(off),
        ..Mood::default()
    };
    let held = Mood {
        holds: true,
        ..Mood::default()
    };
    for (mood, trouble) in [
        (off(Off::InWords), Trouble::Unreached),
        (off(Off::ByReport), Trouble::Unreached),
        (off(Off::Unsaid), Trouble::Silent),
        (held, Trouble::Paused),
    ] {
        let queue = Queue::on();
        queue.is(mood);
        let mut stand = stand(&queue);
        stand.prints(None);
        stand.until(PrintState::OutOfPaper, Some(trouble));
        queue.is(Mood::default());
        stand.until(PrintState::Printed, None);
        assert_eq!((queue.printed().len(), queue.asked_to_print()), (1, 1));
    }
}

#[test]
fn a_queue_too_busy_to_say_what_became_of_a_job_is_asked_again() {
    let queue = Queue::on();
    queue.is(Mood {
        busy: 3,
        ..Mood::default()
    });
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::Printed, None);
    assert_eq!((queue.printed().len(), queue.asked_to_print()), (1, 1));
}

#[test]
fn a_queue_that_is_no_more_fails_and_is_given_nothing() {
    let queue = Queue::on();
    queue.is(Mood {
        gone: true,
        ..Mood::default()
    });
    for address in [queue.uri(), queue.uri().replace("Zebra", "Other")] {
        let mut stand = Stand::with(&address);
        stand.prints(None);
        stand.until(PrintState::Failed, Some(Trouble::QueueGone));
        assert_eq!(queue.asked_to_print(), 0);
    }
}

#[test]
fn a_line_that_breaks_in_the_middle_of_a_request_leaves_it_open_what_came_out() {
    let queue = Queue::on();
    queue.is(Mood {
        drops_after: Some(200),
        ..Mood::default()
    });
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::Unproven, Some(Trouble::Unreached));
    is_left_alone(&stand, &queue, Trouble::Unreached);
    assert_eq!((queue.printed().len(), queue.asked_to_print()), (0, 1));
    a_marked_print_follows(&mut stand, &queue, 0);
}

#[test]
fn a_job_whose_answer_is_lost_is_not_given_again() {
    let queue = Queue::on();
    queue.is(Mood {
        drops_at_the_end: true,
        ..Mood::default()
    });
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::Unproven, Some(Trouble::Unreached));
    is_left_alone(&stand, &queue, Trouble::Unreached);
    assert_eq!((queue.printed().len(), queue.asked_to_print()), (1, 1));
    a_marked_print_follows(&mut stand, &queue, 1);
}

#[test]
fn a_job_that_somebody_cancels_in_the_queue_is_for_somebody_to_look_at() {
    let queue = Queue::on();
    let no_paper = Mood {
        no_paper: true,
        says_it_late: true,
        ..Mood::default()
    };
    queue.is(no_paper);
    let mut stand = stand(&queue);
    stand.prints(None);
    stand.until(PrintState::OutOfPaper, Some(Trouble::Paper));
    queue.is(Mood {
        cancels: true,
        ..no_paper
    });
    stand.until(PrintState::Unproven, Some(Trouble::Cancelled));
    is_left_alone(&stand, &queue, Trouble::Cancelled);
    assert_eq!((queue.printed().len(), queue.asked_to_print()), (0, 1));
    a_marked_print_follows(&mut stand, &queue, 0);
}

#[test]
fn a_queues_server_that_is_off_gets_its_label_later_and_one_that_lost_its_jobs_does_not() {
    let queue = Queue::on();
    let address = queue.address;
    let mut stand = stand(&queue);
    drop(queue);
    stand.prints(None);
    stand.until(PrintState::Queued, Some(Trouble::Unreached));
    let queue = Queue::on_at(address);
    queue.is(Mood {
        no_paper: true,
        says_it_late: true,
        ..Mood::default()
    });
    stand.until(PrintState::OutOfPaper, Some(Trouble::Paper));
    drop(queue);
    let queue = Queue::on_at(address);
    stand.until(PrintState::Unproven, Some(Trouble::Paper));
    is_left_alone(&stand, &queue, Trouble::Paper);
    assert_eq!(queue.asked_to_print(), 0);
    a_marked_print_follows(&mut stand, &queue, 0);
}
