use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{tcp, TcpStream};
#[cfg(unix)]
use tokio::net::{unix, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout_at;

use crate::engine::{after, lock, Failure, Session, Submission, Written, READ_BYTES, READ_REST_MAX};
use crate::error::{Error, NotExecutedKind};
use crate::options::{Address, Settings};

/// How long a goodbye may wait for the socket.
const GOODBYE_MAX: Duration = Duration::from_millis(500);

/// A connected socket.
enum Halves {
    Tcp(tcp::OwnedReadHalf, tcp::OwnedWriteHalf),
    #[cfg(unix)]
    Unix(unix::OwnedReadHalf, unix::OwnedWriteHalf),
}

/// A connection with its task.
#[derive(Debug)]
pub(super) struct Connection {
    line: Arc<Line>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What the task and the callers share.
#[derive(Debug)]
struct Line {
    settings: Arc<Settings>,
    session: Mutex<Session>,
    /// There is something to write.
    wake: Notify,
    /// The connection has come to its end.
    over: Notify,
}

impl Connection {
    /// Starts to connect and returns at once.
    pub(super) fn start(settings: &Arc<Settings>) -> Self {
        let line = Arc::new(Line {
            settings: Arc::clone(settings),
            session: Mutex::new(Session::new()),
            wake: Notify::new(),
            over: Notify::new(),
        });
        let task = tokio::spawn(Arc::clone(&line).run());
        Self { line, task: Mutex::new(Some(task)) }
    }

    pub(super) fn accepts(&self) -> bool {
        lock(&self.line.session).core.accepts()
    }

    pub(super) fn has_ended(&self) -> bool {
        lock(&self.task).as_ref().map_or(true, JoinHandle::is_finished)
    }

    pub(super) fn enqueue(&self, submission: Submission) -> Result<u32, Failure> {
        self.line.with(|session| session.core.enqueue(submission))
    }

    /// As the core does it.
    pub(super) fn forget(&self, request_id: u32, late: bool) -> bool {
        self.line.with(|session| session.core.forget(request_id, late))
    }

    pub(super) fn distrust(&self) {
        self.line.with(|session| session.core.distrust());
    }

    /// Ends all calls, and tells the task to end.
    pub(super) fn close(&self) {
        self.line.lost(Error::closed(), false);
    }

    /// Waits until nothing of it is left.
    pub(super) async fn ended(&self) {
        let task = lock(&self.task).take();
        if let Some(task) = task {
            let _ = task.await; // one that panicked has nothing to say that its calls weren't told
        }
    }
}

impl Line {
    fn with<R>(&self, act: impl FnOnce(&mut Session) -> R) -> R {
        let mut session = lock(&self.session);
        let result = act(&mut session);
        let finished = session.core.is_finished();
        let wake = session.wants_to_write();
        drop(session);
        if finished {
            self.over.notify_one();
        } else if wake {
            self.wake.notify_one();
        }
        result
    }

    fn lost(&self, error: Error, retry: bool) {
        self.with(|session| session.core.lost(error, retry));
    }

    async fn run(self: Arc<Self>) {
        let _end = AtTheEnd(&self);
        let give_up_at = after(self.settings.connect_timeout);
        let connected = tokio::select! {
            biased;
            () = self.over.notified() => None,
            connected = self.connect(give_up_at) => connected,
        };
        match connected {
            Some(Halves::Tcp(reader, writer)) => self.drive(reader, writer, give_up_at).await,
            #[cfg(unix)]
            Some(Halves::Unix(reader, writer)) => self.drive(reader, writer, give_up_at).await,
            None => {}
        }
    }

    /// None: it is lost already.
    async fn connect(&self, give_up_at: Instant) -> Option<Halves> {
        let settings = Arc::clone(&self.settings);
        // The file of the token, for one, is read by what blocks.
        let prepared =
            tokio::task::spawn_blocking(move || settings.hello().and_then(|hello| Ok((hello, settings.ssl()?)))).await;
        let (hello, ssl) = match prepared {
            Ok(Ok(both)) => both,
            Ok(Err(error)) => {
                self.lost(error, false);
                return None;
            }
            Err(error) => {
                self.lost(Error::because(NotExecutedKind::Disconnected, "no connection", error), true);
                return None;
            }
        };
        let failed = |error: io::Error| {
            let message = format!("no connection to {}", self.settings.address);
            self.lost(Error::because(NotExecutedKind::Disconnected, &message, error), true);
        };
        let halves = match &self.settings.address {
            Address::Tcp { host, port } => {
                let connecting = TcpStream::connect((host.as_str(), *port));
                let connected = match timeout_at(give_up_at.into(), connecting).await {
                    Ok(connected) => connected.and_then(|socket| socket.set_nodelay(true).map(|()| socket)),
                    Err(_) => Err(io::ErrorKind::TimedOut.into()),
                };
                connected.map(|socket| {
                    let (reader, writer) = socket.into_split();
                    Halves::Tcp(reader, writer)
                })
            }
            #[cfg(unix)]
            Address::Unix(path) => UnixStream::connect(path).await.map(|socket| {
                let (reader, writer) = socket.into_split();
                Halves::Unix(reader, writer)
            }),
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        };
        match halves {
            Ok(halves) => {
                self.with(|session| session.greet(&hello, ssl));
                Some(halves)
            }
            Err(error) => {
                failed(error);
                None
            }
        }
    }

    async fn drive(&self, reader: impl AsyncRead + Unpin, mut writer: impl AsyncWrite + Unpin, give_up_at: Instant) {
        tokio::select! {
            biased;
            () = self.over.notified() => {}
            () = self.read(reader) => {}
            () = self.write(&mut writer, give_up_at) => {}
        }
        let goodbye = lock(&self.session).goodbye();
        if !goodbye.is_empty() {
            // The other side may be gone already, or read nothing.
            let _ = timeout_at(after(GOODBYE_MAX).into(), writer.write_all(&goodbye)).await;
        }
    }

    async fn read(&self, mut reader: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            match reader.read(&mut buffer).await {
                Ok(0) => return self.with(|session| session.ended(None)),
                Ok(bytes) => {
                    let finished = self.with(|session| {
                        session.receive(&buffer[..bytes]);
                        session.core.is_finished()
                    });
                    if finished {
                        return;
                    }
                }
                Err(error) => return self.with(|session| session.ended(Some(error))),
            }
        }
    }

    async fn write(&self, mut writer: impl AsyncWrite + Unpin, give_up_at: Instant) {
        let mut buffer = Vec::new();
        let mut written = Vec::new();
        let mut rest_until = None;
        while self.take(&mut buffer, &mut written, give_up_at, rest_until).await {
            let mut done = 0;
            while done < buffer.len() {
                match writer.write(&buffer[done..]).await {
                    Ok(bytes) if bytes > 0 => done += bytes,
                    _ => {
                        // The reader may find the reason before its end.
                        self.with(|session| session.core.write_failed(&written, done));
                        rest_until = Some(after(READ_REST_MAX));
                        break;
                    }
                }
            }
            if buffer.capacity() > 4 * READ_BYTES {
                buffer = Vec::new(); // of one large request
            }
        }
    }

    /// Waits until there is something to write, and takes it. False at the end.
    async fn take(
        &self,
        buffer: &mut Vec<u8>,
        written: &mut Vec<Written>,
        give_up_at: Instant,
        rest_until: Option<Instant>,
    ) -> bool {
        buffer.clear();
        written.clear();
        loop {
            let opening = {
                let mut session = lock(&self.session);
                session.written();
                if session.core.is_finished() {
                    return false;
                }
                if session.wants_to_write() {
                    session.take(buffer, written);
                    if !buffer.is_empty() {
                        return true;
                    }
                    continue;
                }
                session.core.is_opening()
            };
            let until = match rest_until {
                Some(until) => until,
                None if opening => give_up_at,
                None => {
                    self.wake.notified().await;
                    continue;
                }
            };
            if timeout_at(until.into(), self.wake.notified()).await.is_err() {
                let error = match lock(&self.session).core.is_opening() {
                    true => Error::disconnected("the server did not answer HELLO in time"),
                    false if rest_until.is_some() => Error::disconnected("the connection broke"),
                    false => continue, // it came in this moment
                };
                self.lost(error, true);
                return false;
            }
        }
    }
}

/// Ends the connection when its task ends, however that came.
struct AtTheEnd<'a>(&'a Line);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.lost(Error::disconnected("the connection's task has ended"), true);
    }
}
