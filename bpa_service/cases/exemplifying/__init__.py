"""Keeping a photo of a car that was found genuine as an exemplar to compare others with."""
