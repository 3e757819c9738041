"""The form of every file, the names of files, and regions inside that of the pack."""

from __future__ import annotations

import re

from leye.kernel.errors import Place
from leye.policy.facts import REGION
from leye.policy.lint.documents import PackFolder, Sheet
from leye.policy.lint.shape import Look, check_record
from leye.policy.lint.shapes import OVERRIDE, POLICY
from leye.policy.lint.table_shapes import PACK, TABLES
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.lookup import covers

_FORMS = {"pack": PACK, "tables": TABLES}


def check_forms(of: PackFolder) -> None:
    """Add what is wrong with the form of files."""
    look = Look(of.scope, of.findings)
    seen: dict[str, str] = {}
    for sheet in of.sheets:
        if sheet.kind == "policy":
            name = str(sheet.found["policy"])
            check_record(sheet.found, OVERRIDE if of.base is not None and name in of.base.policies else POLICY, look)
            _file_name(sheet, name, of)
            _policy_twice(sheet, name, seen, of)
            _override(sheet, name, of)
        else:
            check_record(sheet.found, _FORMS[sheet.kind], look)
        _regions_inside(sheet.found, sheet, of)


def _file_name(sheet: Sheet, name: str, of: PackFolder) -> None:
    if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None:
        of.findings.add(
            "E_FILE_NAME",
            _place(sheet, "policy"),
            f"编号“{name}”只能用小写英文字母、数字和下划线",
            f"the id {name!r} takes lower-case letters, digits and underscores only",
            "改编号",
            "change the id",
        )
    elif sheet.path.stem != name:
        of.findings.add(
            "E_FILE_NAME",
            _place(sheet, "policy"),
            f"文件叫 {sheet.path.name}，里面的编号是 {name}",
            f"the file is called {sheet.path.name}, the id inside is {name}",
            f"文件改名为 {name}.yaml",
            f"call the file {name}.yaml",
        )


def _place(sheet: Sheet, key: str) -> Place:
    value = sheet.found.get(key)
    return value.place if value is not None else sheet.place


def _policy_twice(sheet: Sheet, name: str, seen: dict[str, str], of: PackFolder) -> None:
    if name in seen:
        of.findings.add(
            "E_POLICY_TWICE",
            _place(sheet, "policy"),
            f"政策“{name}”在 {seen[name]} 里已经写过",
            f"policy {name!r} stands in {seen[name]} already",
            "合成一个文件，几个版本写在 versions 下面",
            "merge the files; versions go under `versions`",
        )
    seen.setdefault(name, sheet.file)


OVERRIDES = ("policy", "versions", "source", "tests")
"""What a regional file may say of a policy that the base has; names, status, groups and papers belong to the whole country."""


def _override(sheet: Sheet, name: str, of: PackFolder) -> None:
    if of.base is None or name not in of.base.policies:
        return
    for key in sheet.found:
        if key in OVERRIDE and key not in OVERRIDES:
            of.findings.add(
                "E_OVERRIDE",
                _place(sheet, key),
                f"“{name}”是全国政策，这里的“{key}”会改到别的地方",
                f"{name!r} is a policy of the base pack; {key!r} here would change it everywhere",
                f"只写 {'、'.join(OVERRIDES)}；本地的依据、说明、互斥组写在版本里",
                f"write {', '.join(OVERRIDES)} only; sources, notes and groups of the place go into the version",
            )


def _regions_inside(value: Value, sheet: Sheet, of: PackFolder) -> None:
    """Every `region:` and every place of a value lies inside the pack's own region; facts of cases may lie anywhere."""
    if isinstance(value, Sequence):
        for part in value:
            _regions_inside(part, sheet, of)
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        if key in ("tests", "cases", "facts", "seen"):
            continue
        if key == "region" and isinstance(part, Text):
            _one_region(part, of)
        elif key == "regions" and isinstance(part, Sequence):
            for one in part:
                if isinstance(one, Text):
                    _one_region(one, of)
        elif key == "values" and isinstance(part, Mapping):
            for place in part:
                if isinstance(place, Text):
                    _one_region(place, of)
        else:
            _regions_inside(part, sheet, of)


def _one_region(region: Text, of: PackFolder) -> None:
    if REGION.match(region) and not covers(of.region, region):
        of.findings.add(
            "E_REGION_OUTSIDE",
            region.place,
            f"{region} 不在规则包的地区 {of.region} 之内",
            f"{region} lies outside the pack's region {of.region}",
            f"改地区，或写进 {region} 自己的规则包",
            f"change the region, or write it in a pack of {region}",
        )
