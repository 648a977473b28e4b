use std::fmt;
use std::io::{self, Read, Write};

use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{self, ErrorCode, Ssl, SslConnector, SslMethod, SslStream, SslVersion};
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509VerifyResult, X509};

use crate::error::{Error, NotExecutedKind};
use crate::options::Tls;

/// The name of WRP/1 in ALPN.
const PROTOCOL: &[u8] = b"\x05wrp/1";

/// Reads the files, once for all connections.
pub(crate) fn connector(tls: &Tls) -> Result<SslConnector, Error> {
    let mut builder = SslConnector::builder(SslMethod::tls_client()).map_err(unusable("TLS"))?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_3)).map_err(unusable("TLS 1.3"))?;
    builder.set_alpn_protos(PROTOCOL).map_err(unusable("ALPN"))?;
    if let Some(path) = &tls.ca_file {
        let what = format!("the authority {}", path.display());
        let authorities = X509::stack_from_pem(&read(&what, path)?).map_err(unusable(&what))?;
        if authorities.is_empty() {
            return Err(Error::invalid(format!("{what} can't be used: there is no certificate in it")));
        }
        // In place of those that the machine trusts.
        let mut store = X509StoreBuilder::new().map_err(unusable(&what))?;
        for authority in authorities {
            store.add_cert(authority).map_err(unusable(&what))?;
        }
        builder.set_cert_store(store.build());
    }
    match (&tls.cert_file, &tls.key_file) {
        (Some(chain), Some(key)) => {
            let what = format!("the certificate {}", chain.display());
            read(&what, chain)?; // OpenSSL's own error of a missing file doesn't name it
            builder.set_certificate_chain_file(chain).map_err(unusable(&what))?;
            let what = format!("the key {}", key.display());
            // Without the empty password OpenSSL would ask on the terminal.
            let key = PKey::private_key_from_pem_passphrase(&read(&what, key)?, b"").map_err(unusable(&what))?;
            builder.set_private_key(&key).map_err(unusable(&what))?;
            builder.check_private_key().map_err(unusable(&what))?;
        }
        (None, None) => {}
        _ => return Err(Error::invalid("a client's certificate and its key belong together")),
    }
    Ok(builder.build())
}

fn read(what: &str, path: &std::path::Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path)
        .map_err(|error| Error::because(NotExecutedKind::Invalid, &format!("{what} can't be read"), error))
}

fn unusable(what: &str) -> impl Fn(ErrorStack) -> Error + '_ {
    move |error| Error::because(NotExecutedKind::Invalid, &format!("{what} can't be used"), error)
}

/// TLS without its socket.
pub(super) struct Secure {
    stream: SslStream<Pipe>,
    open: bool,
    left: bool,
}

impl fmt::Debug for Secure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secure").field("open", &self.open).finish_non_exhaustive()
    }
}

impl Secure {
    pub(super) fn new(ssl: Ssl) -> Result<Self, TlsError> {
        let stream = SslStream::new(ssl, Pipe::default()).map_err(|error| TlsError::other(&error))?;
        Ok(Self { stream, open: false, left: false })
    }

