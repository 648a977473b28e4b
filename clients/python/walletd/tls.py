"""How a client recognises its server over TLS, and shows who it is itself."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from .errors import CertificateError, NoTLSError, TLSError

PROTOCOL = "wrp/1"
"""The name of WRP/1 in ALPN."""


@dataclass(frozen=True)
class TLS:
    """Settings of TLS 1.3. Over a Unix socket there is no TLS."""

    ca_file: str | None = None
    """Authorities that are trusted, as a PEM file; None: those that the machine trusts."""
    cert_file: str | None = None
    """The chain of certificates that this program shows a server that asks for one, PEM."""
    key_file: str | None = None
    """Its key, PEM without a password."""
    server_name: str | None = None
    """The name or numeric address that the server's certificate must have; None: the host of the address."""
    minimum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3

    def context(self) -> ssl.SSLContext:
        """Reads the files. Raises ValueError when one of them can't be used."""
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = self.minimum_version
        context.set_alpn_protocols([PROTOCOL])
        try:
            if self.ca_file is None:
                context.load_default_certs()
            else:
                context.load_verify_locations(self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"ca_file {self.ca_file!r} can't be used: {error}") from error
        if self.cert_file is not None:
            try:
                # Without the empty password ssl would ask on the terminal.
                context.load_cert_chain(self.cert_file, self.key_file, password="")
            except (OSError, ssl.SSLError) as error:
                raise ValueError(
                    f"cert_file {self.cert_file!r} and key_file {self.key_file!r} can't be used: {error}"
                ) from error
        return context


_VERIFIED = {
    # X509_V_ERR_* of OpenSSL.
    62: "wrong_name",
    64: "wrong_name",
    10: "expired",
    9: "not_yet_valid",
    2: "unknown_authority",
    7: "unknown_authority",
    18: "unknown_authority",
    19: "unknown_authority",
    20: "unknown_authority",
    21: "unknown_authority",
}


# Words of the alerts that tell a client about its certificate.
_ABOUT_CERTIFICATES = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")


def error_of(error: ssl.SSLError, address: object) -> TLSError:
    """What stands between the two, by name."""
    reason = error.reason or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = _VERIFIED.get(error.verify_code, "bad_certificate")
        text = f"the server's certificate is refused: {error.verify_message}"
    elif reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
        problem, text = "no_tls", "the server doesn't speak TLS"
    elif reason in ("UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "TLSV1_ALERT_PROTOCOL_VERSION"):
        problem, text = "version", "the two sides have no version of TLS in common"
    elif "ALERT" in reason:
        about_certificates = any(word in reason for word in _ABOUT_CERTIFICATES)
        problem = "refused" if about_certificates else "other"
        text = f"the server ended it with a TLS alert: {reason.lower().replace('_', ' ')}"
    else:
        problem, text = "other", f"TLS failed: {error}"
    kind = NoTLSError if problem in ("no_tls", "version", "other") else CertificateError
    return kind(f"no connection to {address}: {text}", problem=problem)
