//! Connections: no more than a page needs, and none that stays without asking
//! anything, so that whoever opens many leaves the page to others.

use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// Connections at once; a browser opens six.
const MOST_CONNECTIONS: usize = 64;
/// How long a connection may take over its question, or over taking the answer,
/// and how long it may stay without asking.
const PATIENCE: Duration = Duration::from_secs(20);

/// A listener that lets in so many at a time.
pub(crate) struct Limited {
    listener: TcpListener,
    free: Arc<Semaphore>,
    patience: Duration,
}

impl Limited {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, free: Arc::new(Semaphore::new(MOST_CONNECTIONS)), patience: PATIENCE }
    }
}

impl Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let free = Arc::clone(&self.free).acquire_owned().await.expect("nobody closes it");
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let answering = Answering::default();
        let patience = self.patience;
        let until = Box::pin(sleep(patience));
        (Connection { stream, answering, seen: 0, patience, until, _free: free }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Counts the questions of a connection that were begun and those that were
/// answered: an answer may take as long as it needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answering(Arc<AtomicU64>);

impl Answering {
    fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connected<IncomingStream<'_, Limited>> for Answering {
    fn connect_info(stream: IncomingStream<'_, Limited>) -> Self {
        stream.io().answering.clone()
    }
}

/// Counts a question while its answer is worked out.
pub(crate) async fn count(ConnectInfo(answering): ConnectInfo<Answering>, request: Request, next: Next) -> Response {
    struct Done(Answering);
    impl Drop for Done {
        fn drop(&mut self) {
            self.0.step();
        }
    }
    answering.step();
    let _done = Done(answering);
    next.run(request).await
}

/// A connection that ends when it is idle.
pub(crate) struct Connection {
    stream: TcpStream,
    answering: Answering,
    /// How far the count was when patience began anew.
    seen: u64,
    patience: Duration,
    until: Pin<Box<Sleep>>,
    _free: OwnedSemaphorePermit,
}

impl Connection {
    /// Fails where nothing has come of the connection for too long.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let now = self.answering.now();
            // An odd number: an answer is being worked out.
            if now % 2 == 1 || now != self.seen {
                self.seen = now;
                self.until.as_mut().reset(Instant::now() + self.patience);
            }
            ready!(self.until.as_mut().poll(context));
            if self.answering.now().is_multiple_of(2) && self.answering.now() == self.seen {
                return Poll::Ready(io::Error::from(io::ErrorKind::TimedOut));
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.wait(context).map(Err),
            read @ Poll::Ready(_) => read,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context).map(Err),
            written @ Poll::Ready(_) => {
                let until = Instant::now() + self.patience;
                self.until.as_mut().reset(until);
                written
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answering, Limited, MOST_CONNECTIONS, count};
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::{MethodRouter, get};
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::net::TcpListener;
    use tokio::sync::Semaphore;
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::task::{JoinHandle, spawn_blocking};

    /// What a connection gets until it is closed.
    fn ask(address: SocketAddr, question: &'static str) -> JoinHandle<String> {
        spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(question.as_bytes()).unwrap();
            let mut text = Vec::new();
            stream.read_to_end(&mut text).ok();
            String::from_utf8_lossy(&text).into_owned()
        })
    }

    async fn serve(most: usize, patience: Duration, answer: MethodRouter) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limited = Limited { listener, free: Arc::new(Semaphore::new(most)), patience };
        let app = Router::new().route("/", answer).layer(from_fn(count));
        let app = app.into_make_service_with_connect_info::<Answering>();
        tokio::spawn(async move { axum::serve(limited, app).await });
        address
    }

    const QUESTION: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    #[test]
    fn idle_connections_end_and_let_others_in_while_slow_answers_are_waited_for() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let patience = Duration::from_millis(200);
            let slow = move || async move {
                tokio::time::sleep(3 * patience).await;
                "at last"
            };
            let address = serve(2, patience, get(slow)).await;
            let silent = [ask(address, ""), ask(address, "GET / HT")];
            tokio::time::sleep(patience / 4).await;
            // It is let in when the silent ones have been sent away.
            assert!(ask(address, QUESTION).await.unwrap().ends_with("at last"));
            for stream in silent {
                assert_eq!(stream.await.unwrap(), "");
            }
        });
    }

    #[test]
    fn an_answer_that_nobody_waits_for_is_dropped() {
        struct Told(tokio::sync::mpsc::UnboundedSender<()>);
        impl Drop for Told {
            fn drop(&mut self) {
                self.0.send(()).ok();
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ((tell, mut told), (begin, mut begun)) = (unbounded_channel(), unbounded_channel());
            let never = move || {
                let (guard, begin) = (Told(tell.clone()), begin.clone());
                async move {
                    let _guard = guard;
                    begin.send(()).ok();
                    std::future::pending::<&str>().await
                }
            };
            let patience = Duration::from_secs(60);
            let address = serve(2, patience, get(never)).await;
            let stream = spawn_blocking(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(QUESTION.as_bytes()).unwrap();
                stream
            });
            let stream = stream.await.unwrap();
            tokio::time::timeout(patience, begun.recv()).await.expect("it is asked");
            drop(stream);
            tokio::time::timeout(patience, told.recv()).await.expect("it is dropped");
        });
    }

    #[test]
    fn a_browser_has_connections_enough() {
        const { assert!(MOST_CONNECTIONS >= 12) };
    }
}
