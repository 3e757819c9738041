"""Objections (申诉): raised from any outcome, decided by somebody else within thirty days."""
