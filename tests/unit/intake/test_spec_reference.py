"""The reference page lists every key that a spec may have, every type and every file of a load; the guide's example is a spec that reads."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from leye.intake import folder, spec_file
from leye.intake.spec import FieldType
from leye.intake.units import UNITS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "reference" / "source-specs.md").read_text(encoding="utf-8")


def keys_read() -> set[str]:
    """String literals that the spec reader asks sections for."""
    calls = [n for n in ast.walk(ast.parse(Path(spec_file.__file__).read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    asked = {"text", "texts", "flag", "number", "whole", "pattern", "patterns", "mapping"}
    asked |= {"section", "sections", "needed", "has", "_known", "_one", "_matching"}
    found = set()
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in asked:
            found |= {a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found - {"", "auto", "1"}


@pytest.mark.parametrize("key", sorted(keys_read()))
def test_every_key_is_on_the_page(key):
    assert re.search(rf"`([a-zA-Z_.]*\.)?{re.escape(key)}[`.]", PAGE)


def test_the_keys_were_found():
    assert {"encoding", "fill_down", "tolerance", "labels", "adds_up", "new_column"} <= keys_read()


@pytest.mark.parametrize("kind", get_args(FieldType))
def test_every_type_is_on_the_page(kind):
    assert f"`{kind}`" in PAGE


@pytest.mark.parametrize("name", [*folder.TABLES, *folder.TEXTS])
def test_every_file_of_a_load_is_on_the_page(name):
    assert f"`{name}`" in PAGE


def test_the_units_of_the_page_exist():
    line = next(x for x in PAGE.splitlines() if "unit of bare figures" in x)
    assert set(re.findall(r"[人次户家个件单通元岗位]+", line.split("：")[0].split(":")[1].split(", each")[0])) <= set(UNITS)


def test_the_example_of_the_guide_reads(desk):
    guide = (DOCS / "guide" / "adding-a-source.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    assert spec_file.read_spec(desk.spec(example)).id == "hr_claims"
