"""The behaviours, by topic: importing this package makes the table."""

# ruff: noqa: F401, I001
from . import local  # the order is that of the table
from . import messages
from . import verbs
from . import errors
from . import keys
from . import calls
from . import retries
from . import unknown
from . import restarts
from . import ways
from . import garbage
from . import identity
from . import streams
from . import ends
from . import clocks
