//! Being told to stop.

use std::io;
use std::thread;
use tokio::sync::watch;

/// Whether the user, or the system, has asked the program to stop.
#[derive(Debug, Clone)]
pub struct Interrupt {
    raised: watch::Receiver<bool>,
}

impl Interrupt {
    /// Listens for Ctrl-C and, where there are such, for the signals to terminate
    /// and that the terminal is gone, from now until the program ends; where asked for, also for
    /// the end of standard input, which comes when the program that started this one is gone.
    ///
    /// # Errors
    /// Where the system doesn't let the program listen.
    pub fn listen(until_input_ends: bool) -> io::Result<Self> {
        let (raise, raised) = watch::channel(false);
        if until_input_ends {
            let raise = raise.clone();
            thread::Builder::new().name("input".to_owned()).spawn(move || {
                // Input that can't be read has ended as well.
                io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
                raise.send_replace(true);
            })?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
            runtime.block_on(stop_signal());
            raise.send_replace(true);
        })?;
        Ok(Self { raised })
    }

    /// One that is raised by hand.
    pub fn by_hand() -> (Self, impl FnOnce() + Send + 'static) {
        let (raise, raised) = watch::channel(false);
        (Self { raised }, move || {
            raise.send_replace(true);
        })
    }

    /// Whether it was raised.
    pub fn is_raised(&self) -> bool {
        *self.raised.borrow()
    }

    /// Waits until it is raised.
    pub(crate) async fn wait(mut self) {
        // An error means that nobody can raise it any more.
        if self.raised.wait_for(|is_raised| *is_raised).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
        (Ok(mut terminate), Ok(mut hangup)) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        }
        _ => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    drop(tokio::signal::ctrl_c().await);
}
