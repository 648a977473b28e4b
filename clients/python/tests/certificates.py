"""Certificates for tests, made by openssl's command line."""

from __future__ import annotations

import pathlib
import subprocess

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certificates:
    """An authority in a folder, and what it signs."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("authority", "stranger"):
            usage = ("-addext", "keyUsage=critical,keyCertSign")
            self._run("req", "-x509", *_KEY, *self._key(name), "-out", f"{name}.pem", "-subj", f"/CN={name}", *usage)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def make(self, name: str, usage: str, *, names: str = "", by: str = "authority", days: int = 2) -> None:
        """`NAME.pem` and `NAME.key`; `usage` is "serverAuth" or "clientAuth"."""
        extensions = f"extendedKeyUsage={usage}\n" + (f"subjectAltName={names}\n" if names else "")
        (self.folder / f"{name}.ext").write_text(extensions)
        self._run("req", *_KEY, *self._key(name), "-out", f"{name}.csr", "-subj", f"/CN={name}")
        authority = ("-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial")
        more = ("-days", str(days), "-extfile", f"{name}.ext")
        self._run("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *authority, *more)

    def _key(self, name: str) -> tuple[str, str]:
        return ("-keyout", f"{name}.key")

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
        for key in self.folder.glob("*.key"):
            key.chmod(0o600)
