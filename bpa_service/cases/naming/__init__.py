"""What a car is called: by what is claimed and what stands on its photos, and which other cases say the same."""
