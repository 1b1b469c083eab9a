"""What all slices of inspections rest on: the inspection, what may be done with it when, and an act under way."""
