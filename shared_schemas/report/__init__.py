"""A report: the answer as one document. What is in it, how it is worded, what differs between versions."""
