"""Personal data and secrets blotted out of text that goes to a log: identity numbers, telephones, bank cards, mail, names in known fields, keys.

Too much is blotted out rather than too little: any run of 15 digits and more goes, also where a check digit is wrong, because a mistyped number
still tells whose it is. Digits of any script count (１３８ is 138), and so do numbers broken up by spaces, dashes or invisible characters. What
follows a field's name (`name=`, `"姓名": `) goes whatever it is.

Forms: GB 11643 identity numbers (18 characters, the last perhaps X; 15 digits before 1999), mobile numbers (1, 3 to 9, nine digits), payment cards
(up to 19 digits, ISO/IEC 7812), bearer tokens (RFC 6750), web tokens (RFC 7519), signing keys in C2SP note form, PEM blocks (RFC 7468).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

BLOT = "•••"
"""What stands where something was."""

DEEPEST = 6
"""Levels of nested containers that are walked; below, the whole value is blotted out. Chosen by us."""

SECRET_FIELDS = frozenset({
    "password", "passwd", "pwd", "secret", "secret_key", "token", "api_key", "apikey", "key", "private_key", "authorization", "cookie",
    "sessionid", "session_key", "csrftoken", "csrfmiddlewaretoken", "salt", "credential", "credentials", "密码", "口令", "密钥", "令牌",
})  # fmt: skip
"""Fields whose value is secret, whatever stands in front of their name (`db_password`)."""

PERSON_FIELDS = frozenset({
    "name", "full_name", "real_name", "person_name", "display_name", "username", "contact_name", "id_number", "id_card", "idcard",
    "identity_number", "phone", "mobile", "telephone", "tel", "email", "mail", "address", "home_address", "bank_card", "card_number",
    "account_number", "姓名", "名字", "联系人", "身份证", "身份证号", "身份证号码", "证件号码", "手机", "手机号", "手机号码", "电话", "联系电话",
    "住址", "地址", "家庭住址", "邮箱", "银行卡", "银行卡号", "卡号",
})  # fmt: skip
"""Fields that say who somebody is; their names stand alone (`file_name` is none of them)."""

_CHINESE = tuple(sorted(n for n in PERSON_FIELDS | SECRET_FIELDS if not n.isascii()))

_VALUE = r"""[brfu]?"(?:\\.|[^"\\])*+"|[brfu]?'(?:\\.|[^'\\])*+'|“[^”]*+”|[^\s,;，；&})\]]++(?:\s[A-Z][a-z]+){0,2}"""
_FIELD = re.compile(rf"""(?<![\w\-])(?P<name>[\w\-]++)(?P<sign>["'”’]?\s*+(?:[:=：＝]>?)\s*+)(?:{_VALUE})""")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.S)
_NOTE_KEY = re.compile(r"PRIVATE\+KEY\+[^\s\"']+")
_BEARER = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.I)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?")
_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@]{0,200}):[^\s@/]{1,200}@", re.I)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?=[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)")

_GAP = r"[\s\-‐-―·\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]{0,3}"
_LONG = rf"[0-9](?:{_GAP}[0-9]){{14,}}(?:{_GAP}[Xx])?"
_MOBILE = rf"(?:(?:\+|00)?{_GAP}86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"
_LANDLINE = rf"(?<![A-Za-z])0[0-9]{{2,3}}{_GAP}[0-9]{{7,8}}(?![0-9A-Za-z])"
_NUMBERS = re.compile(rf"(?<![0-9])(?:{_LONG}|{_MOBILE}|{_LANDLINE})")
_UUID = re.compile(r"(?<![0-9A-Za-z])(?=[0-9-]*+[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])", re.I)
_LOOK_LIKE_X = dict.fromkeys(map(ord, "ＸｘХхΧχⅩⅹ×✕✗✘"), "X")


def mask(text: str) -> str:
    """The text with personal data and secrets blotted out; what is blotted out already stays so.

    >>> mask("到访 440605199001011239，电话 138 0013 8000")
    '到访 •••，电话 •••'
    >>> mask("login db_password=hunter2 ok")
    'login db_password=••• ok'
    """
    text = _PEM.sub(BLOT, text)
    text = _NOTE_KEY.sub(BLOT, text)
    text = _IN_ADDRESS.sub(rf"\1:{BLOT}@", text)
    text = _BEARER.sub(rf"\1 {BLOT}", text)
    text = _JWT.sub(BLOT, text)
    text = _FIELD.sub(_blot_field, text)
    text = _mask_numbers(text)
    return _MAIL.sub(f"{BLOT}@", text) if "@" in text else text


def mask_value(value: Any, *, depth: int = 0) -> Any:
    """The same for any value: text by `mask`, containers member by member (a known field's value goes whole), other objects by their text.

    Numbers pass unless their digits are an identity number, a card or a telephone; booleans and None pass.
    """
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if mask(str(value)) == str(value) else BLOT
    if isinstance(value, bytes | bytearray):
        return mask(bytes(value).decode("utf-8", "replace"))
    if isinstance(value, str):
        return mask(value)
    if depth >= DEEPEST:
        return BLOT
    if isinstance(value, Mapping):
        return {mask_value(k, depth=depth + 1): _member(k, v, depth) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(v, depth=depth + 1) for v in value]
    return mask(str(value))


def is_known_field(name: object) -> bool:
    """Whether a field of this name holds something personal or secret. Chinese names may have words in front: 到访人姓名."""
    if not isinstance(name, str):
        return False
    plain = re.sub(r"[\s\-]+", "_", name.strip().lower())
    return plain in PERSON_FIELDS or plain.endswith(_CHINESE) or any(plain == s or plain.endswith(f"_{s}") for s in SECRET_FIELDS)


def _blot_field(found: re.Match[str]) -> str:
    return f"{found['name']}{found['sign']}{BLOT}" if is_known_field(found["name"]) else found[0]


def _member(name: object, value: Any, depth: int) -> Any:
    return BLOT if is_known_field(name) and value not in (None, "") else mask_value(value, depth=depth + 1)


def _mask_numbers(text: str) -> str:
    """Found in a shadow of the text, as long as the text, in which digits of all scripts are ASCII and look-alikes of X are X.

    UUIDs are nobody's number: in the shadow they are blank, except those of digits alone.
    """
    shadow = text if text.isascii() else "".join(_plain(c) for c in text.translate(_LOOK_LIKE_X))
    spans = [m.span() for m in _NUMBERS.finditer(_UUID.sub("u" * 36, shadow))]
    for start, end in reversed(spans):
        text = text[:start] + BLOT + text[end:]
    return text


def _plain(c: str) -> str:
    return c if c.isascii() or (digit := unicodedata.decimal(c, None)) is None else str(digit)
