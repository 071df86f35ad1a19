"""Who may open what, as a table: `python -m tests.guards.role_table` writes it anew.

The table is checked in so that a change of rights is seen and judged by people. A cell says "ya"
where the role holds the permission of the endpoint; whether the object lies in the scope of the
person is another question (tests/guards/test_object_routes.py).
"""

from __future__ import annotations

import csv
import io
import tempfile
import uuid
from pathlib import Path

from flask import Flask

from portal.access import PUBLIC, declared_access
from portal.permissions import Actor, Grant, Permission
from portal.settings import Settings
from portal.vocabulary import Role

TABLE = Path(__file__).with_name("role_table.csv")
METHODS = ("GET", "POST")
NOBODY = uuid.UUID(int=0)


def holder(role: Role, *, retired: bool = False) -> Actor:
    """Somebody with this one role."""
    grants = () if role is Role.ASN else (Grant(role, NOBODY),)
    return Actor(NOBODY, NOBODY, NOBODY, NOBODY, "", "", grants, retired)


def may_open(declared: str | None, actor: Actor | None) -> bool:
    """What the door answers, before any question of scope."""
    if declared == PUBLIC:
        return True
    return bool(declared and actor and actor.may(Permission(declared)))


def table(app: Flask) -> str:
    """The table as CSV, one row per endpoint and address."""
    people = {"tanpa_masuk": None, **{role.value: holder(role) for role in Role}}
    people["pensiun"] = holder(Role.ASN, retired=True)
    rows = []
    for rule in app.url_map.iter_rules():
        declared = declared_access(app, rule.endpoint)
        methods = " ".join(method for method in METHODS if method in (rule.methods or ()))
        cells = ["ya" if may_open(declared, person) else "" for person in people.values()]
        rows.append([rule.endpoint, methods, rule.rule, declared or "DITOLAK", *cells])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["endpoint", "cara", "alamat", "izin", *people])
    writer.writerows(sorted(rows))
    return out.getvalue()


if __name__ == "__main__":
    from portal.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            mode="uji",
            secret_key="tabel",
            var_dir=Path(folder),
            database_url=f"sqlite:///{folder}/portal.db",
        )
        TABLE.write_text(table(create_app(settings)))
