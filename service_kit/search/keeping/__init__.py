"""Keeping an index as the database is: marks, feeding, building anew, comparing."""
