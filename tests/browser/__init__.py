"""The client's app in a real Chromium, against both running services."""
