"""What stands on each photo, character by character: proposed by the reader, accepted by an expert, compared."""
