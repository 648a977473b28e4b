use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use openssl::ssl::SslAcceptor;
use prost::Message;
use walletd::wire::{encode, flags, Deframer, Frame, FrameType, Header, PREFACE};
use walletd::Reason;

use super::{pb, PATIENCE};

/// The connection has ended, which ends its script.
#[derive(Debug)]
pub struct Ended;

impl From<std::io::Error> for Ended {
    fn from(_: std::io::Error) -> Self {
        Ended
    }
}

/// What a script gives.
pub type Played = Result<(), Ended>;

/// Plays one connection.
pub type Script = Box<dyn FnOnce(&mut Peer) -> Played + Send>;

trait Way: Read + Write + Send {}

impl<T: Read + Write + Send> Way for T {}

/// The server's side of one connection.
pub struct Peer {
    way: Box<dyn Way>,
    socket: TcpStream,
    deframer: Deframer,
}

/// A scripted server: each connection is played by the next script. When it goes it waits for them, and what failed in one
/// fails the test.
pub struct Fake {
    pub address: String,
    accepted: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Fake {
    pub fn new(scripts: Vec<Script>) -> Self {
        Self::start(None, scripts)
    }

    /// One connection.
    pub fn once(script: impl FnOnce(&mut Peer) -> Played + Send + 'static) -> Self {
        Self::new(vec![Box::new(script)])
    }

    /// So many connections, all alike.
    pub fn many(count: usize, script: impl Fn(&mut Peer) -> Played + Send + Sync + Clone + 'static) -> Self {
        Self::new((0..count).map(|_| Box::new(script.clone()) as Script).collect())
    }

    /// With TLS.
    pub fn secure(acceptor: SslAcceptor, scripts: Vec<Script>) -> Self {
        Self::start(Some(acceptor), scripts)
    }

    fn start(acceptor: Option<SslAcceptor>, scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (accepted, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counts, stops) = (Arc::clone(&accepted), Arc::clone(&stop));
        let accepting = std::thread::spawn(move || {
            let mut players = Vec::new();
            for script in scripts {
                let socket = match accept(&listener, &stops) {
                    Some(socket) => socket,
                    None => break,
                };
                counts.fetch_add(1, Ordering::SeqCst);
                let acceptor = acceptor.clone();
                players.push(std::thread::spawn(move || play(socket, acceptor, script)));
            }
            let failed = players.into_iter().filter_map(|player| player.join().err()).next();
            if let Some(failed) = failed {
                std::panic::resume_unwind(failed);
            }
        });
        Self { address, accepted, stop, accepting: Some(accepting) }
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let result = self.accepting.take().map(JoinHandle::join);
        if let (Some(Err(failed)), false) = (result, std::thread::panicking()) {
            std::panic::resume_unwind(failed);
        }
    }
}

fn accept(listener: &TcpListener, stop: &AtomicBool) -> Option<TcpStream> {
    loop {
        match listener.accept() {
            Ok((socket, _)) => {
                socket.set_nonblocking(false).unwrap();
                return Some(socket);
            }
            Err(_) if stop.load(Ordering::SeqCst) => return None,
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn play(socket: TcpStream, acceptor: Option<SslAcceptor>, script: Script) {
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.set_write_timeout(Some(PATIENCE)).unwrap();
    socket.set_nodelay(true).unwrap();
    let own = socket.try_clone().unwrap();
    let way: Box<dyn Way> = match acceptor {
        None => Box::new(socket),
        Some(acceptor) => match acceptor.accept(socket) {
            Ok(stream) => Box::new(stream),
            Err(_) => {
                // Closed at once, what the client still sends would take the alert from it.
                let mut own = own;
                let _ = std::io::copy(&mut own, &mut std::io::sink());
                return;
            }
        },
    };
    let _ = script(&mut Peer { way, socket: own, deframer: Deframer::new(8 << 20) });
}

impl Peer {
    /// Reads the preface and HELLO, and answers HELLO_ACK.
    pub fn hello(&mut self) -> Result<pb::Hello, Ended> {
        self.hello_with(pb::Limits::default())
    }

    pub fn hello_with(&mut self, limits: pb::Limits) -> Result<pb::Hello, Ended> {
        let hello = self.read_hello()?;
        let ack = pb::HelloAck { version: 1, limits: Some(limits), ..Default::default() };
        self.send(Header::new(FrameType::HelloAck), &ack)?;
        Ok(hello)
    }

    /// Reads the preface and HELLO.
    pub fn read_hello(&mut self) -> Result<pb::Hello, Ended> {
        let mut preface = [0; 8];
        self.way.read_exact(&mut preface)?;
        assert_eq!(&preface, PREFACE);
        let frame = self.read()?;
        assert_eq!(frame.header.kind, FrameType::Hello);
        Ok(pb::Hello::decode(&*frame.payload).unwrap())
    }

    /// Waits for a frame.
    pub fn read(&mut self) -> Result<Frame, Ended> {
        loop {
            if let Some(frame) = self.deframer.next().expect("the client speaks WRP/1") {
                return Ok(frame);
            }
            let mut buffer = [0; 16 * 1024];
            match self.way.read(&mut buffer) {
                Ok(0) | Err(_) => return Err(Ended),
                Ok(bytes) => self.deframer.feed(&buffer[..bytes]),
            }
        }
    }

    /// Waits for a REQUEST.
    pub fn request(&mut self) -> Result<Frame, Ended> {
        let frame = self.read()?;
        assert_eq!(frame.header.kind, FrameType::Request, "{frame:?} where a request should be");
        assert_ne!(frame.header.millis, 0, "a request has a deadline");
        Ok(frame)
    }

    /// Waits for a request of this message.
    pub fn asked<M: Message + Default>(&mut self, method: pb::Method) -> Result<(Frame, M), Ended> {
        let frame = self.request()?;
        assert_eq!(i32::from(frame.header.code), method as i32);
        let message = M::decode(&*frame.payload).unwrap();
        Ok((frame, message))
    }

    /// Waits for a CANCEL of this request.
    pub fn cancel_of(&mut self, request: &Frame) -> Played {
        let frame = self.read()?;
        let found = (frame.header.kind, frame.header.request_id);
        assert_eq!(found, (FrameType::Cancel, request.header.request_id));
        Ok(())
    }

    pub fn send(&mut self, header: Header, message: &impl Message) -> Played {
        self.send_bytes(header, &message.encode_to_vec())
    }

    pub fn send_bytes(&mut self, header: Header, payload: &[u8]) -> Played {
        let mut bytes = Vec::new();
        encode(&mut bytes, header, payload);
        self.write(&bytes)
    }

    pub fn write(&mut self, bytes: &[u8]) -> Played {
        self.way.write_all(bytes)?;
        Ok(self.way.flush()?)
    }

    /// Answers a request.
    pub fn ok(&mut self, request: &Frame, message: &impl Message) -> Played {
        self.send(Header::new(FrameType::Response).of_request(request.header.request_id), message)
    }

    /// Answers a request with an error and NOT_EXECUTED.
    pub fn fail(&mut self, request: &Frame, reason: Reason, status: u16) -> Played {
        self.refuse(request, status, flags::NOT_EXECUTED, pb::Error { message: "scripted".into(), ..error(reason) })
    }

    /// Answers with an error and the rest of the header.
    pub fn refuse(&mut self, request: &Frame, status: u16, given: u8, error: pb::Error) -> Played {
        let header = Header { code: status, flags: given, ..Header::new(FrameType::Response) };
        self.send(header.of_request(request.header.request_id), &error)
    }

    /// Sends an event of a stream.
    pub fn event(&mut self, request: &Frame, event: &impl Message) -> Played {
        self.send(Header::new(FrameType::Event).of_request(request.header.request_id), event)
    }

    pub fn go_away(&mut self) -> Played {
        self.send(Header::new(FrameType::GoAway), &pb::GoAway { message: "restart".into() })
    }

    /// Waits until the client closes, whatever it may still send.
    pub fn ends(&mut self) -> Played {
        let mut buffer = [0; 16 * 1024];
        while self.way.read(&mut buffer)? > 0 {}
        Ok(())
    }

    /// Ends the connection now.
    pub fn close(&mut self) {
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
    }
}

pub fn error(reason: Reason) -> pb::Error {
    pb::Error { reason: reason.number(), ..Default::default() }
}

/// An address on loopback where nobody listens.
pub fn refused_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