    /// Whether the handshake is done.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn has_output(&self) -> bool {
        !self.stream.get_ref().outgoing.is_empty()
    }

    /// Goes on with the handshake as far as it gets.
    pub(super) fn shake_hands(&mut self) -> Result<(), TlsError> {
        if self.open {
            return Ok(());
        }
        match self.stream.connect() {
            Ok(()) => {
                self.open = true;
                Ok(())
            }
            Err(error) => self.waits_or(error),
        }
    }

    /// Takes bytes of the socket.
    pub(super) fn feed(&mut self, data: &[u8]) {
        let pipe = self.stream.get_mut();
        if pipe.consumed == pipe.incoming.len() {
            pipe.incoming.clear();
            pipe.consumed = 0;
        }
        pipe.incoming.extend_from_slice(data);
    }

    /// Reads what the bytes say; 0: nothing more now.
    pub(super) fn decrypt(&mut self, buffer: &mut [u8]) -> Result<usize, TlsError> {
        match self.stream.ssl_read(buffer) {
            Ok(bytes) => Ok(bytes),
            Err(error) => self.waits_or(error).map(|()| 0),
        }
    }

    pub(super) fn encrypt(&mut self, plain: &[u8]) -> Result<(), TlsError> {
        let mut done = 0;
        while done < plain.len() {
            match self.stream.ssl_write(&plain[done..]) {
                Ok(bytes) => done += bytes,
                Err(error) => return Err(TlsError::of(&error, self.stream.ssl().verify_result())),
            }
        }
        Ok(())
    }

    /// close_notify, once.
    pub(super) fn say_goodbye(&mut self) {
        if self.open && !self.left {
            self.left = true;
            let _ = self.stream.shutdown(); // it waits for nothing, and nobody is left to be told
        }
    }

    /// Appends what the socket is to be given to `out`.
    pub(super) fn drain(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.stream.get_mut().outgoing);
    }

    fn waits_or(&self, error: ssl::Error) -> Result<(), TlsError> {
        match error.code() {
            ErrorCode::WANT_READ | ErrorCode::WANT_WRITE => Ok(()),
            _ => Err(TlsError::of(&error, self.stream.ssl().verify_result())),
        }
    }
}

/// The socket's place below TLS.
#[derive(Debug, Default)]
struct Pipe {
    incoming: Vec<u8>,
    consumed: usize,
    outgoing: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waiting = &self.incoming[self.consumed..];
        if waiting.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let bytes = waiting.read(buffer)?;
        self.consumed += bytes;
        Ok(bytes)
    }
}

impl Write for Pipe {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.outgoing.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What stands between the two sides.
#[derive(Debug)]
pub(super) struct TlsError {
    kind: NotExecutedKind,
    message: String,
    /// Another attempt has hope: an identity that isn't accepted, here or there, won't be accepted next time either, and
    /// what isn't TLS won't become it.
    pub(super) may_pass: bool,
}

impl TlsError {
    fn new(kind: NotExecutedKind, message: String) -> Self {
        Self { kind, message, may_pass: kind == NotExecutedKind::Disconnected }
    }

    fn other(error: &dyn fmt::Display) -> Self {
        Self::new(NotExecutedKind::Protocol, format!("TLS failed: {error}"))
    }

    fn of(error: &ssl::Error, verified: X509VerifyResult) -> Self {
        if error.code() == ErrorCode::ZERO_RETURN {
            return Self::new(NotExecutedKind::Disconnected, "the server closed the connection".into());
        }
        if verified != X509VerifyResult::OK {
            let why = verified.error_string();
            let message = format!("the server's certificate is not accepted: {why}");
            return Self::new(NotExecutedKind::Unauthenticated, message);
        }
        let reasons: Vec<&str> = match error.ssl_error() {
            Some(stack) => stack.errors().iter().filter_map(|one| one.reason()).collect(),
            None => Vec::new(),
        };
        let has = |part: &str| reasons.iter().any(|reason| reason.contains(part));
        let told = reasons.join(", ");
        if has("alert") {
            // Of its own version, or of a protocol within TLS, a server says so by an alert too. It can't decrypt what
            // was signed by another authority of the same name.
            if ["certificate", "unknown ca", "access denied", "decrypt error"].iter().any(|part| has(part)) {
                let message = format!("the server does not accept the client: {told}");
                return Self::new(NotExecutedKind::Unauthenticated, message);
            }
            return Self::new(NotExecutedKind::Protocol, format!("the server refused TLS: {told}"));
        }
        if ["wrong version number", "http request", "packet length too long", "record layer failure"]
            .iter()
            .any(|r| has(r))
        {
            return Self::new(NotExecutedKind::Protocol, format!("the server does not speak TLS: {told}"));
        }
        Self::other(&error)
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TlsError {}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Error::new(error.kind, error.message)
    }
}
