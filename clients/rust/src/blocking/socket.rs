use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::Instant;

use crate::options::Address;

/// A connected socket that one thread reads and another one writes.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    pub(super) fn connect(address: &Address, give_up_at: Instant) -> io::Result<Self> {
        match address {
            Address::Tcp { host, port } => tcp(host, *port, give_up_at).map(Socket::Tcp),
            #[cfg(unix)]
            Address::Unix(path) => UnixStream::connect(path).map(Socket::Unix),
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    pub(super) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => read(socket, buffer),
            #[cfg(unix)]
            Socket::Unix(socket) => read(socket, buffer),
        }
    }

    pub(super) fn write(&self, data: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => write(socket, data),
            #[cfg(unix)]
            Socket::Unix(socket) => write(socket, data),
        }
    }

    /// Writes what the socket takes at once. Nothing is read or written behind it.
    pub(super) fn write_last(&self, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        let unblocked = match self {
            Socket::Tcp(socket) => socket.set_nonblocking(true),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.set_nonblocking(true),
        };
        if unblocked.is_ok() {
            let _ = self.write(data); // the other side may be gone already
        }
    }

    /// Ends both directions, and so a read or a write under way.
    pub(super) fn shut_down(&self) {
        let _ = match self {
            Socket::Tcp(socket) => socket.shutdown(Shutdown::Both),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.shutdown(Shutdown::Both),
        }; // it may be gone already
    }
}

/// Of a socket that is shared.
fn read(mut socket: impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    socket.read(buffer)
}

fn write(mut socket: impl Write, data: &[u8]) -> io::Result<usize> {
    socket.write(data)
}

/// The first of the host's addresses that answers.
fn tcp(host: &str, port: u16, give_up_at: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in (host, port).to_socket_addrs()? {
        let left = give_up_at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(socket) => {
                socket.set_nodelay(true)?;
                return Ok(socket);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
