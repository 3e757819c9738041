"""Writing a policy without programming: rows of a form into a file of the rule language, with worked examples to be checked by hand."""

from leye.policy.author.compare import COMPARISONS
from leye.policy.author.examples import with_examples
from leye.policy.author.form import ConditionRow, PolicyForm
from leye.policy.author.localise import localised_text, value_on
from leye.policy.author.write import policy_text

__all__ = ["COMPARISONS", "ConditionRow", "PolicyForm", "localised_text", "policy_text", "value_on", "with_examples"]
