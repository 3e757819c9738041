"""faiss beside an exact scan of the filtered rows, both by inner product of 64 floats and with the same filters (city, wage, schooling).

python -m venv V && V/bin/pip install -r bench/match_rank/requirements.txt && V/bin/python bench/match_rank/peer_faiss.py
Writes faiss.json, which run.py puts into the table. The vectors are random: what is measured is the filter, not the meaning.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import faiss
import numpy as np

N, DIM, CITIES, ASKED, TOP = 200_000, 64, 330, 200, 20


def main() -> None:
    dice = np.random.default_rng(7)
    weights = 1 / (3 + np.arange(CITIES))
    city = np.sort(dice.choice(CITIES, N, p=weights / weights.sum()))
    wage, schooling = dice.integers(3, 15, N), dice.integers(0, 8, N)
    vectors = dice.normal(size=(N, DIM)).astype(np.float32)
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(DIM), DIM, 512, faiss.METRIC_INNER_PRODUCT)
    faiss.omp_set_num_threads(1)
    index.train(vectors[dice.choice(N, 30_000, replace=False)])
    index.add(vectors)
    starts = np.searchsorted(city, np.arange(CITIES + 1))
    rows = {"exact": [], "after": [], "inside": []}
    waits = {"exact": [], "after": [], "inside": []}
    for _ in range(ASKED):
        c, w, s, q = (
            dice.choice(CITIES, p=weights / weights.sum()),
            dice.integers(4, 9),
            dice.integers(3, 7),
            dice.normal(size=DIM).astype(np.float32),
        )
        at = time.perf_counter()
        part = np.arange(starts[c], starts[c + 1])
        part = part[(wage[part] >= w) & (schooling[part] <= s)]
        best = part[np.argsort(-(vectors[part] @ q), kind="stable")[:TOP]]
        waits["exact"].append(time.perf_counter() - at)
        for name in ("after", "inside"):
            at = time.perf_counter()
            ok = (city == c) & (wage >= w) & (schooling <= s) if name == "inside" else None
            params = faiss.SearchParametersIVF(nprobe=16, sel=faiss.IDSelectorBatch(np.flatnonzero(ok)) if ok is not None else None)
            _, found = index.search(q[None], TOP if name == "inside" else 1000, params=params)
            got = found[0][found[0] >= 0]
            if name == "after":
                got = got[(city[got] == c) & (wage[got] >= w) & (schooling[got] <= s)][:TOP]
            waits[name].append(time.perf_counter() - at)
            rows[name].append(len(set(best) & set(got)) / max(len(best), 1))
        rows["exact"].append(1.0)
    words = {
        "exact": "numpy, rows of the city, exact",
        "after": f"faiss {faiss.__version__} IVF512, nprobe 16, 1000 found and then filtered",
        "inside": f"faiss {faiss.__version__} IVF512, nprobe 16, filter inside the search",
    }
    told = [
        f"| {words[k]}: inner product of 64 floats, {N:,} rows, city + wage + schooling | p50 {np.median(waits[k]) * 1000:.2f} ms, "
        f"p95 {np.percentile(waits[k], 95) * 1000:.2f} ms | | | recall {np.mean(rows[k]):.3f} |"
        for k in words
    ]  # fmt: skip
    (Path(__file__).parent / "faiss.json").write_text(json.dumps({"rows": told}, indent=1) + "\n", encoding="utf-8")
    print(*told, sep="\n")


if __name__ == "__main__":
    main()
