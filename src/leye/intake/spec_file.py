"""From a YAML file to a `SourceSpec`; anything wrong is named with file, key and line."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import cast, get_args

from leye.intake.spec import NUMERIC, Contract, FieldRule, FieldType, PanelRule, ReadRule, SourceSpec, TotalRule, UnpivotRule
from leye.intake.units import UNITS
from leye.intake.yaml_section import Section, open_yaml
from leye.kernel.codes import key_groups
from leye.kernel.period import PeriodKind

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
_FIELD = re.compile(r"[a-z][a-z0-9_]*\Z")


def read_spec(file: Path) -> SourceSpec:
    """The source spec in a file. Raises BadInput (E_SPEC) with file, line and dotted key."""
    top = open_yaml(file)
    top.text("spec", one_of=("1",))
    source, fields = top.needed("source"), _fields(top, top.needed("fields"))
    spec = SourceSpec(
        id=_matching(source, "id", _ID),
        owner=source.text("owner", ""),
        legal_basis=source.text("legal_basis", ""),
        licence=source.text("licence", ""),
        contains_personal=source.flag("contains_personal", False),
        freshness=_freshness(source),
        home=_home(top),
        reference=_reference(top),
        read=_read_rule(top, fields),
        totals=tuple(_total(section, fields) for section in top.sections("total")),
        key=_known(top, "key", fields),
        fields=fields,
        contract=_contract(top),
        panel=_panel(top, fields),
        path=str(file),
    )
    source.done()
    top.done()
    return spec


def _matching(section: Section, key: str, form: re.Pattern[str]) -> str:
    text = section.text(key)
    if not form.match(text):
        raise section.wrong(key, f"“{key}”只能用小写字母、数字和连字符", en=f"{key!r} takes lower-case letters, digits and hyphens")
    return text


def _freshness(source: Section) -> str:
    text = source.text("freshness", "")
    if text and not re.fullmatch(r"P(\d+[YMWD])+", text):
        raise source.wrong("freshness", f"“{text}”不是 ISO 8601 时长", en=f"{text!r} is no ISO 8601 duration", remedy_zh="例如 P40D")
    return text


def _home(top: Section) -> str:
    text = top.text("home", "")
    if text and not re.fullmatch(r"\d{6}", text):
        raise top.wrong("home", f"home 应是六位区划代码，写的是“{text}”", en=f"home must be six digits, not {text!r}", remedy_zh='例如 "210100"')
    return text


def _reference(top: Section) -> str:
    text = top.text("reference", "")
    if text and not re.fullmatch(r"\d{4}(-\d{2}|Q[1-4])?", text):
        raise top.wrong("reference", f"“{text}”不是期间", en=f"{text!r} is no period", remedy_zh="写成 2024-06、2024Q2 或 2024")
    return text


def _known(section: Section, key: str, fields: dict[str, FieldRule]) -> tuple[str, ...]:
    names = section.texts(key)
    for name in names:
        if name not in fields:
            en = f"{key!r} names an undefined field {name!r}"
            raise section.wrong(key, f"“{key}”提到的字段“{name}”没有定义", en=en, remedy_zh="请先在 fields 里定义")
    return names


def _one(section: Section, key: str, fields: dict[str, FieldRule]) -> str:
    names = _known(section, key, fields)
    if len(names) != 1:
        raise section.wrong(key, f"“{key}”应是一个字段", en=f"{key!r} must be one field", remedy_zh="请写一个在 fields 里定义的字段")
    return names[0]


def _read_rule(top: Section, fields: dict[str, FieldRule]) -> ReadRule:
    section = top.section("read")
    if section is None:
        return ReadRule()
    encodings = section.texts("encoding", ReadRule().encodings)
    for name in encodings:
        try:
            codecs.lookup(name)
        except LookupError as error:
            raise section.wrong("encoding", f"没有编码“{name}”", en=f"no encoding {name!r}") from error
    rule = ReadRule(
        format=section.text("format", "auto", one_of=("auto", "csv", "xlsx", "json")),
        encodings=encodings,
        sheet=section.text("sheet", ""),
        header_row=section.whole("header_row", 1),
        header_rows=section.whole("header_rows", 1),
        join=section.text("join", "/"),
        fill_merged=section.flag("fill_merged", True),
        fill_down=_known(section, "fill_down", fields),
        footer=section.patterns("footer"),
        unpivot=_unpivot(section, fields),
    )
    section.done()
    return rule


def _unpivot(read: Section, fields: dict[str, FieldRule]) -> UnpivotRule | None:
    section = read.section("unpivot")
    if section is None:
        return None
    rule = UnpivotRule(section.pattern("match"), _one(section, "header", fields), _one(section, "value", fields))
    if rule.header == rule.value:
        raise section.wrong("value", "header 和 value 不能是同一个字段", en="header and value must be two fields", remedy_zh="各写一个字段")
    for key, name in (("header", rule.header), ("value", rule.value)):
        if fields[name].headers:
            en = f"{name!r} comes out of columns turned into rows and takes no 'from'"
            raise section.wrong(key, f"字段“{name}”由列转成行得来，不能再写 from", en=en, remedy_zh="去掉这个字段的 from")
    section.done()
    return rule


def _turned(top: Section) -> set[str]:
    """Names of the fields that `read.unpivot` fills; they have no header of their own."""
    read = top.section("read")
    section = read.section("unpivot") if read else None
    return {section.text(key, "") for key in ("header", "value")} if section else set()


def _total(section: Section, fields: dict[str, FieldRule]) -> TotalRule:
    name = _one(section, "field", fields)
    check = _known(section, "check", fields)
    for checked in check:
        if fields[checked].type not in NUMERIC:
            raise section.wrong("check", f"“{checked}”不是数，不能核对合计", en=f"{checked!r} is no number: totals cannot be checked")
    rule = TotalRule(name, section.pattern("match"), _known(section, "by", fields), check, section.number("tolerance", 0.0))
    section.done()
    return rule


def _fields(top: Section, below: Section) -> dict[str, FieldRule]:
    fields: dict[str, FieldRule] = {}
    turned = _turned(top)
    if not below.nodes:
        raise top.wrong("fields", "fields 里一个字段也没有", en="fields names no field", remedy_zh="至少写一个字段：{type: …, from: […]}")
    for name in below.nodes:
        section = below.section(name)
        if section is None or not _FIELD.match(name):
            raise below.wrong(name, f"字段“{name}”写法不对", en=f"field {name!r} is malformed", remedy_zh="小写英文名: {type: …, from: […]}")
        fields[name] = _field(name, section, needs_header=name not in turned)
    return fields


def _field(name: str, section: Section, *, needs_header: bool) -> FieldRule:
    kind = cast(FieldType, section.text("type", one_of=get_args(FieldType)))
    unit = section.text("unit", "")
    if unit and (unit not in UNITS or kind not in NUMERIC):
        raise section.wrong("unit", f"不认识的单位“{unit}”", en=f"unknown unit {unit!r}", remedy_zh=f"可用：{'、'.join(UNITS)}")
    low, high = _range(section)
    labels = section.mapping("labels")
    if section.text("codes", "", one_of=("", "groups")) == "groups":
        labels = {**{g.zh: g.id for g in key_groups().values()}, **labels}
    rule = FieldRule(
        name, kind, section.texts("from", None if needs_header else ()), section.flag("required", False), unit, low, high, labels, _kinds(section)
    )  # fmt: skip
    section.done()
    return rule


def _kinds(section: Section) -> tuple[str, ...]:
    kinds = section.texts("kind")
    for kind in kinds:
        if kind not in get_args(PeriodKind):
            remedy = f"可用：{'、'.join(get_args(PeriodKind))}"
            raise section.wrong("kind", f"没有期间种类“{kind}”", en=f"no kind of period {kind!r}", remedy_zh=remedy)
    return kinds


def _range(section: Section) -> tuple[float | None, float | None]:
    if not section.has("range"):
        return None, None
    texts = section.texts("range")
    try:
        low, high = (float(t.replace("_", "")) for t in texts)
    except ValueError as error:
        raise section.wrong("range", "range 应是 [下限, 上限]", en="range is [low, high]") from error
    if low > high:
        raise section.wrong("range", "range 的下限大于上限", en="range: low is above high")
    return low, high


def _contract(top: Section) -> Contract:
    section = top.section("contract")
    if section is None:
        return Contract()
    new = section.text("new_column", "accept", one_of=("accept", "reject_file"))
    missing = section.text("missing_column", "reject_file", one_of=("accept", "reject_file"))
    section.done()
    return Contract(new, missing)  # type: ignore[arg-type]


def _panel(top: Section, fields: dict[str, FieldRule]) -> PanelRule | None:
    section = top.section("panel")
    if section is None:
        return None
    value, ds = _one(section, "value", fields), _one(section, "ds", fields)
    if fields[ds].type != "period" or fields[value].type not in NUMERIC:
        raise section.wrong("value", "panel 需要数值字段 value 和期间字段 ds", en="panel needs a numeric value and a period ds")
    dims = {name: _dimension(section, name, fields) for name in ("region", "industry", "occupation", "grp")}
    rule = PanelRule(
        indicator=section.text("indicator"),
        value=value,
        ds=ds,
        unit=section.text("unit", ""),
        title_zh=section.text("title_zh", ""),
        title_en=section.text("title_en", ""),
        place_zh=section.text("place_zh", ""),
        adds_up=section.flag("adds_up", True),
        calm_direction=section.text("calm_direction", "down", one_of=("down", "up")),  # type: ignore[arg-type]
        **dims,
    )
    section.done()
    return rule


def _dimension(section: Section, name: str, fields: dict[str, FieldRule]) -> str:
    text = section.text(name, "all" if name != "region" else None)
    if text in fields:
        return text
    if name == "region" and not re.fullmatch(r"\d{6}", text):
        raise section.wrong(name, f"“{text}”既不是字段也不是区划代码", en=f"{text!r} is neither a field nor a region code")
    return f"={text}"
