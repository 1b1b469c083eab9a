"""What goes over the wire between the services, and nothing else. Imports pydantic only."""
