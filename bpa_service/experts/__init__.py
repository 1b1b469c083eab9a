"""The people of bpa: who they are, what their role lets them do, and how they sign in."""
