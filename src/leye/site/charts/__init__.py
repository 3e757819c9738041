"""Charts: one Altair definition for page, print and report; drawn once per run and kept on disk."""
