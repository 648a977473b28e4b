"""A clock that is wrong: libfaketime in front of a process."""

from __future__ import annotations

import glob
import platform

from .failure import Unsupported


def shifted(by: str) -> dict[str, str]:
    """The environment of a process whose clock is off by so much, such as `+3d`; the monotonic one is right."""
    found = glob.glob(f"/usr/lib/{platform.machine()}-*/faketime/libfaketime.so.1") + glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    if not found:
        raise Unsupported("libfaketime is missing: install it (Debian: faketime; scripts/setup.sh clients does)")
    return {
        "LD_PRELOAD": found[0],
        "FAKETIME": by,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
