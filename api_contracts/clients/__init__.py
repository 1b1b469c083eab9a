"""Clients in other languages, as strangers generate them from the OpenAPI documents."""
