"""What the sequence model sees of each character: its neighbours, the words it lies in, and what the clause says to its left and right."""

from __future__ import annotations

from leye.match.fold import half_width
from leye.match.resumes.lexicon import spots

WINDOW = 3
"""Characters to each side; found by cross-validation inside the training file (docs/models/resumes.md)."""
_CLAUSE = frozenset("，。；、：！？,;:（）()\n ")
_VERBS = (
    "毕业于",
    "就读于",
    "历任",
    "现任",
    "曾任",
    "兼任",
    "先后",
    "担任",
    "聘任",
    "任职",
    "任",
    "兼",
    "获",
    "攻读",
    "毕业",
    "当选",
    "系",
    "为",
    "于",
    "在",
    "至今",
    "参加",
    "进入",
    "加入",
)
_LEXICONS = ("major", "title", "org_end", "degree", "region", "country", "ethnicity")
_NEAR = (1, 2, 3, 4, 6, 9, 14)


def character_class(char: str) -> str:
    """h Chinese character · n digit · a letter · c clause mark · p other sign."""
    if "一" <= char <= "鿿":
        return "h"
    if char.isdigit():
        return "n"
    if char.isalpha():
        return "a"
    return "c" if char in _CLAUSE else "p"


def features(text: str) -> list[list[str]]:
    """Of each character its features, as strings without meaning to anybody but the model; same text, same features."""
    text = half_width(text)
    if not text:
        return []
    size, pad = len(text), "^" * WINDOW
    chars = pad + text + "$" * WINDOW
    kinds = "-" * WINDOW + "".join(character_class(c) for c in text) + "-" * WINDOW
    places = _places(text)
    left, right = _verb_before(text), _word_after(text)
    rows = []
    for at in range(size):
        k = at + WINDOW
        row = [
            "b",
            *[f"{d}{chars[k + d]}" for d in range(-WINDOW, WINDOW + 1)],
            *[f"{d}_{chars[k + d : k + d + 2]}" for d in range(-2, 2)],
            *[f"{d}={chars[k + d : k + d + 3]}" for d in (-3, -2, -1, 0, 1)],
            f"k{kinds[k - 2 : k + 3]}",
            f"r{chars[k] == chars[k - 1]}{chars[k] == chars[k - 2]}",
            f"v{left[at]}",
            f"w{right[at]}",
            f"vw{left[at]}{right[at]}",
            *places[at],
        ]
        if at:
            row += ["<" + p for p in places[at - 1]]
        if at + 1 < size:
            row += [">" + p for p in places[at + 1]]
        if at == 0:
            row.append("first")
        rows.append(row)
    return rows


def _places(text: str) -> list[list[str]]:
    """Of each character the words it lies in: kind, part (B I E S), length up to 6; the last word is told itself where it ends."""
    places: list[list[str]] = [[] for _ in text]
    for kind in _LEXICONS:
        for start, end in spots(text, kind):
            long = min(end - start, 6)
            for at in range(start, end):
                part = "S" if long == 1 else "B" if at == start else "E" if at == end - 1 else "I"
                places[at].append(f"{kind}{part}{long}")
    if text[0] and spots(text[:2], "surname"):
        places[0].append("surname")
    return places


def _verb_before(text: str) -> list[str]:
    """The last verb of the clause before each character, and how many characters ago its clause began, up to 3."""
    said, told, at, skip = "-", [], 0, 0
    since = 0
    while at < len(text):
        if text[at] in _CLAUSE:
            said = "、" + said[-2:] if text[at] == "、" else text[at]
            since = 0
        elif skip == 0:
            verb = next((v for v in _VERBS if text.startswith(v, at)), None)
            if verb:
                said, skip = verb, len(verb)
        told.append(f"{said}{min(since, 3)}")
        skip = max(0, skip - 1)
        since += 1
        at += 1
    return told


def _word_after(text: str) -> list[str]:
    """Kind of the next word end at or after each character within its clause, how far it is, and what then closes the clause."""
    ends: dict[int, str] = {}
    for kind in ("degree", "major", "title", "org_end"):
        for _start, end in spots(text, kind):
            ends[end - 1] = kind[0]
    told, kind, end, mark = [""] * len(text), "-", 0, "$"
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _CLAUSE:
            kind, mark = "-", text[at]
        elif at in ends:
            kind, end = ends[at], at
        far = sum(end - at >= n for n in _NEAR) if kind != "-" else 0
        told[at] = f"{kind}{far}{mark}"
    return told
