"""The reference base: pictures of genuine stampings, by make, plant and years, to compare a car's own with."""
