"""The database of cabinet: its declarative base, the tables of delivery, and the migrations."""
