"""Occupation coding on groups of near-equal titles that no choice was made on: ours, TF-IDF without labels, a plain linear model; one run.

python bench/match_code/run.py [--keep]   (writes README.md beside itself unless --keep; needs the shared titles, LEYE_SHARED)
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leye.match.occupations.cleaning import clean_name, clean_title
from leye.match.occupations.folds import TEST_FOLD, folds
from leye.match.occupations.model import known_classes
from leye.match.occupations.table import names_of_classes
from leye.match.occupations.training import train

HERE = Path(__file__).parent
COVERAGE = (0.7, 0.5)
HEADER = ["", "细类 @1", "@5", "小类 @1", "大类 @1", "precision at 70 % coverage", "at 50 %", "CPU s to train"]


def figures(scores: NDArray[np.float64], truth: NDArray[np.int32], codes: tuple[str, ...]) -> list[float]:
    """@1, @5, the same upper classes at rank 1, precision of the surest 70 % and 50 %. scores: (n_titles, n_classes)."""
    five = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    right = five == truth[:, None]
    upper = [np.mean([codes[a][:n] == codes[b][:n] for a, b in zip(five[:, 0], truth, strict=True)]) for n in (5, 1)]
    surest = np.argsort(-scores.max(axis=1), kind="stable")
    held = [right[surest[: int(c * len(truth))], 0].mean() for c in COVERAGE]
    return [float(v) for v in (right[:, 0].mean(), right.any(axis=1).mean(), *upper, *held)]


def zero_shot(cleans: list[str], names: list[str], of_name: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """Cosine of TF-IDF over character 1–3-grams to the nearest official name or alias (scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    held = vectors.fit_transform(names)
    likeness = (vectors.transform(cleans) @ held.T).toarray()
    found = np.zeros((len(cleans), n))
    for k in range(n):
        if (of_name == k).any():
            found[:, k] = likeness[:, of_name == k].max(axis=1)
    return found


def linear(train_on: list[str], y: NDArray[np.int32], names: list[str], of_name: NDArray[np.int32], test: list[str], n: int) -> NDArray[np.float64]:
    """Hinge loss by SGD over TF-IDF of character 1–3-grams, aliases at weight 0.3 (scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    x = vectors.fit_transform([*train_on, *names])
    model = SGDClassifier(loss="hinge", alpha=1e-5, max_iter=30, tol=1e-3, random_state=0, n_jobs=1)
    model.fit(x, np.concatenate([y, of_name]), sample_weight=np.concatenate([np.ones(len(y)), np.full(len(names), 0.3)]))
    found = np.full((len(test), n), -9.0)
    found[:, model.classes_] = model.decision_function(vectors.transform(test))
    return found


def calibration(p: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal count."""
    order = np.argsort(p, kind="stable")
    return float(sum(len(b) * abs(p[b].mean() - right[b].mean()) for b in np.array_split(order, 10)) / len(p))


def main() -> None:
    """Train on folds 1–4, score fold 0, print the table, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--keep", action="store_true", help="leave README.md as it is")
    chosen = options.parse_args()
    file = Path(os.environ.get("LEYE_SHARED", HERE.parents[2] / "shared")) / "data/match/titles_dev.csv"
    if not file.exists():
        raise SystemExit(f"no titles at {file}: set LEYE_SHARED")
    with file.open(encoding="utf-8", newline="") as held:
        read = list(csv.DictReader(held))
    titles, codes = [r["title"] for r in read], [r["code"].replace("-", "") for r in read]
    tested = np.array(folds(titles)) == TEST_FOLD
    classes = known_classes()
    place = {c: i for i, c in enumerate(classes.codes)}
    y = np.array([place[c] for c in codes], np.int32)
    cleans = [clean_title(t) for t in titles]
    test = [c for c, t in zip(cleans, tested, strict=True) if t]
    official = [(place[c], clean_name(n)) for c, n, kind in names_of_classes() if kind != "in_use"]
    names, of_name, n = [name for _k, name in official], np.array([k for k, _n in official], np.int32), len(classes.codes)
    began = time.process_time()
    model = train([t for t, x in zip(titles, tested, strict=True) if not x], [c for c, x in zip(codes, tested, strict=True) if not x])
    cost = time.process_time() - began
    began = time.perf_counter()
    found = model.candidates(test)
    p = np.zeros((len(test), n))
    p[found.title, found.klass] = model.stage.probabilities(found)
    per_title = (time.perf_counter() - began) / len(test) * 1e3
    rows = [("Leye", figures(p, y[tested], classes.codes), f"{cost:.0f}")]
    facts = model.heads.scores(model.space.rows(test))["facts"].astype(float)
    rows += [("Leye without labels (names, aliases, titles in use)", figures(facts, y[tested], classes.codes), "–")]
    began = time.process_time()
    rows += [("peer: TF-IDF to the nearest name or alias", figures(zero_shot(test, names, of_name, n), y[tested], classes.codes), "–")]
    began = time.process_time()
    straight = linear([c for c, t in zip(cleans, tested, strict=True) if not t], y[~tested], names, of_name, test, n)
    rows += [("peer: linear hinge, SGD", figures(straight, y[tested], classes.codes), f"{time.process_time() - began:.0f}")]
    first, right = p.max(axis=1), p.argmax(axis=1) == y[tested]
    sure = first >= model.abstain_below
    lines = ["| " + " | ".join(HEADER) + " |", "|---" * len(HEADER) + "|"]
    lines += [f"| {name} | " + " | ".join(f"{v:.3f}" for v in held) + f" | {took} |" for name, held, took in rows]
    said = (
        f"Answers without a question: {sure.mean():.1%} of titles, right in {right[sure].mean():.1%} (wished: 76 %). Calibration error of the first"
        f" probability: {calibration(first, right):.3f}. Standard error of @1: {np.sqrt(right.mean() * (1 - right.mean()) / len(right)):.3f}. Coding:"
        f" {per_title:.2f} ms a title."
    )
    table = "\n".join(lines)
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    print(table, "", said, sep="\n")
    if not chosen.keep:
        when, python = f"{datetime.now(UTC):%Y-%m-%d}", platform.python_version()
        text = (HERE / "about.md").read_text(encoding="utf-8")
        text = text.replace("{table}", table).replace("{said}", said).replace("{sha}", sha).replace("{tested}", f"{tested.sum():,}")
        text = text.replace("{trained}", f"{(~tested).sum():,}").replace("{when}", f"{when}, Python {python}, {os.cpu_count()} cores")
        (HERE / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
