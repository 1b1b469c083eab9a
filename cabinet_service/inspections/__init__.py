"""Inspections: what a client orders, with what they know of the car, photos, messages and the answer."""
