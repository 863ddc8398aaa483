//! Answers that are kept, because they take a while and never change.

use std::sync::{Mutex, PoisonError};

/// The few things made last, by number.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    most: usize,
    /// The oldest first.
    made: Mutex<Vec<(u32, T)>>,
}

impl<T: Clone> Kept<T> {
    /// Keeps so many.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, made: Mutex::new(Vec::new()) }
    }

    /// The thing of a number, made now if it isn't kept. Who asks for another
    /// waits meanwhile, so that nothing is made twice at a time.
    pub(crate) fn get<E>(&self, number: u32, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = made.iter().position(|(kept, _)| *kept == number) {
            let found = made.remove(at);
            made.push(found.clone());
            return Ok(found.1);
        }
        let new = make()?;
        if made.len() >= self.most {
            made.remove(0);
        }
        made.push((number, new.clone()));
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use std::cell::Cell;

    #[test]
    fn the_one_used_longest_ago_is_dropped() {
        let kept = Kept::new(2);
        let n_made = Cell::new(0);
        let ask = |number: u32| {
            let make = || {
                n_made.set(n_made.get() + 1);
                Ok::<_, ()>(10 * number)
            };
            kept.get(number, make)
        };
        for number in [1, 2, 1, 3, 1] {
            assert_eq!(ask(number), Ok(10 * number));
        }
        assert_eq!(n_made.get(), 3);
        assert_eq!(ask(2), Ok(20));
        assert_eq!(n_made.get(), 4);
        assert_eq!(kept.get(9, || Err("broken")), Err("broken"));
    }
}
