"""Matches of the night: people and open jobs ranked, sealed, shown to the person and their counsellor, and judged for fairness."""
