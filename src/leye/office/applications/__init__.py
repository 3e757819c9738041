"""Applications: from the first word or an invitation to hired or refused, each step with its traces; and what became of it afterwards."""
