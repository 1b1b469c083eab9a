"""What is known of a car before anything is looked at."""
