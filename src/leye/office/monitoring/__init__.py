"""What pages, downloads, API and command line ask about where, who and which way: one query a question, with the same suppression everywhere."""
