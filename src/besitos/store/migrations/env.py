"""Alembic's way in: it runs this file with `context` filled in, over the connection that `runner` has opened."""

from alembic import context

from besitos.store.migrations.runner import settings_for

connection = context.config.attributes["connection"]
context.configure(connection=connection, **settings_for(connection))
with context.begin_transaction():
    context.run_migrations()
