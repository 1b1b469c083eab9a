"""What bpa knows of the client's photos: a mirror of the references. The bytes stay with cabinet."""
