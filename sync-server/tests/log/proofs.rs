//! Passkeys, and what proves something for a while.

use domain::id::{ActorId, DeviceId, Hash};
use sync_server::log::{Log, Passkey, Proof, ProofKind};

use crate::home::Home;

const ANA: ActorId = ActorId(u32::MAX);
const GWEN: ActorId = ActorId(5);
const TABLET: DeviceId = DeviceId([3; 16]);

pub(crate) fn passkey(id: &[u8], actor: ActorId, made: i64) -> Passkey {
    Passkey {
        id: id.to_vec(),
        actor,
        rp: "shop.lan".to_owned(),
        name: "Office laptop".to_owned(),
        made,
        used: None,
        counter: 0,
        bytes: vec![1, 2],
    }
}

pub(crate) fn proof(kind: ProofKind, id: u8, actor: ActorId) -> Proof {
    Proof {
        kind,
        id: Hash([id; 32]),
        actor,
        device: Some(TABLET),
        expires: 100,
        bytes: vec![id],
    }
}

fn within<T>(log: &dyn Log, act: impl FnOnce() -> T) -> T {
    log.begin().unwrap();
    let done = act();
    log.commit().unwrap();
    done
}

pub(crate) fn a_passkey_is_one_persons_and_keeps_its_count(home: &Home) {
    let log = home.open();
    let (later, first) = (passkey(b"two", ANA, 2), passkey(b"one", ANA, 1));
    within(&*log, || {
        assert!(log.put_passkey(&later).unwrap());
        assert!(log.put_passkey(&first).unwrap());
        // Somebody else brings the same.
        assert!(!log.put_passkey(&passkey(b"one", GWEN, 3)).unwrap());
    });
    assert_eq!(log.passkeys(ANA).unwrap(), [first, later.clone()]);
    assert!(log.passkeys(GWEN).unwrap().is_empty());
    within(&*log, || {
        log.note_passkey(b"two", 9, u32::MAX, &[7]).unwrap();
        log.note_passkey(b"nobody's", 9, 1, &[7]).unwrap();
        assert!(!log.forget_passkey(GWEN, b"one").unwrap());
        assert!(log.forget_passkey(ANA, b"one").unwrap());
        assert!(!log.forget_passkey(ANA, b"one").unwrap());
    });
    let kept = Passkey {
        used: Some(9),
        counter: u32::MAX,
        bytes: vec![7],
        ..later
    };
    drop(log);
    assert_eq!(home.open().passkeys(ANA).unwrap(), [kept]);
}

pub(crate) fn a_proof_is_found_until_it_is_forgotten_or_has_run_out(home: &Home) {
    let log = home.open();
    let session = proof(ProofKind::Session, 1, ANA);
    let anywhere = Proof {
        device: None,
        expires: i64::MAX,
        ..proof(ProofKind::Code, 1, ANA)
    };
    within(&*log, || {
        log.put_proof(&session).unwrap();
        log.put_proof(&anywhere).unwrap();
        log.put_proof(&proof(ProofKind::Session, 2, ANA)).unwrap();
        log.put_proof(&proof(ProofKind::Session, 3, GWEN)).unwrap();
    });
    let find = |kind, id| log.proof(kind, Hash([id; 32])).unwrap();
    // The same identifier among proofs of two kinds is two proofs.
    assert_eq!(find(ProofKind::Session, 1), Some(session.clone()));
    assert_eq!(find(ProofKind::Code, 1), Some(anywhere.clone()));
    assert_eq!(find(ProofKind::Approval, 1), None);
    assert_eq!(log.proofs_of(ProofKind::Session, ANA).unwrap().len(), 2);
    let longer = Proof {
        expires: 200,
        ..session
    };
    within(&*log, || {
        log.put_proof(&longer).unwrap();
        assert!(log.forget_proof(ProofKind::Session, Hash([2; 32])).unwrap());
        assert!(!log.forget_proof(ProofKind::Session, Hash([2; 32])).unwrap());
        log.forget_expired(101).unwrap();
    });
    assert_eq!(
        log.proofs_of(ProofKind::Session, ANA).unwrap(),
        std::slice::from_ref(&longer)
    );
    assert_eq!(find(ProofKind::Session, 3), None);
    within(&*log, || {
        log.forget_proofs_on(ProofKind::Session, DeviceId([4; 16]))
            .unwrap();
        log.forget_proofs_on(ProofKind::Code, TABLET).unwrap();
    });
    assert_eq!(find(ProofKind::Session, 1), Some(longer));
    within(&*log, || {
        log.forget_proofs_on(ProofKind::Session, TABLET).unwrap();
    });
    assert_eq!(find(ProofKind::Session, 1), None);
    assert_eq!(find(ProofKind::Code, 1), Some(anywhere));
}
