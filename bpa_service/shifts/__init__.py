"""What a shift lead plans with: how many clocks are about to run out at the present staffing (`domain`)."""
