"""Companies, and running one: branches, members, invitations, limits, and what it agrees to."""
