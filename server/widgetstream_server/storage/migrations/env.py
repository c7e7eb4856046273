"""What Alembic runs for every command; the connection, with its transaction, comes from `migrate`."""

from alembic import context

from widgetstream_server.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
