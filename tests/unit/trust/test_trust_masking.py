"""What a log may not say: attacks on the mask, and what it must leave alone."""

from __future__ import annotations

import io
import logging

import pytest

from leye.office.privacy.log_filter import MaskPersonalData
from leye.trust.privacy.masking import BLOT, is_known_field, mask, mask_value

ID, MOBILE, CARD = "440605199001011239", "13800138000", "6222021234567890123"

SECRETS = [
    (f"到访 {ID}", "8001", "identity number"),
    ("44060519900101123X", "900101", "with X"),
    ("44060519900101123x", "900101", "with small x"),
    ("44060519900101123Ｘ", "900101", "with a full-width X"),
    ("44060519900101123Х", "900101", "with a Cyrillic X"),
    ("440605900101123", "900101", "fifteen digits of before 1999"),
    (f"00{ID}", ID, "inside a longer run"),
    ("440605 19900101 1239", "19900101", "spaces"),
    ("440605-1990-0101-1239", "0101", "dashes"),
    ("440605–19900101–1239", "19900101", "en dashes"),
    ("4406\u200b05199001\u200b011239", "05199001", "zero-width spaces"),
    ("4406\u00ad05199001\u00ad011239", "05199001", "soft hyphens"),
    ("４４０６０５１９９００１０１１２３９", "４４０６", "full-width digits"),
    ("٤٤٠٦٠٥١٩٩٠٠١٠١١٢٣٩", "٤٤٠٦", "Arabic digits"),
    ("४४०६०५१९९००१०११२३९", "४४०६", "Devanagari digits"),
    ("𝟒𝟒𝟎𝟔𝟎𝟓𝟏𝟗𝟗𝟎𝟎𝟏𝟎𝟏𝟏𝟐𝟑𝟗", "𝟒𝟒", "mathematical digits"),
    ("4４٠605199001011239", "605", "scripts mixed"),
    (f"电话{MOBILE}。", MOBILE, "mobile between Chinese characters"),
    ("+86 138-0013-8000", "0013", "country code"),
    ("008613800138000", "0013", "country code with zeros"),
    ("(0757)83212345 或 0757-83212345", "0757-8321", "landline"),
    (f"卡号{CARD}", CARD, "card"),
    ("6222 0212 3456 7890 123", "3456", "card in groups"),
    ("name=张三 来过", "张三", "name in a field"),
    ('{"姓名": "张三丰", "n": 3}', "张三丰", "name in JSON"),
    ("登记人姓名：张三丰，来办失业登记", "张三丰", "words in front of the field"),
    ("{'contact_name': 'O\\'Neil', 'n': 3}", "Neil", "quote inside the value"),
    ("full-name: John Smith left", "Smith", "two words"),
    ("password=hunter2", "hunter2", "password"),
    ("DB_PASSWORD = 'two words'", "words", "prefix and quotes"),
    ("token => abc123def", "abc123def", "arrow"),
    ("Authorization: Bearer abcdefgh12345", "abcdefgh", "bearer"),
    ("Cookie: sessionid=abcdef; csrftoken=xyz", "abcdef", "cookie"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1", "eyJzdWI", "web token"),
    ("postgres://leye:pw@db/leye", "pw", "password in an address"),
    ("PRIVATE+KEY+leye.local+1a2b3c4d+AbCd=", "AbCd", "signing key of a log"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "MIIE", "PEM"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE", "MIIE", "PEM cut off"),
    ("mail zhang.san@example.com now", "zhang.san", "mail"),
]
HARMLESS = [
    "alert.assigned alert_id=12 to=7",
    "run 20250831T000000-1a2b3c4d rows=12345 leaf_index=123456789012",
    "at 2025-08-31T12:00:00.123456+08:00",
    "POST /alerts/0198f7a1-1111-7222-8333-444455556666/assign 302",
    "file_name=panel.parquet table_name=people columns=96",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "12,345,678 行，耗时 3.52 秒，占 0.25",
]


@pytest.mark.parametrize(("text", "secret", "why"), SECRETS, ids=[s[-1] for s in SECRETS])
def test_what_is_personal_or_secret_goes(text: str, secret: str, why: str) -> None:
    assert secret not in mask(text)
    assert BLOT in mask(text)
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_neither_stays(text: str) -> None:
    assert mask(text) == text


def test_a_uuid_of_digits_alone_hides_nothing() -> None:
    assert ID[:8] not in mask("44060519-9001-0112-3900-000000000000")


def test_containers_are_walked_and_known_fields_go_whole() -> None:
    said = mask_value({"a": [{"name": "张三", "n": 3, "deep": ({"id": ID},)}], 13800138000: int(ID), "token": {"x": 1}, "none": None, "ok": True})
    assert said == {"a": [{"name": BLOT, "n": 3, "deep": [{"id": BLOT}]}], BLOT: BLOT, "token": BLOT, "none": None, "ok": True}
    nested: object = ID
    for _ in range(30):
        nested = [nested]
    assert ID not in str(mask_value(nested))
    assert ID not in str(mask_value({"raw": ID.encode(), "who": type("Odd", (), {"__str__": lambda self: ID})()}))


def test_names_of_fields() -> None:
    assert all(map(is_known_field, ["name", "ID-Number", "user_password", "经办人姓名", "X-CSRFToken".replace("X-", "")]))
    assert not any(map(is_known_field, ["file_name", "hostname", "monkey", "keyboard", "purpose", 7]))


def written(*args: object, exc: BaseException | None = None, **more: object) -> str:
    """What a handler behind the filter writes."""
    stream = io.StringIO()
    logger = logging.Logger("test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s %(who)s" if "extra" in more else "%(message)s"))
    handler.addFilter(MaskPersonalData())
    logger.addHandler(handler)
    logger.error(*args, exc_info=exc, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def raised(text: str) -> ValueError:
    try:
        try:
            raise KeyError(MOBILE)
        except KeyError:
            raise ValueError(text) from None
    except ValueError as error:
        return error


def test_a_number_split_over_arguments_is_found() -> None:
    assert "19900101" not in written("%s%s%s", "440605", "19900101", "1239")
    assert "19900101" not in written("%d%s", 440605, "199001011239")
    assert MOBILE not in written("%(a)s%(b)s", {"a": "138", "b": "00138000"})


def test_arguments_that_are_containers_are_masked_by_field() -> None:
    assert "张三" not in written("row %s", {"name": "张三"})
    assert "张三" not in written("rows %r", [{"姓名": "张三"}])
    assert "张三" not in written("%(name)s", {"name": "张三"})


def test_exceptions_and_stacks_are_masked() -> None:
    said = written("failed", exc=raised(f"bad id {ID}"))
    assert "Traceback" in said and "ValueError" in said
    assert ID not in said and MOBILE not in said
    stack = written("where", stack_info=True)
    assert "Stack (most recent call last)" in stack


def test_extra_fields_are_masked() -> None:
    said = written("seen", extra={"who": {"id_number": "abc", "note": f"来电 {MOBILE}"}})
    assert MOBILE not in said and "abc" not in said


def test_a_wrong_format_is_written_without_its_arguments() -> None:
    said = written("%d people", "张三")
    assert "张三" not in said and "people" in said


def test_the_filter_stands_in_front_of_every_handler_of_the_product() -> None:
    from leye.office import settings

    assert all("mask" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
    assert settings.LOGGING["root"]["handlers"] == ["stderr"], "records of other libraries come up to the root"


@pytest.mark.parametrize(
    "hostile", ["1 " * 50_000, "a" * 200_000, "_" * 100_000, "a." * 50_000, "name=" * 20_000, '"' * 50_000, "1-" * 50_000 + "x@"]
)
def test_long_hostile_text_ends(hostile: str) -> None:
    mask(hostile)
