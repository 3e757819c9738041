"""Cell parsers: one grammar a kind over shared normalisation. What the room offers is listed in `leye.intake`."""
