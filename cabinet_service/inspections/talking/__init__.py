"""Words with the experts."""
