//! How a host passes text: a buffer for each direction, and plain functions.

use crate::question::{Held, answer_text};
use std::sync::{Mutex, MutexGuard, PoisonError};

static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static OUTPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// What later questions are about.
static HELD: Mutex<Held> = Mutex::new(Held { last: None, running: None, asking: None });

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a request of some bytes and gives its address.
#[expect(unsafe_code, reason = "the name that a host calls")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn input(n_bytes: usize) -> *mut u8 {
    let mut input = locked(&INPUT);
    input.clear();
    input.resize(n_bytes, 0);
    input.as_mut_ptr()
}

/// Answers the request; 0 where it could, 1 where the request had a mistake,
/// which the answer tells.
#[expect(unsafe_code, reason = "the name that a host calls")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn run() -> u32 {
    let (text, is_mistake) = answer_text(&locked(&INPUT), &mut locked(&HELD));
    *locked(&OUTPUT) = text;
    u32::from(is_mistake)
}

/// The address of the answer; valid until the next request.
#[expect(unsafe_code, reason = "the name that a host calls")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn output() -> *const u8 {
    locked(&OUTPUT).as_ptr()
}

/// Bytes of the answer.
#[expect(unsafe_code, reason = "the name that a host calls")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn output_length() -> usize {
    locked(&OUTPUT).len()
}
