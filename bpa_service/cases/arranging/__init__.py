"""How somebody arranges the queue for themselves: what they put off, and the views that they keep."""
