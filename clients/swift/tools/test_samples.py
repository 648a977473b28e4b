"""The samples run against a real server, and the README has what is in them and what they print."""

from __future__ import annotations

import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from server import server

HERE = pathlib.Path(__file__).resolve().parent.parent
BUILT = HERE / ".build/debug"
BLOCK = re.compile(r"<!-- samples/(\w+)\.swift -->\n```swift\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def run(sample: str, *arguments: str) -> str:
    done = subprocess.run([BUILT / sample, *arguments], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{sample} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def squeezed(code: str) -> str:
    return "\n".join(line.strip() for line in code.strip().splitlines())


class Cutter:
    """A way to a server whose connections are cut every now and then."""

    def __init__(self, target: str) -> None:
        host, port = target.split(":")
        self.target = host, int(port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.sockets: list[socket.socket] = []
        self.over = threading.Event()
        self.cuts = 0
        threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.cut, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.sockets += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pass_on, args=(one, other), daemon=True).start()

    def pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        with one:
            try:
                other.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is gone

    def cut(self) -> None:
        while not self.over.wait(0.025):
            cut, self.sockets = self.sockets, []
            self.cuts += len(cut) // 2
            for one in cut:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it is gone

    def close(self) -> None:
        self.over.set()
        self.listener.close()


class Samples(unittest.TestCase):
    def test_the_readme_has_what_is_in_them_and_what_they_print(self) -> None:
        readme = (HERE / "README.md").read_text()
        blocks = BLOCK.findall(readme)
        self.assertEqual(readme.count("```swift\n"), len(blocks), "each block of code names its sample")
        printed: dict[str, str] = {}
        with server() as address:
            for name, code, output in blocks:
                text = (HERE / f"samples/{name}.swift").read_text()
                self.assertIn(squeezed(code), squeezed(text), f"this isn't in {name}")
                if output:
                    if name not in printed:
                        printed[name] = run(name, address)
                    self.assertIn(output, printed[name], f"{name} prints something else")
        self.assertLessEqual({"basic", "esim_order", "batch"}, set(printed))

    def test_orders_are_paid_over_connections_that_are_cut(self) -> None:
        with server() as address:
            cutter = Cutter(address)
            try:
                self.assertEqual(run("retry", cutter.address), "20 orders are paid, left are 80.00 EUR\n")
            finally:
                cutter.close()
            self.assertGreater(cutter.cuts, 0)

    def test_a_watch_prints_what_is_committed(self) -> None:
        with server() as address:
            with subprocess.Popen([BUILT / "watch", address], stdout=subprocess.PIPE, text=True) as watching:
                try:
                    assert watching.stdout is not None
                    paying = threading.Event()

                    def pay() -> None:
                        # It watches from when it stands, so money is moved until it is seen.
                        while not paying.is_set():
                            subprocess.run([BUILT / "batch", address], capture_output=True)

                    payer = threading.Thread(target=pay)
                    payer.start()
                    try:
                        self.assertRegex(watching.stdout.readline(), r"^(open|credit|debit) \d+ to \d+\n$")
                    finally:
                        paying.set()
                        payer.join()
                finally:
                    watching.kill()

    def test_tls_and_a_token(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            authority, certificate = folder / "authority.pem", folder / "server.pem"
            for command in (
                f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {folder}/authority.key -out {authority}"
                " -subj /CN=authority -days 2",
                f"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {folder}/server.key -out {folder}/server.csr"
                " -subj /CN=server -addext subjectAltName=IP:127.0.0.1",
                f"x509 -req -in {folder}/server.csr -out {certificate} -CA {authority} -CAkey {folder}/authority.key"
                " -CAcreateserial -days 2 -copy_extensions copy",
            ):
                subprocess.run(["openssl", *command.split()], check=True, capture_output=True)
            (folder / "server.key").chmod(0o600)
            token = folder / "token"
            token.touch(mode=0o600)
            token.write_text("secret\n")
            with server("--tls-cert", str(certificate), "--tls-key", f"{folder}/server.key") as address:
                self.assertRegex(run("secure", address, str(authority), str(token)), r"^served by \S+")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE / "tools"))
    unittest.main()
