"""Links that show a report to whoever has them, without a sign-in."""
