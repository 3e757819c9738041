"""Replays of past shocks, and rehearsals (演练) of the plans they would have opened. Nothing here counts in any figure of the desk."""
