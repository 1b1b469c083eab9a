"""Cases as the API speaks of them."""
