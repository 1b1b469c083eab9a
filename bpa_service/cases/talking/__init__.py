"""Words with the client, and notes among experts."""
