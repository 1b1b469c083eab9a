"""Acts on accounts and companies that matter to their safety: who signed in, who let whom in."""
