use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Stands between a client and a server, and misbehaves as it is told.
pub struct Proxy {
    pub address: String,
    state: Arc<(Mutex<State>, Condvar)>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    connections: Vec<TcpStream>,
    count: usize,
    /// Bytes that are passed on at a time; 0: as they come.
    slice: usize,
    /// Nothing is passed on.
    black: bool,
    /// Something came that isn't.
    stuck: bool,
    ended: bool,
}

impl Proxy {
    pub fn new(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let (shared, server) = (Arc::clone(&state), server.to_string());
        let accepting = std::thread::spawn(move || accept(&listener, &server, &shared));
        Self { address, state, accepting: Some(accepting) }
    }

    /// Passes on so many bytes at a time from now on.
    pub fn slice(&self, bytes: usize) {
        self.change(|state| state.slice = bytes);
    }

    /// Passes on nothing while on, and what came meanwhile afterwards.
    pub fn blackhole(&self, on: bool) {
        self.change(|state| {
            state.black = on;
            state.stuck = false;
        });
    }

    /// Whether something has come that isn't passed on.
    pub fn is_stuck(&self) -> bool {
        self.change(|state| state.stuck)
    }

    /// Ends all connections that there are.
    pub fn cut(&self) {
        self.change(|state| {
            for connection in state.connections.drain(..) {
                let _ = connection.shutdown(Shutdown::Both);
            }
        });
    }

    /// How many were accepted.
    pub fn connections(&self) -> usize {
        self.change(|state| state.count)
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let (state, changed) = &*self.state;
        let result = change(&mut state.lock().unwrap());
        changed.notify_all();
        result
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.change(|state| state.ended = true);
        self.cut();
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, server: &str, shared: &Arc<(Mutex<State>, Condvar)>) {
    let mut copies = Vec::new();
    while !shared.0.lock().unwrap().ended {
        let client = match listener.accept() {
            Ok((client, _)) => client,
            Err(_) => {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
        };
        client.set_nonblocking(false).unwrap();
        let server = match TcpStream::connect(server) {
            Ok(server) => server,
            Err(_) => continue,
        };
        for socket in [&client, &server] {
            let _ = socket.set_nodelay(true);
        }
        let mut state = shared.0.lock().unwrap();
        state.count += 1;
        state.connections.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
        drop(state);
        for (from, to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
            let shared = Arc::clone(shared);
            copies.push(std::thread::spawn(move || copy(from, to, &shared)));
        }
    }
    for copy in copies {
        let _ = copy.join();
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, shared: &(Mutex<State>, Condvar)) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(bytes) = from.read(&mut buffer) {
        if bytes == 0 {
            break;
        }
        let (state, changed) = shared;
        let mut state = state.lock().unwrap();
        while state.black && !state.ended {
            state.stuck = true;
            state = changed.wait(state).unwrap();
        }
        let slice = if state.slice == 0 { bytes } else { state.slice };
        drop(state);
        if buffer[..bytes].chunks(slice).any(|piece| to.write_all(piece).is_err()) {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
