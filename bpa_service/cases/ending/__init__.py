"""The ends of a case other than its answer: by experts, by the client, by time."""
