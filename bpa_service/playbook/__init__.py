"""What experts have at hand: ready words, and the checks that each kind of marking needs."""
