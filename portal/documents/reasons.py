"""Reasons that every installation begins with (reasons.toml), written into the table `alasan`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.documents.rulings import Reason
from portal.documents.transitions import Act

_FILE = Path(__file__).with_name("reasons.toml")


def ensure_reasons(session: Session) -> int:
    """Add the reasons that are missing; returns how many. What an agency changed stays."""
    present = set(session.scalars(select(Reason.kode)))
    missing = [
        Reason(
            kode=entry["kode"],
            act=Act(entry["tindakan"]),
            label=entry["label"],
            cara_memperbaiki=entry["cara_memperbaiki"],
            fields=entry["bidang"],
            kinds=entry["jenis"],
        )
        for entry in tomllib.loads(_FILE.read_text("utf-8"))["alasan"]
        if entry["kode"] not in present
    ]
    session.add_all(missing)
    return len(missing)
