"""Differences as people read them: with a sign in front, a real minus, and as many digits whatever the size."""

from __future__ import annotations


def signed(value: float, digits: int = 1) -> str:
    """A difference with its sign; what rounds to 0 has none.

    >>> signed(-2.34), signed(0.04), signed(1234, 0)
    ('−2.3', '0.0', '+1,234')
    """
    text = f"{abs(value):,.{digits}f}"
    return text if not text.strip("0.,") else ("−" if value < 0 else "+") + text


def signed_percent(share: float) -> str:
    """A change, 0.1 for a tenth more, in percent with one digit behind the point.

    >>> signed_percent(-0.1), signed_percent(0.0132)
    ('−10.0%', '+1.3%')
    """
    return signed(share * 100) + "%"
