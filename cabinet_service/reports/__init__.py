"""The answer as a document: reports as the experts' side made them, kept and shown."""
