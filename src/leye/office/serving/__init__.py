"""One address: `/events` as an asynchronous stream, everything else by Django's WSGI handler in threads."""
