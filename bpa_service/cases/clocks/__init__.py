"""The clock of a case: where its time goes, and what follows from that."""
