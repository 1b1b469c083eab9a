"""What the services promise: OpenAPI, AsyncAPI, what is frozen of it, and golden examples."""
