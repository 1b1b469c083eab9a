"""How the database of bpa came to be, one revision a file."""
