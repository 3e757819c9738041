"""The filter in front of every log handler: what a record says, its arguments, its exception and its extra fields are masked before they are written.

It sits on the handlers, not on the loggers: a filter on a logger is passed by when a child's record comes up.
"""

from __future__ import annotations

import logging
from typing import Any

from leye.trust.privacy.masking import BLOT, is_known_field, mask, mask_value

_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime", "taskName"}
_formatter = logging.Formatter()


class MaskPersonalData(logging.Filter):
    """Lets every record through, blotted. A record that cannot even be put together is written as such, without its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask in place. The message is put together first: a number split over two arguments is whole only then."""
        if getattr(record, "is_masked", False):
            return True
        record.msg, record.args = _message(record), None
        if record.exc_info:
            record.exc_text = mask(record.exc_text or _formatter.formatException(record.exc_info))
        elif record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        for name, value in list(record.__dict__.items()):
            if name not in _STANDARD:
                record.__dict__[name] = BLOT if is_known_field(name) else _extra(value)
        record.is_masked = True
        return True


def _message(record: logging.LogRecord) -> str:
    """The message with fields of mapping arguments blotted by name, then as a whole by pattern."""
    args: Any = record.args
    if isinstance(args, dict):
        args = mask_value(args)
    elif isinstance(args, tuple):
        args = tuple(mask_value(a) if isinstance(a, dict | list | set) else a for a in args)
    try:
        said = str(record.msg)
        return mask(said % args if args else said)
    except Exception:  # a wrong format must neither be lost nor print its arguments in clear, as the standard library would
        return mask(f"{record.msg} (arguments do not fit the format)")


def _extra(value: Any) -> Any:
    """Extra fields: requests and other objects stay objects for the handlers that need them; text and containers are masked."""
    return mask_value(value) if isinstance(value, str | bytes | int | dict | list | tuple | set) else value
