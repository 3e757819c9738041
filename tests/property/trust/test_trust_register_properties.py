"""What holds for every card, program, sample and window."""

from __future__ import annotations

import ast
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from leye.office.registry.incidents import as_spans, count_of
from leye.trust.registry import STATES, STEPS, Source, Standing, code_hash, config_hash, step_of
from leye.trust.registry.identity import file_hashes, share_copied
from leye.trust.registry.minimum import group_of, groups, plain
from leye.trust.registry.names_used import names_used
from leye.trust.registry.sampling import draw_sample, unseen_bound
from tests_support.cards import CODE

NAMES = st.from_regex(r"[a-z][a-z_]{0,10}[a-z]", fullmatch=True)
PROGRAMS = st.lists(
    st.sampled_from(["x = 1", "y = x.zone", "def f(a):\n    return a + 1", "class C:\n    k = 'idle_s'", "if x:\n    y = 2", "z = [i for i in y]"]),
    min_size=1,
    max_size=6,
)


@given(PROGRAMS, st.lists(st.sampled_from(['"""text"""', "pass", "'text'", "# note", "", "3"]), max_size=6), st.randoms())
def test_strewing_in_what_does_nothing_changes_no_identity(parts: list[str], noise: list[str], dice: object) -> None:
    mixed = list(parts)
    for line in noise:
        mixed.insert(dice.randint(0, len(mixed)), line)  # type: ignore[attr-defined]
    assert code_hash([Source("a.py", "\n".join(mixed))]) == code_hash([Source("b.py", "\n".join(parts))])


@given(PROGRAMS)
def test_layout_changes_no_identity_and_no_names(parts: list[str]) -> None:
    text = "\n".join(parts)
    again = ast.unparse(ast.parse(text))
    assert code_hash([Source("a.py", text)]) == code_hash([Source("a.py", again)])
    assert set(names_used([Source("a.py", text)])) == set(names_used([Source("a.py", again)]))


@given(st.lists(st.text(max_size=200), max_size=6), st.randoms())
def test_order_and_names_of_files_change_no_identity(texts: list[str], dice: object) -> None:
    files = [Source(f"{i}.txt", t) for i, t in enumerate(texts)]
    mixed = [Source(f"n{i}.md", f.text) for i, f in enumerate(files)]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert code_hash(files) == code_hash(mixed)


@given(st.text())
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    for name in ("a.py", "a.md"):
        assert all(isinstance(n, str) and line >= 1 for n, (_, line) in names_used([Source(name, text)]).items())
        assert len(code_hash([Source(name, text)])) == 64


@given(st.dictionaries(NAMES, st.one_of(st.integers(-1000, 1000), st.text(max_size=5), st.booleans(), st.none())), st.randoms())
def test_settings_have_one_hash_whatever_their_order(config: dict[str, object], dice: object) -> None:
    items = list(config.items())
    dice.shuffle(items)  # type: ignore[attr-defined]
    assert config_hash(config) == config_hash(dict(items))  # type: ignore[arg-type]


@given(NAMES, st.sampled_from(["{}", "rider_{}", "{}_today", "my-{}", "{}.x"]), st.sampled_from([str.upper, str.title, str]))
@settings(max_examples=30)
def test_a_banned_name_is_found_in_any_spelling(other: str, shape: str, case: object) -> None:
    for group in groups():
        for name in (n for n in group.names if n.isascii()):
            found = group_of(shape.format(case(name)))  # type: ignore[operator]
            assert found is not None
            assert group_of(shape.format(name.replace("_", ""))) is not None
    assert plain(plain(other)) == plain(other)


@given(st.sets(st.integers(0, 10_000), min_size=1, max_size=200), st.integers(1, 50), st.integers(0, 2**62))
def test_a_sample_is_part_of_its_population(places: set[int], size: int, seed: int) -> None:
    drawn = draw_sample(list(places), size=size, seed=seed)
    assert set(drawn) <= places and len(drawn) == len(set(drawn)) == min(size, len(places)) and drawn == sorted(drawn)


@given(st.integers(1, 80), st.data())
def test_the_bound_is_above_what_was_seen_and_falls_with_more_looking(size: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, size))
    assert wrong / size <= unseen_bound(size, wrong) <= 1
    assert unseen_bound(size + 1, wrong) <= unseen_bound(size, wrong) + 1e-9


@given(st.sets(st.integers(0, 500)))
def test_spans_hold_every_place_once(places: set[int]) -> None:
    spans = as_spans(sorted(places))
    assert {p for first, last in spans for p in range(first, last + 1)} == places
    assert count_of(spans) == len(places)
    assert all(b[0] > a[1] + 1 for a, b in pairwise(spans)), "as few spans as possible"


@given(st.lists(st.sampled_from(sorted({s.verb for s in STEPS})), max_size=12), st.booleans())
def test_no_walk_through_the_table_runs_without_an_assessment_since_it_was_last_stopped(verbs: list[str], is_sandboxed: bool) -> None:
    state, assessed_since_stop = "draft", False
    for verb in verbs:
        standing = Standing(state, frozenset({"operator", "workers"}), "1", None, is_sandboxed)
        try:
            state = step_of(verb, standing).end
        except Exception:
            continue
        if state in {"suspended", "blacklisted"}:
            assessed_since_stop = False
        assessed_since_stop |= verb == "assess"
        assert state in STATES
        assert state != "running" or assessed_since_stop


def test_a_whole_copy_is_a_whole_copy() -> None:
    files = file_hashes([Source("a.py", CODE)])
    assert share_copied(files, files) == 1.0
