"""What somebody typed becomes a question."""
