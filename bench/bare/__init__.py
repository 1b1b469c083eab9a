"""The reference that figures are compared with: FastAPI, asyncpg, uvicorn with uvloop and httptools, and no more.

It keeps a request, its announcement, its idempotency key and a line of audit in one transaction, and puts photos
on the disk before it answers. It knows no people, no rules, no states and no live hints.
"""
