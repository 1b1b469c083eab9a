"""The whole system in containers, on images that are made here: `make test-containers`."""
