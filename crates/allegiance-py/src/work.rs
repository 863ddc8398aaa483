//! Long work: on a thread of its own, while Python's thread listens to signals
//! and tells the caller how far it is.

use std::any::Any;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use allegiance_replay::{Progress, WorkProgress};
use allegiance_runs::Threads;
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::prelude::*;

use crate::errors::bug;

/// The threads that a caller asks for, 0 for one per core; no more than help, which a
/// warning tells.
pub(crate) struct NThreads(pub(crate) usize);

impl<'py> FromPyObject<'_, 'py> for NThreads {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let (asked, most) = (object.extract::<usize>()?, Threads::that_help());
        if asked > most {
            let text =
                format!("{asked} threads are asked for and {most} used: more than the machine has cores don't help");
            let text = CString::new(text).expect("numbers and letters hold no zero byte");
            let py = object.py();
            PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &text, 1)?;
        }
        Ok(Self(asked.min(most)))
    }
}

/// How often signals are looked at and progress is told.
const TICK: Duration = Duration::from_millis(50);

/// What Python's thread and the work's threads tell one another.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    n_done: AtomicU64,
    n_all: AtomicU64,
    is_cancelled: AtomicBool,
}

impl Listener {
    fn begin(&self, n_all: u64, n_done: u64) {
        self.n_all.store(n_all, Ordering::Relaxed);
        self.n_done.store(n_done, Ordering::Relaxed);
    }

    fn count(&self) {
        self.n_done.fetch_add(1, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    fn tell(&self, py: Python<'_>, callback: Option<&Py<PyAny>>) -> PyResult<()> {
        let (n_done, n_all) = (self.n_done.load(Ordering::Relaxed), self.n_all.load(Ordering::Relaxed));
        match callback {
            Some(callback) if n_all > 0 => callback.call1(py, (n_done.min(n_all), n_all)).map(|_nothing| ()),
            _ => Ok(()),
        }
    }
}

/// Progress in days of all replicates.
impl Progress for Listener {
    fn begin(&self, n_replicates: u32, n_kept: u32, n_days: u32) {
        let days = |n: u32| u64::from(n) * u64::from(n_days);
        self.begin(days(n_replicates), days(n_kept));
    }

    fn day_done(&self, _replicate: u32, _day: u32) {
        self.count();
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled()
    }
}

/// Progress in pieces of work.
impl WorkProgress for Listener {
    fn begin(&self, n: u64, n_kept: u64) {
        self.begin(n, n_kept);
    }

    fn piece_done(&self) {
        self.count();
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled()
    }
}

type Caught<T> = Result<T, Box<dyn Any + Send>>;

/// Does some work without holding Python, and gives its result. An interrupt,
/// or an exception of the callback, cancels the work, waits until it has
/// stopped, and is raised then.
pub(crate) fn follow<T: Send>(
    py: Python<'_>,
    callback: Option<&Py<PyAny>>,
    work: impl FnOnce(&Listener) -> T + Send,
) -> PyResult<T> {
    let listener = Listener::default();
    let mut raised: Option<PyErr> = None;
    let done: Caught<T> = std::thread::scope(|scope| {
        let (sender, mut receiver) = channel();
        let heard = &listener;
        scope.spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(|| work(heard)));
            // Python's thread waits for it until it is there.
            sender.send(done).ok();
        });
        loop {
            match wait(py, &mut receiver) {
                Ok(done) => break done,
                Err(RecvTimeoutError::Disconnected) => break Err(Box::new("a thread of work ended without a result")),
                Err(RecvTimeoutError::Timeout) if raised.is_none() => {
                    raised = py.check_signals().and_then(|()| listener.tell(py, callback)).err();
                    listener.is_cancelled.store(raised.is_some(), Ordering::Relaxed);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    });
    if let Some(raised) = raised {
        return Err(raised);
    }
    let done = done.map_err(|panic| bug(py, panic.as_ref()))?;
    py.check_signals()?;
    listener.tell(py, callback)?;
    Ok(done)
}

fn wait<T: Send>(py: Python<'_>, receiver: &mut Receiver<T>) -> Result<T, RecvTimeoutError> {
    py.detach(move || {
        // A receiver can't be shared between threads, but lent to one.
        let receiver: &mut Receiver<T> = receiver;
        receiver.recv_timeout(TICK)
    })
}
