"""Inspections, and what happened to one."""
