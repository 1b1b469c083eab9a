"""The experts' work as it is reported."""
