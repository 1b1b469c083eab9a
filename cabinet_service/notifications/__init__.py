"""Writing to clients: that something happened to their inspection, and their sign-in codes."""
