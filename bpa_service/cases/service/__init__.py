"""What can be done with a case, a module for each kind of act.

Every act takes the case's lock, is judged by `domain`, counts as a version, and leaves an audit entry, its events
and a live hint, all in the transaction of its caller.
"""
