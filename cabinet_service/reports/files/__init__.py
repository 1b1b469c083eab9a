"""Reports as PDF: made and signed by the worker, kept, given out, and known again by their bytes."""
