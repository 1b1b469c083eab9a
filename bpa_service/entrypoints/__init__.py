"""What bpa answers to: its API, and the commands of its operators."""
