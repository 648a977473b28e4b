#!/usr/bin/env python3
"""Opens watches of all transactions from now on and throws away what they say, until SIGTERM: watchers.py PORT COUNT

Then it prints how many bytes came. It reads as cheaply as Python can, so that what it costs is the server's part.
"""

import signal
import socket
import struct
import sys
import threading
import zlib

HELLO, REQUEST = 1, 3
WATCH_TRANSACTIONS = 278


def frame(type: int, payload: bytes, code: int = 0, id: int = 0) -> bytes:
    head = struct.pack(">BBHII", type, 0, code, id, 0)
    return struct.pack(">I", 16 + len(payload)) + head + struct.pack(">I", zlib.crc32(head + payload)) + payload


def read(port: int, counts: list, index: int) -> None:
    sock = socket.create_connection(("127.0.0.1", port))
    # versions: [1]; from_now: true
    sock.sendall(b"WRP/1\r\n\0" + frame(HELLO, b"\x0a\x01\x01") + frame(REQUEST, b"\x18\x01", WATCH_TRANSACTIONS, 1))
    buffer = bytearray(1 << 20)
    while count := sock.recv_into(buffer):
        counts[index] += count


def main() -> None:
    port, watchers = int(sys.argv[1]), int(sys.argv[2])
    counts = [0] * watchers
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    for index in range(watchers):
        threading.Thread(target=read, args=(port, counts, index), daemon=True).start()
    signal.sigwait([signal.SIGTERM])
    print(sum(counts))


if __name__ == "__main__":
    main()
