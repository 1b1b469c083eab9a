"""Whether the house is in order: the figures that operators watch, in words for who leads the shift."""
