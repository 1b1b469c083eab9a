"""What a company has ordered in a month: what of it counts, by whom, and the register of it."""
