"""What experts state, and what each statement rests on."""
