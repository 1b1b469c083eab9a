"""Histories that clients order without an inspection: sources are asked, and a report is made of it."""
