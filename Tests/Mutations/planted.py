"""Which of the planted bugs is at work. Only the copy of the tree that `make mutate` tests has this file."""

import os

_NUMBER = os.environ.get("WALLETD_PLANTED")


def active(bug: int) -> bool:
    return str(bug) == _NUMBER
