"""A connection for threads: one thread owns the socket, any thread may call.

Nothing blocks but that thread and the waits of the callers, each bounded by its own deadline. In particular looking up
the host and connecting happen on the connection's thread, since no timeout reaches into a name lookup.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import ssl
import threading
import time
from typing import Any

from .attempts import Attempts
from .core import Core, Failed, Outcome, Settled, State
from .deadline import Deadline
from .errors import Disconnected, WalletError
from .settings import Settings
from .streams import EventQueue, StreamRequest
from .tls import error_of

READ_BYTES_MAX = 64 * 1024


class Connection:
    def __init__(self, settings: Settings) -> None:
        """Starts to connect and returns at once."""
        self._settings = settings
        self._core = Core(settings.greeting())
        self._lock = threading.Lock()  # guards _core, _socket, _unsent
        self._socket: socket.socket | None = None
        self._unsent = b""  # taken from the core, not yet by the kernel
        self._wake_receiver, self._wake_sender = socket.socketpair()
        self._wake_receiver.setblocking(False)
        self._wake_sender.setblocking(False)
        threading.Thread(target=self._run, name="walletd", daemon=True).start()

    # ------------------------------------------------------------ callers' side

    @property
    def accepting(self) -> bool:
        return self._core.accepting

    def attempt(self, attempts: Attempts[Any]) -> Outcome:
        """Sends the request and waits for its end. Raises the call's error when its deadline passes first."""
        waiter: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        with self._lock:
            if not self._core.accepting:
                return self._core.refusal
            request_id = self._core.call(attempts.request.method, attempts.payload, attempts.deadline, waiter)
            self._flush()
        try:
            with contextlib.suppress(queue.Empty):
                return waiter.get(timeout=attempts.deadline.remaining())
        except BaseException:  # KeyboardInterrupt
            if self._forget(request_id):
                attempts.abandoned()
            raise
        sent = self._forget(request_id)
        with contextlib.suppress(queue.Empty):
            return waiter.get_nowait()  # it came between the two
        raise attempts.timed_out(sent)

    def subscribe(self, request: StreamRequest[Any], deadline: Deadline, queue: EventQueue) -> int | Failed:
        """Asks for a stream, whose events and end go to `queue`. Returns its id, for `unsubscribe`."""
        with self._lock:
            if not self._core.accepting:
                return self._core.refusal
            payload = request.message.SerializeToString()
            request_id = self._core.call(request.method, payload, deadline, queue, streams=True)
            queue.cancel = lambda: self.unsubscribe(request_id)
            self._flush()
        return request_id

    def unsubscribe(self, request_id: int, *, silent: bool = False) -> None:
        """Nobody reads the stream any more, if it hasn't ended. `silent`: because nothing came when something should."""
        with self._lock:
            self._core.forget(request_id)
            if silent:
                self._core.distrust()
            self._flush()

    def close(self, error: WalletError) -> None:
        """Ends all calls with `error`; the thread closes the socket."""
        with self._lock:
            settled = self._core.lost(error, retry=False)
            self._wake()
        _tell(settled)

    def _forget(self, request_id: int) -> bool:
        with self._lock:
            sent = self._core.forget(request_id)
            self._flush()
            return sent

    # ------------------------------------------------------------ under the lock

    def _flush(self) -> None:
        """Writes what the socket takes now; wakes the thread for the rest."""
        if self._socket is None:
            return
        try:
            while self._unsent or self._take():
                count = self._socket.send(self._unsent)
                self._unsent = self._unsent[count:]
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError:
            self._unsent = b""
            self._shut_down()  # the thread then reads what is left, and the end
        if self._unsent or self._core.finished:
            self._wake()

    def _take(self) -> bool:
        self._unsent = self._core.take()
        return bool(self._unsent)

    def _shut_down(self) -> None:
        try:
            assert self._socket is not None
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is gone already

    def _wake(self) -> None:
        try:
            self._wake_sender.send(b"\0")
        except OSError:
            pass  # full: the thread is awake already; closed: it has ended

    # ------------------------------------------------------------ the thread's side

    def _run(self) -> None:
        give_up_at = time.monotonic() + self._settings.connect_timeout
        try:
            with _connect(self._settings, give_up_at) as sock:
                sock.setblocking(False)
                with self._lock:
                    self._socket = sock
                try:
                    self._serve(sock, give_up_at)
                finally:
                    with self._lock:
                        self._socket = None
                        self._say_goodbye(sock)
        except ssl.SSLError as error:
            self._refuse(error)
        except (OSError, UnicodeError) as error:  # UnicodeError: of a host name
            self._end(Disconnected(f"no connection to {self._settings.address}: {error}"))
        except BaseException as error:
            self._end(Disconnected(f"the connection's thread failed: {error!r}"))
            raise
        finally:
            with self._lock:
                self._wake_receiver.close()
                self._wake_sender.close()

    def _say_goodbye(self, sock: socket.socket) -> None:
        """Of TLS: close_notify, which the socket takes now or never."""
        if isinstance(sock, ssl.SSLSocket) and not self._unsent:
            with contextlib.suppress(OSError, ValueError):
                sock.unwrap()

    def _serve(self, sock: socket.socket, give_up_at: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            selector.register(self._wake_receiver, selectors.EVENT_READ)
            while True:
                with self._lock:
                    self._flush()
                    if self._core.finished:
                        return
                    writing = selectors.EVENT_WRITE if self._unsent else 0
                    opening = self._core.state is State.OPENING
                selector.modify(sock, selectors.EVENT_READ | writing)
                timeout = give_up_at - time.monotonic() if opening else None
                if timeout is not None and timeout <= 0:
                    self._end(Disconnected("the server did not answer HELLO in time"))
                    return
                for key, events in selector.select(timeout):
                    if key.fileobj is self._wake_receiver:
                        self._wake_receiver.recv(READ_BYTES_MAX)
                    elif events & selectors.EVENT_READ:
                        self._read(sock)

    def _read(self, sock: socket.socket) -> None:
        # TLS decrypts whole records: what of one doesn't fit into the answer is with it, and not with the socket, which
        # would say so.
        more = True
        while more:
            try:
                with self._lock:  # a TLS connection is for one thread at a time
                    data = sock.recv(READ_BYTES_MAX)
                    more = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
            except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except ssl.SSLError as error:
                self._refuse(error)
                return
            except OSError as error:
                self._end(Disconnected(f"the connection broke: {error}"))
                return
            if not data:
                self._end(Disconnected("the server closed the connection"))
                return
            with self._lock:
                settled = self._core.receive(data)
            _tell(settled)

    def _refuse(self, error: ssl.SSLError) -> None:
        """What TLS has against the peer, or the peer against us: in the opening it would come again."""
        with self._lock:
            opening = self._core.state is State.OPENING
            if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) or not opening:
                settled = self._core.lost(Disconnected(f"the connection broke: {error}"))
            else:
                settled = self._core.lost(error_of(error, self._settings.address), retry=False)
        _tell(settled)

    def _end(self, error: WalletError) -> None:
        with self._lock:
            settled = self._core.lost(error)
        _tell(settled)


