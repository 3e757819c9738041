"""The optimiser measured: allocation beside HiGHS and plain bisection, intervals beside econml's, trees beside econml's.

leye bench policy_optimise                    about twenty minutes on two cores; the peer gets an environment of its own (requirements-econml.txt)
leye bench policy_optimise --histories 40     a quick look; --peer-python FILE uses an environment that is there; --no-peer leaves it out
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import venv
from importlib.metadata import version
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"  # small matrices: a second thread only waits, and its waiting counts as CPU

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import places  # noqa: E402
import rules  # noqa: E402
from worlds import EFFECT, WORLDS  # noqa: E402

LARGE, SMALL, TIMES = 1_000_000, 20_000, 5
PEOPLE_OF_A_HISTORY, PEER_SHARE = 2_000, 4


def main() -> None:
    """Print the tables and write README.md."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = None if asked.no_peer else peer_python(asked, folder)
        text = "\n".join([head(peer), allocation(), certificates(), intervals(asked.histories, peer), trees(folder, peer), NOTE])
    (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--histories", type=int, default=400)
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--no-peer", action="store_true")
    return parser.parse_args()


def peer_python(asked: argparse.Namespace, folder: Path) -> Path:
    if asked.peer_python is not None:
        return asked.peer_python
    python = folder / "peer" / "bin" / "python"
    venv.create(folder / "peer", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements-econml.txt"], check=True)
    return python


def head(peer: Path | None) -> str:
    import scipy

    theirs = "" if peer is None else f", econml {told(peer, 'import econml; print(econml.__version__)')}"
    return (
        "# Optimisation of programmes: allocation, effects, trees\n\n"
        f"Command: `leye bench policy_optimise`. {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"numpy {np.__version__}, scipy {scipy.__version__} (HiGHS inside), polars {version('polars')}{theirs}, 2 cores.\n"
    )


def told(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def allocation() -> str:
    lines = [
        f"## {LARGE:,} people x 3 programmes\n", "Whole people, every rule kept; the gap is to a bound that no allocation beats.\n",
        f"| problem | way | CPU s (median of {TIMES}) | range | gap to the bound |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for kind, more in places.KINDS.items():
        of = places.people(LARGE, 3, **more)
        ways = [("ours", places.ours), *([("plain bisection, greedy fill", places.bisection)] if kind == "one budget" else [])]
        for name, way in ways:
            runs = [way(of) for _ in range(TIMES)]
            cpu = [r.cpu_s for r in runs]
            lines.append(f"| {kind} | {name} | {statistics.median(cpu):.2f} | {min(cpu):.2f}–{max(cpu):.2f} | {runs[0].gap:.1e} |")
    lines += [
        f"\n## {SMALL:,} people x 3 programmes, beside the whole linear programme\n",
        "HiGHS may split people, so that its value is itself a bound; ours places whole people. `by cells`: equal people joined first.\n",
        "| problem | way | CPU s | sum of effects | below HiGHS by |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for kind, more in places.KINDS.items():
        of = places.people(SMALL, 3, **more)
        whole = places.whole_programme(of)
        for name, run in (("HiGHS, all variables", whole), ("HiGHS by cells", places.by_cells(of)), ("ours", places.ours(of))):
            below = "" if run is whole else f"{(whole.value - run.value) / whole.value:.1e}"
            lines.append(f"| {kind} | {name} | {run.cpu_s:.2f} | {run.value:.4f} | {below} |")
    return "\n".join(lines) + "\n"


def certificates() -> str:
    lines = [
        "## The certificate of a plan as it is written\n", "Effects rounded to 0.001, as `leye policy optimise` does; two budgets, 8 rules.\n",
        "| people | certificate | CPU s | gap certified by HiGHS | gap by the dual |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for n in (2_000, SMALL, 200_000, LARGE):
        of = places.people(n, 3, funds=2, rules=True, step=0.001)
        sure, ours = places.certificate(of), places.ours(of)
        lines.append(f"| {n:,} | {sure.note} | {sure.cpu_s:.2f} | {'none' if sure.gap is None else f'{sure.gap:.1e}'} | {ours.gap:.1e} |")
    return "\n".join(lines) + "\n"


def intervals(histories: int, peer: Path | None) -> str:
    lines = [
        "## Do the intervals hold the truth?\n",
        f"{histories} invented histories a row of {PEOPLE_OF_A_HISTORY:,} people each, effect {EFFECT} or none; "
        f"the peer gets {histories // PEER_SHARE}. "
        "Wanted: 0.95; a simulated share has a standard error of "
        f"{np.sqrt(0.95 * 0.05 / histories):.3f} (peer {np.sqrt(0.95 * 0.05 * PEER_SHARE / histories):.3f}).\n",
        *(f"- {name}: {what}" for name, what in WORLDS.items()),
        "\n| world | effect | way | held | bias | spread of estimates | mean standard error | refused | people compared | CPU s a history |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in WORLDS:
        for effect in (EFFECT, 0.0):
            ours = json.loads(run_python(Path(sys.executable), "ours_run.py", name, PEOPLE_OF_A_HISTORY, 0, histories, effect))
            lines.append(interval_row(name, effect, "ours", ours))
            plain = [{"estimate": r["plain"], "true": r["plain_true"]} for r in ours if "plain" in r]
            bias = float(np.mean([r["estimate"] - r["true"] for r in plain]))
            lines.append(f"| {name} | {effect:g} | plain difference | | {bias:+.4f} | {np.std([r['estimate'] for r in plain]):.4f} | | | 100 % | |")
            if peer is not None:
                theirs = json.loads(run_python(peer, "econml_run.py", name, PEOPLE_OF_A_HISTORY, 0, histories // PEER_SHARE, effect))
                lines.append(interval_row(name, effect, "econml LinearDRLearner", theirs))
    return "\n".join(lines) + "\n"


def interval_row(name: str, effect: float, way: str, rows: list[dict]) -> str:
    known = [r for r in rows if "estimate" in r]
    gap = np.array([r["estimate"] - r["true"] for r in known])
    held = np.mean([r["low"] <= r["true"] <= r["high"] for r in known])
    kept = f"{np.mean([r['kept'] for r in known]):.0%}" if "kept" in known[0] else "100 %"
    return (
        f"| {name} | {effect:g} | {way} | {held:.3f} | {gap.mean():+.4f} | {gap.std():.4f} | {np.mean([r['se'] for r in known]):.4f} "
        f"| {1 - len(known) / len(rows):.0%} | {kept} | {np.mean([r['cpu_s'] for r in known]):.2f} |"
    )


def trees(folder: Path, peer: Path | None) -> str:
    lines = [
        "## Trees on the same scores\n",
        f"{SMALL:,} people, effects that differ with two of six columns; gain a thousand people over offering to nobody, by the true effects.\n",
        "| depth | way | gain by the scores | gain by the truth | CPU s |", "|---|---|---|---|---|",
    ]  # fmt: skip
    file, frame, reward, true = rules.scored(SMALL, 3, folder)
    for depth in (1, 2, 3):
        found = rules.ours(frame, reward, true, depth)
        way = "ours, every tree over the questions" if found["exact"] else "ours, shortlist of first questions"
        lines.append(tree_row(depth, way, found))
        if peer is not None:
            lines.append(tree_row(depth, "econml PolicyTree, greedy", json.loads(run_python(peer, "econml_run.py", "tree", file, depth))))
    best = float(true[true > 0].sum())
    lines.append(f"| | each person's true effect known | | {best / SMALL * 1000:.2f} | |")
    return "\n".join(lines) + "\n"


def tree_row(depth: int, way: str, found: dict) -> str:
    return f"| {depth} | {way} | {found['reward'] / SMALL * 1000:.2f} | {found['true'] / SMALL * 1000:.2f} | {found['cpu_s']:.2f} |"


def run_python(python: Path, script: str, *words: object) -> str:
    return subprocess.run([python, HERE / script, *map(str, words)], check=True, capture_output=True, text=True, cwd=HERE).stdout


NOTE = """## How to read it
- The peer estimates the average over all people with straight logistic models, as its defaults suggest for few columns; ours leaves out who cannot be
  compared and says so, and its models bend. The truth of each row is that of the people it speaks of.
- Refused: our answer where overlap, balance or numbers do not carry an effect. In the thin world that is the right answer for some histories.
- The simulator draws the outcomes of all people independently; a real history has shocks in common, which no interval here knows.
"""

if __name__ == "__main__":
    main()
