"""The behaviours, by topic: importing this package makes the table."""

from . import (  # noqa: F401  the order is that of the table
    local,
    messages,
    verbs,
    errors,
    keys,
    calls,
    retries,
    unknown,
    restarts,
    ways,
    garbage,
    identity,
    streams,
    ends,
    clocks,
)
