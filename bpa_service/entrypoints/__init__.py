"""The processes of bpa: api, relay, consumer, worker, all three of them in one (background), and cli."""
