"""`python -m bench.bare PORT`: serve the bare application, as uvicorn serves the product's."""

import sys

import uvicorn

if __name__ == "__main__":
    uvicorn.run(
        "bench.bare.app:app",
        port=int(sys.argv[1]),
        access_log=False,
        log_level="warning",
        timeout_keep_alive=60,
    )
