"""The answer as a document: a report of each version, made once and never changed."""
