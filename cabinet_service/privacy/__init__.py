"""A client's own data: taking it along, and having it erased, through both services."""
