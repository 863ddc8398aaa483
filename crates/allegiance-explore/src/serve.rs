//! Listening, on this machine alone.

use crate::api::router;
use crate::assets::{PAGE, content_security_policy};
use crate::connections::{Answering, Limited, count};
use crate::exhibit::Exhibition;
use crate::guard::{Guard, check};
use crate::interrupt::Interrupt;
use axum::middleware::{from_fn, from_fn_with_state};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// How long open requests get once the user has asked to stop.
const GRACE: Duration = Duration::from_millis(500);

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or the system doesn't give it.
    #[error("can't listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port; 0 for any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(#[from] io::Error),
}

/// An open port of the loopback interface.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Opens a port; without one named, any that is free.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub fn open(port: Option<u16>) -> Result<Self, ServeError> {
        let port = port.unwrap_or(0);
        let open = || -> io::Result<Self> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        open().map_err(|source| ServeError::Listen { port, source })
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a browser.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

/// Shows the runs until the user asks to stop.
///
/// # Errors
/// [`ServeError::Stopped`].
pub fn serve(exhibition: Exhibition, door: Door, interrupt: &Interrupt) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let guard = Arc::new(Guard::new(door.address.port(), &content_security_policy(PAGE)));
    let app = router(exhibition).layer(from_fn_with_state(guard, check)).layer(from_fn(count));
    let app = app.into_make_service_with_connect_info::<Answering>();
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(door.listener)?;
        let stop = interrupt.clone();
        let serving = axum::serve(Limited::new(listener), app).with_graceful_shutdown(stop.wait());
        let stop = interrupt.clone();
        tokio::select! {
            served = async { serving.await } => served,
            () = async { stop.wait().await; tokio::time::sleep(GRACE).await } => Ok(()),
        }
    });
    // A simulation that is still going on isn't waited for.
    runtime.shutdown_background();
    Ok(served?)
}
