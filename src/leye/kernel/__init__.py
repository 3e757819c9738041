"""Words that every room shares; standard library only.

errors · unknown (three-valued logic) · money (integer fen) · period (Month, Quarter, Period) · reason · ids · clock · codes.
Import from the modules: `from leye.kernel.period import Month`.
"""
