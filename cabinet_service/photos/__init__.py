"""Photos: what a client sends as evidence, examined before it is kept, and the previews made of it."""
