"""What cabinet answers to: its API, and the commands of its operators."""
