"""What a reform would do: a YAML patch over the law, compared over a table of people; cost by month, reach, winners and losers, take-up, margins."""

from leye.policy.simulate.files import as_dict, tables, write
from leye.policy.simulate.patch import apply
from leye.policy.simulate.people import changed_people
from leye.policy.simulate.record import Record, fitted_record, record_rows
from leye.policy.simulate.reform import Reform, as_text, read_reform, reform_of_text
from leye.policy.simulate.run import Simulation, simulate
from leye.policy.simulate.take_up import TakeUp, fitted, take_up

__all__ = [
    "Record",
    "Reform",
    "Simulation",
    "TakeUp",
    "apply",
    "as_dict",
    "as_text",
    "changed_people",
    "fitted",
    "fitted_record",
    "read_reform",
    "record_rows",
    "reform_of_text",
    "simulate",
    "tables",
    "take_up",
    "write",
]
