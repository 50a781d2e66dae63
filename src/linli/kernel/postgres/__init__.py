"""Django's PostgreSQL backend with one addition: each statement runs under the scope of the one who asks."""
