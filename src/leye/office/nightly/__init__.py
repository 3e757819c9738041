"""The main job: department files to published snapshot, each step a pure function of tables.

intake → panels → forecast → watch → advice → publication → alerts at the desk → events to the lake.
"""

from leye.office.nightly.run import run_nightly

__all__ = ["run_nightly"]
