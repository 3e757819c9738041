"""Money is integer fen (1 yuan = 100 fen). No float ever holds an amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NewType

from leye.kernel.errors import BadInput

Fen = NewType("Fen", int)


def fen_from_yuan(yuan: str | int | Decimal) -> Fen:
    """Exact amount of a yuan figure, rounded half up to the fen. Raises BadInput on anything that is no finite number.

    >>> fen_from_yuan("12.345")
    1235
    """
    try:
        amount = Decimal(yuan)
    except InvalidOperation as error:
        raise BadInput(f"“{yuan}”不是金额", en=f"{yuan!r} is not an amount", remedy_zh="请写成数字，单位元，例如 1250.50") from error
    if not amount.is_finite():
        raise BadInput(f"“{yuan}”不是金额", en=f"{yuan!r} is not a finite amount", remedy_zh="请写成有限的数字，单位元")
    return Fen(int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def yuan_text(fen: int) -> str:
    """Amount for a page: thousands separators, fen only when there are some.

    >>> yuan_text(123456700), yuan_text(-1250)
    ('1,234,567', '-12.50')
    """
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}" + (f".{rest:02d}" if rest else "")
