"""Decimal text to minor units and back, without floating point.

A currency's exponent is the count of digits after its point: 2 for EUR, 0 for JPY, 3 for KWD. Every reply that holds
an amount holds the exponent too.
"""

from __future__ import annotations

import re

AMOUNT_MAX = 2**63 - 1
AMOUNT_MIN = -(2**63)

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def check_amount(amount: int) -> int:
    """`amount` itself when it is an int of minor units that fits int64.

    Raises TypeError for any other type (float, bool, Decimal, str …) and ValueError outside int64.
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"an amount is an int of minor units, not {type(amount).__name__}; see walletd.money.parse")
    if not AMOUNT_MIN <= amount <= AMOUNT_MAX:
        raise ValueError(f"amount {amount} does not fit 64 bits")
    return amount


def parse(text: str, exponent: int) -> int:
    """Minor units of decimal text: parse("12.30", 2) is 1230, and so is parse("12.3", 2).

    Raises TypeError when `text` is not a str (a float would have lost digits already), and ValueError when it is not
    a plain decimal number, has digits beyond the exponent (zeros too), or does not fit int64.
    """
    if not isinstance(text, str):
        raise TypeError(f"money is parsed from str, not {type(text).__name__}")
    _check_exponent(exponent)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a decimal number")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > exponent:
        raise ValueError(f"{text!r} has more than {exponent} digits after the point")
    digits = (whole + fraction.ljust(exponent, "0")).lstrip("0") or "0"
    if len(digits) > 19:  # before int(), whose cost grows with the square of the length
        raise ValueError(f"an amount of {len(digits)} digits does not fit 64 bits")
    return check_amount(int(sign + digits))


def format(amount: int, exponent: int) -> str:
    """Decimal text of minor units: format(1230, 2) is "12.30". Raises TypeError when `amount` is not an int."""
    check_amount(amount)
    _check_exponent(exponent)
    digits = str(abs(amount)).rjust(exponent + 1, "0")
    sign = "-" if amount < 0 else ""
    if exponent == 0:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def _check_exponent(exponent: int) -> None:
    if isinstance(exponent, bool) or not isinstance(exponent, int):
        raise TypeError("an exponent is an int")
    if exponent < 0:
        raise ValueError("an exponent is not negative")
