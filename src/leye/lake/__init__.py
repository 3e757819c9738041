"""The lake: immutable snapshots of tables, published by moving one pointer, with the lineage of each table.

`open_lake(DIR)` gives a Lake; the port is in `port.py`, files and pointer in `snapshots.py`, one engine a module.
"""

from leye.lake.port import ENGINES, Engine, open_lake
from leye.lake.snapshots import Lake, Published, Run, TableEntry

__all__ = ["ENGINES", "Engine", "Lake", "Published", "Run", "TableEntry", "open_lake"]
