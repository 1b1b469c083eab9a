"""Many cars at once: a spreadsheet is read and checked, and one job orders what is in it."""
