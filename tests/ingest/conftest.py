"""The folders here are those of obhvat/ingest; what goes through all four steps stands beside them."""
