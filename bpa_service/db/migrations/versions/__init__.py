"""The revisions, made by alembic."""
