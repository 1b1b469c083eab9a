"""Reading the numbers of cars, and which photos are asked for."""
