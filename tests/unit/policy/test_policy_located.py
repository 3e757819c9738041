"""YAML that knows its lines: nothing is converted, nothing is lost twice."""

from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.policy.located import Mapping, Sequence, Text, parse_located, read_located, texts


def test_scalars_stay_text_with_their_line() -> None:
    found = parse_located("a: no\nb:\n  - 2/3\n  - 2018-01-01\non: yes\n", file="f.yaml")
    assert isinstance(found, Mapping)
    assert [(str(t), t.line) for t in texts(found)] == [("no", 1), ("2/3", 3), ("2018-01-01", 4), ("yes", 5)]
    assert "on" in found and isinstance(found["b"], Sequence) and found["b"].line == 3
    assert isinstance(found["a"], Text) and str(found["a"].place) == "f.yaml 第 1 行"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [("a: 1\nb: 2\na: 3\n", "E_KEY_TWICE", 3), ("a: [1, 2\nb: 3\n", "E_YAML", 2), ("", "E_YAML", None), ("a:\n\t- 1\n", "E_YAML", 2)],
)
def test_refusals_name_the_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(BadInput) as refused:
        parse_located(text, file="f.yaml")
    assert refused.value.code == code
    assert refused.value.places[0].row == line


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "g.yaml"
    file.write_bytes("名称: 试".encode("gb18030"))
    with pytest.raises(BadInput, match="E_YAML"):
        read_located(file)
