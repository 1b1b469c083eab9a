"""What time alone brings to a case."""
