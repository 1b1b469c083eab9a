"""Cases: the experts' work on inspections, from the queue to the answer and what may follow it."""
