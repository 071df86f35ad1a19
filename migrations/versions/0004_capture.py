"""Certificates from a phone: files in parts, papers in the making, what a machine read, walks."""

import sqlalchemy as sa
from alembic import op

revision = "0004_capture"
down_revision = "0003_ledger"
branch_labels = None
depends_on = None

BATCH = 10_000


def upgrade() -> None:
    op.create_table(
        "penelusuran_berkas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jenis", sa.String(length=20), nullable=False),
        sa.Column("tujuan", sa.String(length=300), nullable=False),
        sa.Column("tahap", sa.String(length=20), nullable=False),
        sa.Column("sampai", sa.String(length=120), nullable=False),
        sa.Column("diperiksa", sa.JSON(), nullable=False),
        sa.Column("temuan", sa.JSON(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diperbarui", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penelusuran_berkas")),
    )
    op.create_index("ix_penelusuran_berkas_mulai", "penelusuran_berkas", ["mulai"])

    op.create_table(
        "pengolahan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'diproses') = (finished_at IS NULL)",
            name=op.f("ck_pengolahan_finished_has_time"),
        ),
        sa.CheckConstraint(
            "(state = 'siap') = (file_id IS NOT NULL)", name=op.f("ck_pengolahan_ready_has_file")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_pengolahan_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["pegawai.id"], name=op.f("fk_pengolahan_sender_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pengolahan")),
    )
    op.create_index("ix_pengolahan_document_id", "pengolahan", ["document_id"])

    op.create_table(
        "unggahan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256_source", sa.String(length=64), nullable=True),
        sa.Column("part_size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "size > 0 AND part_size > 0", name=op.f("ck_unggahan_sizes_are_positive")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_unggahan_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["pegawai.id"], name=op.f("fk_unggahan_sender_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unggahan")),
    )
    op.create_index("ix_unggahan_document_id", "unggahan", ["document_id"])
    op.create_index("ix_unggahan_sender_id_created_at", "unggahan", ["sender_id", "created_at"])

    op.create_table(
        "bacaan",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["document_file.id"],
            name=op.f("fk_bacaan_file_id_document_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_bacaan")),
    )
    op.create_table(
        "berkas_asal",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256_source", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["document_file.id"],
            name=op.f("fk_berkas_asal_file_id_document_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_berkas_asal")),
    )
    op.create_index("ix_berkas_asal_sha256", "berkas_asal", ["sha256"])
    op.create_index("ix_berkas_asal_sha256_source", "berkas_asal", ["sha256_source"])

    op.create_table(
        "kode_terbaca",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["document_file.id"],
            name=op.f("fk_kode_terbaca_file_id_document_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "sha256", name=op.f("pk_kode_terbaca")),
    )
    op.create_index("ix_kode_terbaca_sha256", "kode_terbaca", ["sha256"])

    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(
            sa.Column("nomor_kunci", sa.String(length=100), nullable=False, server_default="")
        )
        batch_op.create_index("ix_document_nomor_kunci", ["nomor_kunci"], unique=False)

    with op.batch_alter_table("document_file") as batch_op:
        batch_op.add_column(sa.Column("dhash", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("dhash_a", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("dhash_b", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("dhash_c", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("objects", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_document_file_dhash_a", ["dhash_a"], unique=False)
        batch_op.create_index("ix_document_file_dhash_b", ["dhash_b"], unique=False)
        batch_op.create_index("ix_document_file_dhash_c", ["dhash_c"], unique=False)

    _fill_number_keys(op.get_bind())


def _fill_number_keys(connection: sa.Connection) -> None:
    """Numbers that stand already, as they are compared from now on."""
    document = sa.table("document", sa.column("id"), sa.column("nomor"), sa.column("nomor_kunci"))
    last = None
    while True:
        wanted = sa.select(document.c.id, document.c.nomor).order_by(document.c.id).limit(BATCH)
        rows = connection.execute(
            wanted if last is None else wanted.where(document.c.id > last)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        keys = [
            {"row": row.id, "key": "".join(s for s in row.nomor.casefold() if s.isalnum())[:100]}
            for row in rows
            if row.nomor
        ]
        if keys:
            connection.execute(
                sa.update(document)
                .where(document.c.id == sa.bindparam("row"))
                .values(nomor_kunci=sa.bindparam("key")),
                keys,
            )


def downgrade() -> None:

    with op.batch_alter_table("document_file") as batch_op:
        batch_op.drop_index("ix_document_file_dhash_c")
        batch_op.drop_index("ix_document_file_dhash_b")
        batch_op.drop_index("ix_document_file_dhash_a")
        batch_op.drop_column("erased_at")
        batch_op.drop_column("objects")
        batch_op.drop_column("dhash_c")
        batch_op.drop_column("dhash_b")
        batch_op.drop_column("dhash_a")
        batch_op.drop_column("dhash")

    with op.batch_alter_table("document") as batch_op:
        batch_op.drop_index("ix_document_nomor_kunci")
        batch_op.drop_column("nomor_kunci")

    op.drop_table("kode_terbaca")
    op.drop_table("berkas_asal")
    op.drop_table("bacaan")
    op.drop_table("unggahan")
    op.drop_table("pengolahan")
    op.drop_table("penelusuran_berkas")
