"""Run migrations over the connection that `database.migrate` opened."""

from __future__ import annotations

from alembic import context

from auditor.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
