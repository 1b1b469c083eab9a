"""The database of bpa: its declarative base, the tables of delivery, and the migrations."""
