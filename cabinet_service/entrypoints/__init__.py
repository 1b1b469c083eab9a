"""The processes of cabinet: api, relay, consumer, worker, all three of them in one (background), and cli."""
