"""What all slices of cases rest on: the case, who may do what to it when, and an act under way."""
