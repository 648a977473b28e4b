from __future__ import annotations

from decimal import Decimal

import pytest

from walletd import money


@pytest.mark.parametrize(
    ("text", "exponent", "amount"),
    [
        ("12.30", 2, 1230),
        ("12.3", 2, 1230),
        ("12", 2, 1200),
        ("0.05", 2, 5),
        ("-0.05", 2, -5),
        ("-12.30", 2, -1230),
        ("007", 0, 7),
        ("0", 3, 0),
        ("-0", 0, 0),
        ("1.234", 3, 1234),
        ("92233720368547758.07", 2, 2**63 - 1),
        ("-92233720368547758.08", 2, -(2**63)),
        ("0" * 100 + "1", 0, 1),
    ],
)
def test_parse(text: str, exponent: int, amount: int) -> None:
    assert money.parse(text, exponent) == amount


@pytest.mark.parametrize(
    ("text", "exponent"),
    [
        ("12.345", 2),
        ("12.300", 2),
        ("12.0", 0),
        ("", 2),
        (".5", 2),
        ("5.", 2),
        ("+5", 2),
        (" 5", 2),
        ("5\n", 2),
        ("1e3", 2),
        ("1_000", 2),
        ("1,5", 2),
        ("--1", 2),
        ("NaN", 2),
        ("٣", 0),
        ("92233720368547758.08", 2),
        ("-92233720368547758.09", 2),
        ("9" * 5000, 0),
        ("1", -1),
    ],
)
def test_parse_refuses(text: str, exponent: int) -> None:
    with pytest.raises(ValueError):
        money.parse(text, exponent)


@pytest.mark.parametrize("value", [12.3, 12, Decimal("12.3"), b"12.3", None])
def test_parse_takes_text_only(value: object) -> None:
    with pytest.raises(TypeError):
        money.parse(value, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "exponent", "text"),
    [
        (1230, 2, "12.30"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (0, 2, "0.00"),
        (7, 0, "7"),
        (-7, 0, "-7"),
        (2**63 - 1, 2, "92233720368547758.07"),
        (-(2**63), 3, "-9223372036854775.808"),
    ],
)
def test_format(amount: int, exponent: int, text: str) -> None:
    assert money.format(amount, exponent) == text
    assert money.parse(text, exponent) == amount


@pytest.mark.parametrize("amount", [1.0, True, Decimal(1), "1", None])
def test_an_amount_is_an_int(amount: object) -> None:
    with pytest.raises(TypeError):
        money.check_amount(amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money.format(amount, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [2**63, -(2**63) - 1])
def test_an_amount_fits_64_bits(amount: int) -> None:
    with pytest.raises(ValueError):
        money.check_amount(amount)
