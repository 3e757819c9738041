"""The indicator store: what every indicator was said to be, and when it was said. `open_store(DIR)` gives the store of a data folder.

One row is a value of one series for one period as one publication gave it; rows are only ever added. `as_of(ts)` is the panel as it was
known at an instant, `revisions` what later publications made of first figures, `Dimension` the codes with the time they are valid.
"""

from leye.lake.observations.dimension import Dimension
from leye.lake.observations.form import KEY, OBSERVATION, key_text, read_key
from leye.lake.observations.store import Appended, ObservationStore, open_store

__all__ = ["KEY", "OBSERVATION", "Appended", "Dimension", "ObservationStore", "key_text", "open_store", "read_key"]
