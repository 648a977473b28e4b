"""The behaviours, by topic: importing this package makes the table."""

from . import (  # noqa: F401  the order is that of the table
    calls,
    clocks,
    ends,
    errors,
    garbage,
    identity,
    keys,
    local,
    messages,
    restarts,
    retries,
    streams,
    unknown,
    verbs,
    ways,
)
