"""pymerkle in an interpreter of its own: `python peer.py FOLDER COUNT LEAVES PROOFS` prints one JSON object. Imports nothing of Leye."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from pymerkle import InmemoryTree, SqliteTree, verify_inclusion
from records import batches


def clocked(work) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


def durable(file: Path) -> SqliteTree:
    tree = SqliteTree(str(file))
    tree.con.execute("PRAGMA journal_mode=WAL")
    tree.con.execute("PRAGMA synchronous=FULL")
    return tree


def prove(tree, places: list[int], size: int) -> list:
    return [tree.prove_inclusion(place + 1, size) for place in places]


def main(folder: Path, count: int, leaves: int, proofs: int) -> None:
    found = {}
    tree = durable(folder / "append.sqlite3")
    made = list(batches(count, 256))
    found["append"] = clocked(lambda: [tree.append_entries(batch) for batch in made])
    tree.close()
    dice = random.Random(7)
    places = [dice.randrange(leaves) for _ in range(proofs)]
    for name, tree in (("sqlite", durable(folder / "large.sqlite3")), ("memory", InmemoryTree())):
        for batch in batches(leaves, 50_000):
            tree.append_entries(batch)
        root = tree.get_state(leaves)
        prove(tree, places[: proofs // 2], leaves)  # what it caches is cached
        held: list = []
        found[f"prove_{name}"] = clocked(lambda tree=tree, held=held: held.extend(prove(tree, places, leaves)))
        bases = [tree.get_leaf(place + 1) for place in places]
        if name == "sqlite":
            pairs = list(zip(bases, held, strict=True))
            found["verify"] = clocked(lambda pairs=pairs, root=root: [verify_inclusion(base, root, proof) for base, proof in pairs])
        found["root"] = root.hex()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
