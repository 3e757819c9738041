"""Early warning beside the known detectors on real panels (adjusted and unadjusted), on time dealt out anew, and on calm panels with planted falls.

python bench/watch/run.py   (data: $LEYE_SHARED/data/forecast; writes README.md beside itself)
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import calm
import judging
import panels

NOMINAL = 0.25
DRIVERS = {"drivers": {"claims": panels.CLAIMS, "postings": panels.POSTINGS}, "direction": {panels.CLAIMS: "up"}}
NULL_SEEDS = (1, 2, 3, 4, 5)


def table(case: judging.Case, kinds: list[tuple[str, dict[str, object]]], levels: tuple[float, ...]) -> list[str]:
    lines = [judging.HEAD, "|---|---|---|---|---|"]
    for nominal in levels:
        for name, options in kinds:
            rows, cpu, realised = judging.ours(case, nominal, **options)
            lines.append(judging.line(case, f"ours{name}, nominal {nominal} (calibration itself {realised['blue']:.2f}; {cpu:.1f} CPU s)", rows))
    return lines + judging.peer_lines(case, NOMINAL)


def adjusted(split: panels.Split) -> list[str]:
    panel, parents = panels.adjusted(split)
    both = judging.case(panel, parents, split, seasonal=False)
    alone = judging.case(panel.filter(~panel["unique_id"].is_in([panels.CLAIMS, panels.POSTINGS])), parents, split, seasonal=False)
    first = table(alone, [(", own + factor + parent", {})], (NOMINAL,))
    rest = [line for line in table(both, [(", + claims + postings", DRIVERS)], (NOMINAL, 0.28, 0.5)) if line.startswith("| ours")]
    only, every = judging.shuffled_rate(alone, NOMINAL, NULL_SEEDS)
    return [*first[:3], *rest, *first[3:], "", null_line(only, every)]


def unadjusted(split: panels.Split) -> list[str]:
    panel, parents = panels.unadjusted(split)
    case = judging.case(panel, parents, split, seasonal=True)
    only, every = judging.shuffled_rate(case, NOMINAL, NULL_SEEDS[:3])
    return [*table(case, [("", {}), (", false-discovery rate .1", {"fdr": 0.1})], (NOMINAL, 0.22)), "", null_line(only, every)]


def null_line(only: float, every: float) -> str:
    return (f"Time dealt out anew (quiet calibration years in random order, nothing happens): {every:.3f} rows a series-year at nominal {NOMINAL} "
            f"({every / NOMINAL - 1:+.0%}), {only:.3f} without rises in level.")  # fmt: skip


def part(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines]


HEAD = f"""# Early warning: ours beside known detectors

Command: `leye bench watch`. Nominal {NOMINAL} rows (onsets and re-alarms each 6 months) a quiet series-year; a rise to red of a lamp that is lit is a
row that nothing is promised for, and is shown apart. Thresholds use data before the cut only.
The rows at 0.22 and 0.28 show both panels near 0.25 as it came out, which is where the peers stand; they choose nothing.
Definitions: `events.py` (events, found, false), `peers.py`, `judging.py`, `calm.py`; years of development and of report: `panels.py`.

The peers get the same one-sided scores or season-free levels and are calibrated on the same quiet months. They write onsets and
re-alarms, as ours does but for rises; the column "false alarms" re-counts a persistent alarm every 6 months. Settings of ours were chosen on the
development years. Three older settings (years of drift, pooling of the factor's weight, the soft clip of misses) had been chosen with the
unadjusted report table in view, and that Sahm's rule finds the most had been seen in both report tables before the largest fall of the last
months took the place of a CUSUM for levels that wander; its form, reach and weights were then chosen on the development years alone. Events of
adjusted series are smoothed over three months instead of thirteen since a first development run (17 events became 24). The events of a
panel are two or three recessions seen from many trades: a
few hundredths of detection or tenths of a month are noise. Revisions are not modelled. FRED-MD ends in 2012.
"""


def main() -> None:
    a, u = panels.ADJUSTED, panels.UNADJUSTED
    lines = [HEAD]
    lines += part("US industries, seasonally adjusted (FRED-MD), report years 2000-2012, thresholds before 2000", adjusted(a["report"]))
    lines += part("US hierarchy of 107 series, not adjusted, report years 2000-2019, thresholds before 2000", unadjusted(u["report"]))
    lines += part("Development years, adjusted: 1980-1999, thresholds before 1980", adjusted(a["development"]))
    lines += part("Development years, not adjusted: 1970-1989, thresholds before 1970", unadjusted(u["development"]))
    about = "60 series, 240 months, mean of three seeds; a fall over six months that stays, two years after the calibration date."
    lines += part("Calm panels and planted falls", [about, "", *calm.table(NOMINAL)])
    lines += ["", "Data (sha256): " + ", ".join(f"{p.name} `{panels.sha256(p)[:16]}…`" for p in (panels.FRED, panels.US, panels.US_ALL)), ""]
    text = "\n".join(lines)
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
