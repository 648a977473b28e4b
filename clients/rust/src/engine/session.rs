use std::io;

use openssl::ssl::Ssl;

use super::connection::{Core, Written};
use super::tls::{Secure, TlsError};
use crate::error::{Error, NotExecutedKind};
use crate::proto as pb;

/// A connection with what lies between it and its socket: nothing, or TLS.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) core: Core,
    secure: Option<Secure>,
    plain: Vec<u8>,
    /// What was taken last may not be in the socket yet.
    writes: bool,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self { core: Core::new(), secure: None, plain: Vec::new(), writes: false }
    }

    /// The socket is there, and the handshake begins where there is one.
    pub(crate) fn greet(&mut self, hello: &pb::Hello, ssl: Option<Ssl>) {
        self.core.greet(hello);
        if let Some(ssl) = ssl {
            match Secure::new(ssl) {
                Ok(secure) => self.secure = Some(secure),
                Err(error) => self.failed(error),
            }
            self.handshake();
        }
    }

    /// Whether [`take`](Self::take) has something.
    pub(crate) fn wants_to_write(&self) -> bool {
        match &self.secure {
            None => self.core.wants_to_write(),
            Some(secure) => {
                !self.core.is_finished() && secure.has_output() || secure.is_open() && self.core.wants_to_write()
            }
        }
    }

    /// Appends what the socket is to be given next to `out`, as [`Core::take`] does.
    pub(crate) fn take(&mut self, out: &mut Vec<u8>, written: &mut Vec<Written>) {
        self.writes = true;
        let secure = match &mut self.secure {
            None => return self.core.take(out, written),
            Some(secure) => secure,
        };
        if secure.is_open() {
            let before = written.len();
            self.plain.clear();
            self.core.take(&mut self.plain, written);
            for one in &mut written[before..] {
                one.start = 0; // which bytes of the socket's are a request's can't be told
            }
            if let Err(error) = secure.encrypt(&self.plain) {
                secure.drain(out);
                return self.failed(error);
            }
            if self.plain.capacity() > 4 * super::READ_BYTES {
                self.plain = Vec::new(); // of one large request
            }
        }
        secure.drain(out);
    }

    /// What was taken is written now, or never will be.
    pub(crate) fn written(&mut self) {
        self.writes = false;
    }

    /// What the socket is to be given before it is closed: what TLS has to say, unless it would fall into the middle of
    /// something.
    pub(crate) fn goodbye(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if let (Some(secure), false) = (&mut self.secure, self.writes) {
            secure.say_goodbye();
            secure.drain(&mut out);
        }
        out
    }

    /// Takes bytes of the socket.
    pub(crate) fn receive(&mut self, data: &[u8]) {
        match &mut self.secure {
            None => return self.core.receive(data),
            Some(secure) => secure.feed(data),
        }
        self.handshake();
        let mut buffer = [0; 16 * 1024];
        while !self.core.is_finished() {
            let found = match &mut self.secure {
                Some(secure) if secure.is_open() => secure.decrypt(&mut buffer),
                _ => return,
            };
            match found {
                Ok(0) => return,
                Ok(bytes) => self.core.receive(&buffer[..bytes]),
                Err(error) => self.failed(error),
            }
        }
    }

    /// The socket ended, with an error or without.
    pub(crate) fn ended(&mut self, error: Option<io::Error>) {
        let end = match error {
            None => Error::disconnected("the server closed the connection"),
            Some(error) => Error::because(NotExecutedKind::Disconnected, "the connection broke", error),
        };
        self.core.lost(end, true);
    }

    fn handshake(&mut self) {
        if let Some(secure) = &mut self.secure {
            if let Err(error) = secure.shake_hands() {
                self.failed(error);
            }
        }
    }

    /// What TLS has against the peer, or the peer against us: in the opening it would come again. In TLS 1.3 a server
    /// looks at the client's certificate after the client's handshake is done.
    fn failed(&mut self, error: TlsError) {
        if self.core.is_opening() {
            let retry = error.may_pass;
            self.core.lost(error.into(), retry);
        } else {
            let broke = Error::because(NotExecutedKind::Disconnected, "the connection broke", error);
            self.core.lost(broke, true);
        }
    }
}
