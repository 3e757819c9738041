"""The append-only Merkle log over two tables of a database."""
