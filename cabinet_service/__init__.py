"""The client-facing service: what a client orders, sends and is told."""
