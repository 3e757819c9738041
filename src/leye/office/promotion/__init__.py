"""Telling people about a policy: drafted, signed, rolled out by lot, delivered, counted, stopped."""
