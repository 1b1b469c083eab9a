"""Write the next migration of a service: `python -m tests.support.write_migration cabinet "What changes."`

It is the difference between the models and a database that has all migrations so far. Format it, and read it
before you commit it.
"""

import asyncio
import re
import sys
from typing import Final

from service_kit import migrations
from tests.support import postgres

NOISE: Final = re.compile(r" *# ### .*\n|, unique=False(?=[,)])")


async def main(service: str, message: str) -> None:
    folder = postgres.migrations_folder(service)
    server = postgres.Server()
    try:
        async with postgres.empty_database(server.url()) as url:
            if any(folder.glob("versions/*.py")):
                await migrations.migrate(folder, url)
            # alembic's env.py starts an event loop of its own.
            path = await asyncio.to_thread(migrations.write_revision, folder, url, message)
    finally:
        server.stop()
    path.write_text(NOISE.sub("", path.read_text()))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
