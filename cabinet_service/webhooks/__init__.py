"""Webhooks: what happens to a company's inspections is told to its own servers, as Standard Webhooks has it."""
