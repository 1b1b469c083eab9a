"""Who did what, and when: entries are added in the transaction of the act and never changed."""
