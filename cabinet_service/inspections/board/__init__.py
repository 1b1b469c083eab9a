"""What a company's checks wait for, and reminding whoever keeps one waiting."""
