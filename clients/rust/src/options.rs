//! What a client is told at its making.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use openssl::ssl::{Ssl, SslConnector};

use crate::engine::{connector, RetryPolicy, STREAM_SILENCE_MAX};
use crate::error::{Error, NotExecutedKind};
use crate::proto as pb;

const VERSION: u32 = 1;
const CLIENT_NAME_MAX: usize = 64;
const TOKEN_BYTES_MAX: u64 = 4096;

/// Where the server is, who calls, and how patiently.
///
/// ```
/// use std::time::Duration;
/// use walletd::{Options, Tls};
///
/// let options = Options::new("wallets.example:7431")
///     .timeout(Duration::from_secs(2))
///     .tls(Tls::new())
///     .token_file("/etc/shop/walletd.token");
/// ```
#[derive(Clone)]
pub struct Options {
    address: String,
    timeout: Duration,
    connect_timeout: Duration,
    stream_silence: Duration,
    connections: usize,
    client_name: String,
    ledger_id: String,
    token: Option<String>,
    token_file: Option<PathBuf>,
    tls: Option<Tls>,
    retry: RetryPolicy,
}

impl Options {
    /// A server at `host:port`, `[v6]:port` or `unix:PATH`.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            stream_silence: STREAM_SILENCE_MAX,
            connections: 1,
            client_name: concat!("walletd-rust/", env!("CARGO_PKG_VERSION")).into(),
            ledger_id: String::new(),
            token: None,
            token_file: None,
            tls: None,
            retry: RetryPolicy::default(),
        }
    }

    /// The deadline of each call, 10 s unless told: it covers connecting, waiting and all attempts.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Bounds one try to connect, until the server has answered HELLO; 5 s unless told.
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// How long a stream may go without a sign of life before its connection is given up, 45 s unless told. A server
    /// gives one each 15 s.
    pub fn stream_silence(self, stream_silence: Duration) -> Self {
        Self { stream_silence, ..self }
    }

    /// How many connections there are at most, 1 unless told. Calls take them in turn, so that mutations of one caller
    /// that don't wait for each other keep their order on one connection only.
    pub fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// At most 64 bytes of `[A-Za-z0-9._:@/-]`, stored beside each row that this client writes.
    pub fn client_name(self, client_name: impl Into<String>) -> Self {
        Self { client_name: client_name.into(), ..self }
    }

    /// Makes the server refuse unless it serves this ledger.
    pub fn ledger_id(self, ledger_id: impl Into<String>) -> Self {
        Self { ledger_id: ledger_id.into(), ..self }
    }

    /// The secret that says who is calling. It never appears in an error or a log.
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// The file that has the token instead, on one line; it is read at each connect, and others mustn't be able to read
    /// or change it.
    pub fn token_file(self, path: impl Into<PathBuf>) -> Self {
        Self { token_file: Some(path.into()), ..self }
    }

    /// Speaks TLS 1.3, and checks the server's certificate and the name in it. Over a Unix socket there is no TLS.
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// How often and how patiently to try again.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }
}

impl From<&str> for Options {
    fn from(address: &str) -> Self {
        Self::new(address)
    }
}

impl From<String> for Options {
    fn from(address: String) -> Self {
        Self::new(address)
    }
}

impl From<&String> for Options {
    fn from(address: &String) -> Self {
        Self::new(address)
    }
}

impl fmt::Debug for Options {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("address", &self.address)
            .field("timeout", &self.timeout)
            .field("connections", &self.connections)
            .field("client_name", &self.client_name)
            .field("token", &self.token.as_ref().map(|_| "(secret)"))
            .field("token_file", &self.token_file)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// How a client recognises its server over TLS, and shows who it is itself. The files are PEM, read when the client is
/// made.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) cert_file: Option<PathBuf>,
    pub(crate) key_file: Option<PathBuf>,
    server_name: Option<String>,
}

impl Tls {
    /// Trusts the authorities that the machine trusts, and shows no certificate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the authorities in this file, and no others.
    pub fn ca_file(self, path: impl Into<PathBuf>) -> Self {
        Self { ca_file: Some(path.into()), ..self }
    }

    /// Shows a server that asks for it this chain of certificates; the key, without a password, is in a file of its own.
    pub fn certificate(self, chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.cert_file(chain).key_file(key)
    }

    /// The chain alone; a key belongs to it.
    pub fn cert_file(self, path: impl Into<PathBuf>) -> Self {
        Self { cert_file: Some(path.into()), ..self }
    }

    /// The key alone; a chain belongs to it.
    pub fn key_file(self, path: impl Into<PathBuf>) -> Self {
        Self { key_file: Some(path.into()), ..self }
    }

    /// The name or numeric address that the server's certificate must have; the host of the address unless told.
    pub fn server_name(self, server_name: impl Into<String>) -> Self {
        Self { server_name: Some(server_name.into()), ..self }
    }
}

/// Checked options.
pub(crate) struct Settings {
    pub(crate) address: Address,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) stream_silence: Duration,
    pub(crate) connections: usize,
    pub(crate) retry: RetryPolicy,
    hello: pb::Hello,
    token_file: Option<PathBuf>,
    /// With the name that is expected.
    secure: Option<(SslConnector, String)>,
}

