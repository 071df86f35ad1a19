"""Alembic's entry: migrates the connection that the caller hands over (portal.migrating)."""

from alembic import context

import portal.operations.tables  # noqa: F401 -- every table must be known
from portal.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=False,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
