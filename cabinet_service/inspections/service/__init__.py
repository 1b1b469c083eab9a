"""What can be done with an inspection, one module per verb or pair of verbs.

Every act locks the inspection first, so that acts of a client and events of the experts' side come one after
the other.
"""
