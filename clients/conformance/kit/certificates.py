"""Certificates, made by openssl's command line once for all checks."""

from __future__ import annotations

import pathlib
import subprocess
import threading

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certificates:
    """An authority and a stranger, and what they sign; `NAME.pem` and `NAME.key` in a folder. Made when first asked for."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def path(self, name: str) -> str:
        with self._lock:
            if not self.folder.exists():
                self._make_all()
        return str(self.folder / name)

    def of_server(self, name: str) -> tuple[str, ...]:
        """The options of a server that has it."""
        return ("--tls-cert", self.path(f"{name}.pem"), "--tls-key", self.path(f"{name}.key"))

    def _make_all(self) -> None:
        self.folder.mkdir()
        for name in ("authority", "stranger"):
            usage = ("-addext", "keyUsage=critical,keyCertSign", "-addext", "basicConstraints=critical,CA:TRUE")
            self._run("req", "-x509", *_KEY, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", *usage)
        here = "DNS:localhost,IP:127.0.0.1"
        self._make("server", "serverAuth", names=here)
        self._make("expired", "serverAuth", names=here, days=-1)
        self._make("elsewhere", "serverAuth", names="DNS:ledger.example")
        self._make("client", "clientAuth", names="DNS:shop")
        self._make("intruder", "clientAuth", names="DNS:shop", by="stranger")

    def _make(self, name: str, usage: str, *, names: str, by: str = "authority", days: int = 2) -> None:
        (self.folder / f"{name}.ext").write_text(f"extendedKeyUsage={usage}\nsubjectAltName={names}\n")
        self._run("req", *_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        authority = ("-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial")
        more = ("-days", str(days), "-extfile", f"{name}.ext")
        self._run("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *authority, *more)

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
        for key in self.folder.glob("*.key"):
            key.chmod(0o600)
