"""A report as a PDF: how what is read in it is laid out on A4. It says nothing of its own of any car."""