/// Where the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Tcp { host: String, port: u16 },
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            Address::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Settings {
    pub(crate) fn new(options: Options) -> Result<Self, Error> {
        let address = parse_address(&options.address).ok_or_else(|| {
            let given = &options.address;
            Error::invalid(format!(r#"an address is "host:port", "[v6]:port" or "unix:PATH", not {given:?}"#))
        })?;
        if options.timeout.is_zero() || options.connect_timeout.is_zero() || options.stream_silence.is_zero() {
            return Err(Error::invalid("a timeout is above 0"));
        }
        if options.connections == 0 {
            return Err(Error::invalid("a client has at least one connection"));
        }
        if options.client_name.len() > CLIENT_NAME_MAX {
            return Err(Error::invalid(format!("a client's name has at most {CLIENT_NAME_MAX} bytes")));
        }
        if options.token.is_some() && options.token_file.is_some() {
            return Err(Error::invalid("a token or a file of it, not both"));
        }
        let secure = match (&options.tls, &address) {
            (Some(tls), Address::Tcp { host, .. }) => {
                Some((connector(tls)?, tls.server_name.clone().unwrap_or_else(|| host.clone())))
            }
            _ => None,
        };
        let hello = pb::Hello {
            versions: vec![VERSION],
            client_name: options.client_name,
            credentials: options.token.map(credentials),
            ledger_id: options.ledger_id,
            ..pb::Hello::default()
        };
        Ok(Self {
            address,
            timeout: options.timeout,
            connect_timeout: options.connect_timeout,
            stream_silence: options.stream_silence,
            connections: options.connections,
            retry: options.retry,
            hello,
            token_file: options.token_file,
            secure,
        })
    }

    /// HELLO of a new connection, with the token that its file has now.
    pub(crate) fn hello(&self) -> Result<pb::Hello, Error> {
        let mut hello = self.hello.clone();
        if let Some(path) = &self.token_file {
            let token = read_token(path).map_err(|problem| {
                let message = format!("the token file {} {problem}", path.display());
                Error::new(NotExecutedKind::Unauthenticated, message)
            })?;
            hello.credentials = Some(credentials(token));
        }
        Ok(hello)
    }

    /// TLS of a new connection, if it has any.
    pub(crate) fn ssl(&self) -> Result<Option<Ssl>, Error> {
        match &self.secure {
            None => Ok(None),
            Some((connector, name)) => match connector.configure().and_then(|one| one.into_ssl(name)) {
                Ok(ssl) => Ok(Some(ssl)),
                Err(error) => Err(Error::because(NotExecutedKind::Protocol, "TLS failed", error)),
            },
        }
    }
}

fn credentials(token: String) -> pb::Credentials {
    pb::Credentials { kind: Some(pb::credentials::Kind::Token(token)) }
}

fn parse_address(text: &str) -> Option<Address> {
    if let Some(path) = text.strip_prefix("unix:") {
        return (cfg!(unix) && !path.is_empty()).then(|| Address::Unix(path.into()));
    }
    let (host, port) = text.rsplit_once(':')?;
    let bare = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(v6) if v6.contains(':') => v6,
        Some(_) => return None,
        None if host.contains([':', '[', ']']) => return None,
        None => host,
    };
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|&port| digits && port > 0)?;
    (!bare.is_empty()).then(|| Address::Tcp { host: bare.into(), port })
}

/// The one line of a file that others can't read or change. The error is what is wrong with the file.
fn read_token(path: &std::path::Path) -> Result<String, String> {
    use std::io::Read;

    let unreadable = |error: std::io::Error| format!("can't be read: {error}");
    let file = std::fs::File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_err(unreadable)?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err("can be read or changed by everybody".into());
        }
    }
    let mut text = String::new();
    file.take(TOKEN_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (Some(token), None) if token.len() as u64 <= TOKEN_BYTES_MAX => Ok(token.into()),
        _ => Err("must have one token on one line and nothing else".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, shown) in [
            ("localhost:7431", "localhost:7431"),
            ("127.0.0.1:1", "127.0.0.1:1"),
            ("[::1]:65535", "[::1]:65535"),
            ("unix:/run/walletd", "unix:/run/walletd"),
        ] {
            let settings = Settings::new(Options::new(text)).expect(text);
            assert_eq!(settings.address.to_string(), shown);
        }
        for text in [
            "",
            "localhost",
            "localhost:",
            "localhost:x",
            "a:b:1",
            "h:65536",
            "h:0",
            "h:-1",
            "h:+1",
            ":7000",
            "unix:",
            "::1:7000",
            "[h]:7000",
            "[::1:7000",
            "[]:1",
        ] {
            let error = Settings::new(Options::new(text)).expect_err(text);
            assert_eq!(error.not_executed_kind(), Some(NotExecutedKind::Invalid), "{text}");
        }
    }

    #[test]
    fn what_cannot_be() {
        let options = || Options::new("localhost:7431");
        for (what, options) in [
            ("timeout", options().timeout(Duration::ZERO)),
            ("connect_timeout", options().connect_timeout(Duration::ZERO)),
            ("connections", options().connections(0)),
            ("two tokens", options().token("a").token_file("b")),
            ("long name", options().client_name("n".repeat(65))),
            ("no such authority", options().tls(Tls::new().ca_file("none.pem"))),
            ("an authority that is none", options().tls(Tls::new().ca_file(file!().rsplit('/').next().unwrap()))),
            ("a certificate without its key", options().tls(Tls::new().cert_file("none.pem"))),
            ("no such certificate", options().tls(Tls::new().certificate("none.pem", "none.key"))),
        ] {
            let error = Settings::new(options).expect_err(what);
            assert_eq!(error.not_executed_kind(), Some(NotExecutedKind::Invalid), "{what}: {error}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let options = Options::new("localhost:7431").token("wlt_1_secret");
        assert!(!format!("{options:?}").contains("wlt_1"));
        let settings = Settings::new(options).unwrap();
        assert!(!format!("{settings:?}").contains("wlt_1"));
        assert_eq!(settings.hello().unwrap().credentials, Some(credentials("wlt_1_secret".into())));
    }
}
