"""The vehicle of a case, as sources know it."""
