"""The verdict that is being written."""