def _tell(settled: Settled) -> None:
    for waiter, outcome in settled:
        waiter.put(outcome)


def _connect(settings: Settings, give_up_at: float) -> socket.socket:
    address, timeout = settings.address, settings.connect_timeout
    if isinstance(address, str):
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        return sock
    sock = socket.create_connection(address, timeout)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return sock if settings.tls is None else _shake_hands(sock, settings, give_up_at)
    except BaseException:
        sock.close()
        raise


def _shake_hands(sock: socket.socket, settings: Settings, give_up_at: float) -> ssl.SSLSocket:
    """Waits for the handshake as a whole no longer than for the rest of the opening."""
    assert settings.tls is not None
    sock.setblocking(False)
    secure = settings.tls.wrap_socket(sock, server_hostname=settings.server_name, do_handshake_on_connect=False)
    try:
        with selectors.DefaultSelector() as selector:
            key = selector.register(secure, selectors.EVENT_READ)
            while True:
                try:
                    secure.do_handshake()
                    return secure
                except ssl.SSLWantReadError:
                    selector.modify(key.fileobj, selectors.EVENT_READ)
                except ssl.SSLWantWriteError:
                    selector.modify(key.fileobj, selectors.EVENT_WRITE)
                left = give_up_at - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError("the TLS handshake took too long")
    except BaseException:
        secure.close()
        raise
