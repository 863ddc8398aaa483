//! How a caller goes through pieces of work that don't depend on one another.
//!
//! What is computed here and above knows no threads; who has some hands them in.

/// Goes through pieces of work and gives what each makes, in their order.
pub trait Spread: Sync {
    /// What `piece` makes of `0..n`.
    fn each<T: Send>(&self, n: usize, piece: impl Fn(usize) -> T + Sync) -> Vec<T>;
}

/// One piece after another, on the caller's thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct InTurn;

impl Spread for InTurn {
    fn each<T: Send>(&self, n: usize, piece: impl Fn(usize) -> T + Sync) -> Vec<T> {
        (0..n).map(piece).collect()
    }
}
