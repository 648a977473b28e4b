"""A connection for asyncio: the same core as for threads, on one event loop."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

from .attempts import Attempts
from .core import Core, Failed, Outcome, Settled, State
from .deadline import Deadline
from .errors import Disconnected, WalletError
from .settings import Settings
from .streams import AsyncEventQueue, StreamRequest
from .tls import error_of


_GOODBYE_SECONDS_MAX = 0.5


class AsyncConnection(asyncio.Protocol):
    def __init__(self, settings: Settings) -> None:
        """Starts to connect and returns at once. Must be made on a running loop, and belongs to it."""
        self.loop = asyncio.get_running_loop()
        self._settings = settings
        self._core = Core(settings.greeting())
        self._transport: asyncio.Transport | None = None
        self._writable = True
        self._flushing = False
        self._leaving: asyncio.TimerHandle | None = None
        self._gone: asyncio.Future[None] = self.loop.create_future()
        self._opened: asyncio.Future[None] = self.loop.create_future()
        self._opening = self.loop.create_task(self._open())

    @property
    def accepting(self) -> bool:
        return self._core.accepting

    async def attempt(self, attempts: Attempts[Any]) -> Outcome:
        """Sends the request and waits for its end. Raises the call's error when its deadline passes first."""
        if not self._core.accepting:
            return self._core.refusal
        waiter: asyncio.Future[Outcome | None] = self.loop.create_future()
        request_id = self._core.call(attempts.request.method, attempts.payload, attempts.deadline, waiter)
        self._flush_soon()
        late = self.loop.call_later(attempts.deadline.remaining(), _tell_late, waiter)
        try:
            outcome = await waiter
        except BaseException:  # this task was cancelled, and perhaps in the turn of the loop in which the outcome came
            if waiter.cancelled() and self._forget(request_id):
                attempts.abandoned()
            raise
        finally:
            late.cancel()
        if outcome is None:
            raise attempts.timed_out(self._forget(request_id))
        return outcome

    def subscribe(self, request: StreamRequest[Any], deadline: Deadline, queue: AsyncEventQueue) -> int | Failed:
        """Asks for a stream, whose events and end go to `queue`. Returns its id, for `unsubscribe`."""
        if not self._core.accepting:
            return self._core.refusal
        payload = request.message.SerializeToString()
        request_id = self._core.call(request.method, payload, deadline, queue, streams=True)
        queue.cancel = lambda: self.unsubscribe(request_id)
        self._flush()
        return request_id

    def unsubscribe(self, request_id: int, *, silent: bool = False) -> None:
        """Nobody reads the stream any more, if it hasn't ended. `silent`: because nothing came when something should."""
        self._core.forget(request_id)
        if silent:
            self._core.distrust()
        self._flush()

    def close(self, error: WalletError) -> None:
        """Ends all calls with `error`, and the connection."""
        _tell(self._core.lost(error, retry=False))
        self._opening.cancel()
        self._flush()

    async def gone(self) -> None:
        """Waits, after `close`, for the end of a goodbye."""
        if self._leaving is not None:
            await asyncio.wait((self._gone,))

    # ------------------------------------------------------------ opening

    async def _open(self) -> None:
        settings = self._settings
        connecting = self.loop.create_task(self._connect())
        try:
            done, _ = await asyncio.wait((connecting,), timeout=settings.connect_timeout)
            if done:
                connecting.result()
            else:
                self._end(Disconnected("the server did not answer HELLO in time"))
        except ssl.SSLError as error:
            self._refuse(error)
        except (OSError, UnicodeError) as error:  # UnicodeError: of a host name
            self._end(Disconnected(f"no connection to {settings.address}: {error}"))
        finally:
            connecting.cancel()

    async def _connect(self) -> None:
        address = self._settings.address
        if isinstance(address, str):
            await self.loop.create_unix_connection(lambda: self, address)
        else:
            await self.loop.create_connection(
                lambda: self,
                *address,
                ssl=self._settings.tls,
                server_hostname=self._settings.server_name,
                ssl_handshake_timeout=self._settings.connect_timeout if self._settings.tls else None,
            )
        await self._opened

    # ------------------------------------------------------------ asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        sock = transport.get_extra_info("socket")
        if sock.family != getattr(socket, "AF_UNIX", None):  # asyncio sets TCP_NODELAY itself
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._flush()

    def data_received(self, data: bytes) -> None:
        _tell(self._core.receive(data))
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
        if not self._gone.done():
            self._gone.set_result(None)
        if isinstance(error, ssl.SSLError):
            self._refuse(error)
            return
        how = f"the connection broke: {error}" if error else "the server closed the connection"
        self._end(Disconnected(how))

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._flush()

    # ------------------------------------------------------------ inside

    def _forget(self, request_id: int) -> bool:
        sent = self._core.forget(request_id)
        self._flush()
        return sent

    def _flush_soon(self) -> None:
        """Once for all that is called in this turn of the loop, so that many calls share a write."""
        if not self._flushing:
            self._flushing = True
            self.loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Hands the transport what it wants; what it doesn't want stays in the core, certain not to be sent."""
        self._flushing = False
        if self._transport is not None:
            while self._writable and (data := self._core.take()):
                self._transport.write(data)
            if self._core.finished:
                self._leave(self._transport)
        if self._core.state is not State.OPENING and not self._opened.done():
            self._opened.set_result(None)

    def _leave(self, transport: asyncio.Transport) -> None:
        """Ends the socket. TLS says so to the other side (close_notify), which may take it or not."""
        if self._leaving is not None:
            return
        if self._settings.tls is None or not self._writable or transport.get_write_buffer_size():
            transport.abort()  # close() would wait for a peer that doesn't read
            return
        self._leaving = self.loop.call_later(_GOODBYE_SECONDS_MAX, transport.abort)
        transport.close()

    def _refuse(self, error: ssl.SSLError) -> None:
        """What TLS has against the peer, or the peer against us: in the opening it would come again."""
        opening = self._core.state is State.OPENING
        if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) or not opening:
            self._end(Disconnected(f"the connection broke: {error}"))
            return
        _tell(self._core.lost(error_of(error, self._settings.address), retry=False))
        self._flush()

    def _end(self, error: WalletError) -> None:
        _tell(self._core.lost(error))
        self._flush()


def _tell_late(waiter: asyncio.Future[Outcome | None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _tell(settled: Settled) -> None:
    for waiter, outcome in settled:
        if not waiter.done():
            waiter.set_result(outcome)
