"""Bodies of the REST calls between the services (`/internal/v1`)."""
