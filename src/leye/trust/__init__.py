"""Decision log, registry, audit, breaker, privacy and receipts: plain functions over bytes, tables and a connection handed in; no Django."""
