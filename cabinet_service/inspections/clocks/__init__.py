"""The experts' clock, as they last told it."""
