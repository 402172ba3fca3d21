//! The worker that makes a key out of a person's PIN.
//!
//! In: a [`Stretch`], in bytes. Out: 32 bytes, or none when there is no memory for it. Must not: live longer than one try;
//! a module's memory is given back only with its worker.

use argon2::{Algorithm, Argon2, Params, Version};
use domain::pin::Stretch;
use js_sys::Uint8Array;

/// The wire to the page.
mod scope;

const KEY_BYTES: usize = 32;

fn main() {
    scope::hear(|ask| {
        let bytes = Uint8Array::new(&ask).to_vec();
        let stretch = minicbor::decode::<Stretch>(&bytes).ok();
        scope::tell(&stretch.and_then(|ask| key(&ask)).unwrap_or_default());
    });
}

fn key(ask: &Stretch) -> Option<Vec<u8>> {
    let cost = Params::new(ask.cost.memory_kib, ask.cost.passes, 1, Some(KEY_BYTES)).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    let mut key = vec![0; KEY_BYTES];
    argon
        .hash_password_into(&ask.secret, &ask.salt, &mut key)
        .ok()?;
    Some(key)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    //! The same key as everybody else's Argon2id.

    use domain::pin::Cost;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    fn a_secret_becomes_the_key_that_the_reference_program_makes_of_it() {
        // `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -r`
        let ask = Stretch {
            secret: b"password".to_vec(),
            salt: b"somesalt".to_vec(),
            cost: Cost {
                memory_kib: 65_536,
                passes: 2,
            },
        };
        let key = key(&ask).unwrap();
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            text,
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
        );
    }

    #[wasm_bindgen_test]
    fn a_cost_that_cannot_be_is_no_key_and_no_panic() {
        for (memory_kib, passes) in [(0, 1), (7, 1), (64, 0)] {
            let ask = Stretch {
                secret: b"274913".to_vec(),
                salt: vec![1; 16],
                cost: Cost { memory_kib, passes },
            };
            assert_eq!(key(&ask), None);
        }
    }
}
