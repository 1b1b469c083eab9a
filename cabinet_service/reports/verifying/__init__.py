"""Whether a report that somebody holds is genuine; of the car nothing is said."""
