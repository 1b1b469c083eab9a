"""An index in PostgreSQL, which every installation has."""
