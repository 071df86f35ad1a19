"""The verifier's workbench: queues, exact counts, proposals, second looks, seals, questions."""

import sqlalchemy as sa
from alembic import op

revision = "0005_workbench"
down_revision = "0004_capture"
branch_labels = None
depends_on = None


WAITING = "state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"
APPEND_ONLY = "segel_audit is append-only"
CELL = ("antrean_id", "kind", "opd_id", "state", "lapis_pertama")
"""What an item is counted by."""
COLUMNS = f"INSERT INTO hitungan_antrean ({', '.join(CELL)}, jumlah)"


MARKED = (
    ("twins", [], "kembar = 1", "kembar"),
    ("objections", [], "objected = 1", "objected"),
    (
        "second",
        ["first_approver_id"],
        "first_approver_id IS NOT NULL",
        "first_approver_id IS NOT NULL",
    ),
)
"""Indexes of waiting items that bear a mark: name, columns before the place in the queue, and the
mark in the words of SQLite and of PostgreSQL."""


def _waits(row: str) -> str:
    return f"{row}.{WAITING}"


def _one(row: str, number: int) -> str:
    """A waiting item more, or less."""
    return f"{COLUMNS} VALUES ({', '.join(f'{row}.{name}' for name in CELL)}, {number});"


CHANGED = (
    "OLD.state <> NEW.state OR OLD.kind <> NEW.kind OR OLD.opd_id IS {distinct} NEW.opd_id "
    "OR OLD.antrean_id IS {distinct} NEW.antrean_id OR OLD.lapis_pertama <> NEW.lapis_pertama"
)
OF = ", ".join(CELL)


def _count_by_triggers() -> None:
    """Whoever changes an item, in whatever way, changes the counts in the same transaction."""
    op.execute(f"{COLUMNS} SELECT {OF}, count(*) FROM document WHERE {WAITING} GROUP BY {OF}")
    if op.get_bind().dialect.name == "sqlite":
        _count_in_sqlite()
    else:
        _count_in_postgresql()


def _count_in_sqlite() -> None:
    changed = CHANGED.format(distinct="NOT")
    left = f"AFTER UPDATE OF {OF} ON document WHEN {_waits('OLD')} AND ({changed})"
    came = f"AFTER UPDATE OF {OF} ON document WHEN {_waits('NEW')} AND ({changed})"
    for name, when, act in (
        ("in", f"AFTER INSERT ON document WHEN {_waits('NEW')}", _one("NEW", 1)),
        ("out", f"AFTER DELETE ON document WHEN {_waits('OLD')}", _one("OLD", -1)),
        ("left", left, _one("OLD", -1)),
        ("came", came, _one("NEW", 1)),
    ):
        op.execute(f"CREATE TRIGGER hitungan_antrean_{name} {when} BEGIN {act} END")


def _count_in_postgresql() -> None:
    changed = CHANGED.format(distinct="DISTINCT FROM")
    op.execute(
        "CREATE FUNCTION hitungan_antrean() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN IF {_waits('NEW')} THEN {_one('NEW', 1)} END IF; RETURN NULL; "
        "END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {_waits('OLD')} THEN {_one('OLD', -1)} END IF; RETURN NULL; "
        "END IF; "
        f"IF {changed} THEN "
        f"IF {_waits('OLD')} THEN {_one('OLD', -1)} END IF; "
        f"IF {_waits('NEW')} THEN {_one('NEW', 1)} END IF; "
        "END IF; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER hitungan_antrean AFTER INSERT OR DELETE OR UPDATE OF {OF} ON document "
        "FOR EACH ROW EXECUTE FUNCTION hitungan_antrean()"
    )


def _note_who_moves() -> None:
    """Whoever moves a person to another unit, in whatever way, leaves a note for the queue."""
    note = "INSERT INTO pindah_unit (pegawai_id) VALUES (NEW.id);"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER pindah_unit AFTER UPDATE OF opd_id ON pegawai "
            f"WHEN OLD.opd_id <> NEW.opd_id BEGIN {note} END"
        )
        return
    op.execute(
        "CREATE FUNCTION pindah_unit() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {note} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER pindah_unit AFTER UPDATE OF opd_id ON pegawai FOR EACH ROW "
        "WHEN (OLD.opd_id <> NEW.opd_id) EXECUTE FUNCTION pindah_unit()"
    )


def _index_names() -> None:
    """Parts of names are found through an index where the server has pg_trgm and we may use it
    (docs/decisions/0020); without it the names are read through."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    known = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
    allowed = "SELECT has_database_privilege(current_database(), 'CREATE')"
    if not (bind.execute(sa.text(known)).scalar() and bind.execute(sa.text(allowed)).scalar()):
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX ix_pegawai_nama_trgm ON pegawai USING gin (lower(nama) gin_trgm_ops)")


def _protect_seals() -> None:
    """Refuse UPDATE and DELETE on the seals, as on the audit."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER segel_audit_no_{act.lower()} BEFORE {act} ON segel_audit "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION segel_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER segel_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON segel_audit FOR EACH STATEMENT EXECUTE FUNCTION segel_audit_append_only()"
    )


def _release() -> None:
    """Drop triggers and functions; those on dropped tables go with them."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("in", "out", "left", "came"):
            op.execute(f"DROP TRIGGER hitungan_antrean_{name}")
        op.execute("DROP TRIGGER pindah_unit")
        return
    op.execute("DROP INDEX IF EXISTS ix_pegawai_nama_trgm")
    op.execute("DROP TRIGGER pindah_unit ON pegawai")
    op.execute("DROP FUNCTION pindah_unit()")
    op.execute("DROP TRIGGER hitungan_antrean ON document")
    op.execute("DROP FUNCTION hitungan_antrean()")
    op.execute("DROP TRIGGER segel_audit_append_only ON segel_audit")
    op.execute("DROP FUNCTION segel_audit_append_only()")


def upgrade() -> None:
    op.create_table(
        "hitungan_antrean",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("antrean_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("opd_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("lapis_pertama", sa.Boolean(), nullable=False),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hitungan_antrean")),
    )
    op.create_index("ix_hitungan_antrean_opd_id", "hitungan_antrean", ["opd_id"])
    op.create_table(
        "pindah_unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pindah_unit")),
    )

    op.create_table(
        "segel_audit",
        sa.Column(
            "urutan",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("disegel", sa.DateTime(timezone=True), nullable=False),
        sa.Column("isi", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("urutan", name=op.f("pk_segel_audit")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_segel_audit_audit_id")),
    )
    op.create_index("ix_audit_at_id", "audit", ["at", "id"])
    op.create_index("ix_audit_action_at", "audit", ["action", "at"])
    op.create_table(
        "hari_libur",
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("tanggal", sa.Date(), nullable=False),
        sa.Column("nama", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_hari_libur_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("instansi_id", "tanggal", name=op.f("pk_hari_libur")),
    )
    op.create_table(
        "perguruan_tinggi",
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("kunci", sa.String(length=200), nullable=False),
        sa.Column("nama", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_perguruan_tinggi_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("instansi_id", "kunci", name=op.f("pk_perguruan_tinggi")),
    )
    op.create_table(
        "antrean",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("nama", sa.String(length=100), nullable=False),
        sa.Column("jenis_dokumen", sa.JSON(), nullable=False),
        sa.Column("opd_id", sa.Uuid(), nullable=True),
        sa.Column("aktif", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_antrean_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_antrean_opd_id_opd")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_antrean")),
        sa.UniqueConstraint("instansi_id", "nama", name=op.f("uq_antrean_instansi_id_nama")),
    )
    op.create_table(
        "ketidakhadiran",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("pengganti_id", sa.Uuid(), nullable=True),
        sa.Column("mulai", sa.Date(), nullable=False),
        sa.Column("sampai", sa.Date(), nullable=False),
        sa.Column("pencatat_id", sa.Uuid(), nullable=False),
        sa.Column("dicatat", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mulai <= sampai", name=op.f("ck_ketidakhadiran_days_in_order")),
        sa.CheckConstraint(
            "pengganti_id <> pegawai_id", name=op.f("ck_ketidakhadiran_stand_in_is_another")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_ketidakhadiran_pegawai_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["pencatat_id"], ["pegawai.id"], name=op.f("fk_ketidakhadiran_pencatat_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["pengganti_id"], ["pegawai.id"], name=op.f("fk_ketidakhadiran_pengganti_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ketidakhadiran")),
    )
    op.create_index("ix_ketidakhadiran_pegawai_id", "ketidakhadiran", ["pegawai_id"])
    op.create_index("ix_ketidakhadiran_pengganti_id", "ketidakhadiran", ["pengganti_id"])

    op.create_table(
        "pilihan_surel",
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("jenis", sa.String(length=20), nullable=False),
        sa.Column("cara", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_pilihan_surel_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("pegawai_id", "jenis", name=op.f("pk_pilihan_surel")),
    )
    op.create_table(
        "pertanyaan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("baris_skor", sa.String(length=40), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diperbarui", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_pertanyaan_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["pegawai.id"], name=op.f("fk_pertanyaan_owner_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pertanyaan")),
    )
    op.create_index("ix_pertanyaan_document_id", "pertanyaan", ["document_id"])
    op.create_index(
        "ix_pertanyaan_menunggu",
        "pertanyaan",
        ["diperbarui", "id"],
        sqlite_where=sa.text("state = 'menunggu'"),
        postgresql_where=sa.text("state = 'menunggu'"),
    )
    op.create_index("ix_pertanyaan_owner_id_dibuat", "pertanyaan", ["owner_id", "dibuat"])

    op.create_table(
        "usul_cabut",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("pengusul_id", sa.Uuid(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("penentu_id", sa.Uuid(), nullable=True),
        sa.Column("at_decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("setuju", sa.Boolean(), nullable=True),
        sa.CheckConstraint("penentu_id <> pengusul_id", name=op.f("ck_usul_cabut_two_people")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_usul_cabut_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["penentu_id"], ["pegawai.id"], name=op.f("fk_usul_cabut_penentu_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["pengusul_id"], ["pegawai.id"], name=op.f("fk_usul_cabut_pengusul_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["alasan.id"], name=op.f("fk_usul_cabut_reason_id_alasan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usul_cabut")),
    )
    op.create_index(
        "uq_usul_cabut_terbuka",
        "usul_cabut",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("at_decided IS NULL"),
        postgresql_where=sa.text("at_decided IS NULL"),
    )

    op.create_table(
        "usul_koreksi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("lama", sa.String(length=300), nullable=False),
        sa.Column("baru", sa.String(length=300), nullable=False),
        sa.Column("pengusul_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diterima", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_usul_koreksi_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pengusul_id"], ["pegawai.id"], name=op.f("fk_usul_koreksi_pengusul_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usul_koreksi")),
        sa.UniqueConstraint(
            "document_id",
            "revision",
            "field",
            name=op.f("uq_usul_koreksi_document_id_revision_field"),
        ),
    )
    op.create_table(
        "pesan_tanya",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["pegawai.id"], name=op.f("fk_pesan_tanya_author_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["pertanyaan.id"], name=op.f("fk_pesan_tanya_question_id_pertanyaan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pesan_tanya")),
    )
    op.create_index("ix_pesan_tanya_question_id", "pesan_tanya", ["question_id", "at"])

    op.create_table(
        "tanya_jawab",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("topik", sa.String(length=30), nullable=False),
        sa.Column("pertanyaan", sa.String(length=300), nullable=False),
        sa.Column("jawaban", sa.Text(), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.Column("aktif", sa.Boolean(), nullable=False),
        sa.Column("asal_id", sa.Uuid(), nullable=True),
        sa.Column("penulis_id", sa.Uuid(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asal_id"], ["pertanyaan.id"], name=op.f("fk_tanya_jawab_asal_id_pertanyaan")
        ),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_tanya_jawab_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(
            ["penulis_id"], ["pegawai.id"], name=op.f("fk_tanya_jawab_penulis_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tanya_jawab")),
    )
    op.create_index("ix_tanya_jawab_instansi_id", "tanya_jawab", ["instansi_id", "urutan"])

    op.create_table(
        "uji_petik",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pemeriksa_id", sa.Uuid(), nullable=True),
        sa.Column("diperiksa", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sependapat", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["keputusan.id"], name=op.f("fk_uji_petik_decision_id_keputusan")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_uji_petik_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pemeriksa_id"], ["pegawai.id"], name=op.f("fk_uji_petik_pemeriksa_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uji_petik")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_uji_petik_decision_id")),
    )
    op.create_index(
        "ix_uji_petik_menunggu",
        "uji_petik",
        ["dibuat", "id"],
        sqlite_where=sa.text("diperiksa IS NULL"),
        postgresql_where=sa.text("diperiksa IS NULL"),
    )

    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(sa.Column("antrean_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("opd_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("lapis_pertama", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("tenggat", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lampu", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("kembar", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            "ix_document_claimed_by_id",
            ["claimed_by_id"],
            unique=False,
            sqlite_where=sa.text("claimed_by_id IS NOT NULL"),
            postgresql_where=sa.text("claimed_by_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_document_due",
            ["tenggat", "submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.drop_index(
            "ix_document_queue",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.create_index(
            "ix_document_queue",
            ["submitted_at", "id", "state"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.create_index(
            "ix_document_queue_of_lights",
            ["lampu", "submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.create_index(
            "ix_document_queue_of_unit",
            ["opd_id", "kind", "state", "submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        for name, first, lite, grown in MARKED:
            batch_op.create_index(
                f"ix_document_queue_of_{name}",
                [*first, "submitted_at", "id"],
                unique=False,
                sqlite_where=sa.text(f"{WAITING} AND {lite}"),
                postgresql_where=sa.text(f"{WAITING} AND {grown}"),
            )
        batch_op.create_foreign_key(
            batch_op.f("fk_document_antrean_id_antrean"), "antrean", ["antrean_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_document_opd_id_opd"), "opd", ["opd_id"], ["id"])

    with op.batch_alter_table("document_file") as batch_op:
        batch_op.add_column(sa.Column("tanda_tangan", sa.String(length=30), nullable=True))

    with op.batch_alter_table("instansi") as batch_op:
        batch_op.add_column(
            sa.Column("tenggat_hari", sa.JSON(), nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("lapis_opd", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("uji_petik_persen", sa.Integer(), nullable=False, server_default="5")
        )

    with op.batch_alter_table("keputusan") as batch_op:
        batch_op.add_column(sa.Column("antrean_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("masuk", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("massal", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_keputusan_antrean_id_antrean"), "antrean", ["antrean_id"], ["id"]
        )

    with op.batch_alter_table("notifikasi") as batch_op:
        batch_op.add_column(
            sa.Column("jenis", sa.String(length=20), nullable=False, server_default="dokumen")
        )
        batch_op.add_column(sa.Column("disurel", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("objek_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_notifikasi_belum_disurel",
            ["pegawai_id", "jenis"],
            sqlite_where=sa.text("disurel IS NULL"),
            postgresql_where=sa.text("disurel IS NULL"),
        )

    with op.batch_alter_table("pegawai") as batch_op:
        batch_op.add_column(sa.Column("pasangan_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("atasan_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_pegawai_pasangan_id_pegawai"), "pegawai", ["pasangan_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_pegawai_atasan_id_pegawai"), "pegawai", ["atasan_id"], ["id"]
        )
        for column in ("pasangan_id", "atasan_id"):
            batch_op.create_index(
                f"ix_pegawai_{column}",
                [column],
                sqlite_where=sa.text(f"{column} IS NOT NULL"),
                postgresql_where=sa.text(f"{column} IS NOT NULL"),
            )

    with op.batch_alter_table("penugasan") as batch_op:
        batch_op.add_column(sa.Column("antrean_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_penugasan_antrean_id_antrean"), "antrean", ["antrean_id"], ["id"]
        )

    # What was told before there was e-mail is not sent afterwards.
    op.execute("UPDATE notifikasi SET disurel = dibuat")
    op.execute(
        "UPDATE document SET opd_id = "
        "(SELECT opd_id FROM pegawai WHERE pegawai.id = document.owner_id) "
        "WHERE state <> 'draf'"
    )
    _count_by_triggers()
    _note_who_moves()
    _index_names()
    _protect_seals()


def downgrade() -> None:
    _release()
    # What an older portal would take for more than it is: a role for one queue would hold for all
    # of them, and a decision that was taken back would stand.
    op.execute(
        "UPDATE penugasan SET berakhir = CURRENT_TIMESTAMP WHERE antrean_id IS NOT NULL "
        "AND (berakhir IS NULL OR berakhir > CURRENT_TIMESTAMP)"
    )
    op.drop_table("uji_petik")
    op.execute("DELETE FROM keputusan WHERE undone_at IS NOT NULL")
    with op.batch_alter_table("penugasan") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_penugasan_antrean_id_antrean"), type_="foreignkey")
        batch_op.drop_column("antrean_id")

    with op.batch_alter_table("pegawai") as batch_op:
        for column in ("pasangan_id", "atasan_id"):
            batch_op.drop_index(
                f"ix_pegawai_{column}",
                sqlite_where=sa.text(f"{column} IS NOT NULL"),
                postgresql_where=sa.text(f"{column} IS NOT NULL"),
            )
        batch_op.drop_constraint(batch_op.f("fk_pegawai_atasan_id_pegawai"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_pegawai_pasangan_id_pegawai"), type_="foreignkey")
        batch_op.drop_column("atasan_id")
        batch_op.drop_column("pasangan_id")

    with op.batch_alter_table("notifikasi") as batch_op:
        batch_op.drop_index(
            "ix_notifikasi_belum_disurel",
            sqlite_where=sa.text("disurel IS NULL"),
            postgresql_where=sa.text("disurel IS NULL"),
        )
        batch_op.drop_column("objek_id")
        batch_op.drop_column("disurel")
        batch_op.drop_column("jenis")

    with op.batch_alter_table("keputusan") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_keputusan_antrean_id_antrean"), type_="foreignkey")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("massal")
        batch_op.drop_column("masuk")
        batch_op.drop_column("antrean_id")

    with op.batch_alter_table("instansi") as batch_op:
        batch_op.drop_column("uji_petik_persen")
        batch_op.drop_column("lapis_opd")
        batch_op.drop_column("tenggat_hari")

    with op.batch_alter_table("document_file") as batch_op:
        batch_op.drop_column("tanda_tangan")

    with op.batch_alter_table("document") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_document_opd_id_opd"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_document_antrean_id_antrean"), type_="foreignkey")
        batch_op.drop_index(
            "ix_document_queue_of_unit",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.drop_index(
            "ix_document_queue",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.create_index(
            "ix_document_queue",
            ["submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.drop_index(
            "ix_document_queue_of_lights",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        for name, _first, lite, grown in MARKED:
            batch_op.drop_index(
                f"ix_document_queue_of_{name}",
                sqlite_where=sa.text(f"{WAITING} AND {lite}"),
                postgresql_where=sa.text(f"{WAITING} AND {grown}"),
            )
        batch_op.drop_index(
            "ix_document_due", sqlite_where=sa.text(WAITING), postgresql_where=sa.text(WAITING)
        )
        batch_op.drop_index(
            "ix_document_claimed_by_id",
            sqlite_where=sa.text("claimed_by_id IS NOT NULL"),
            postgresql_where=sa.text("claimed_by_id IS NOT NULL"),
        )
        batch_op.drop_column("kembar")
        batch_op.drop_column("lampu")
        batch_op.drop_column("tenggat")
        batch_op.drop_column("lapis_pertama")
        batch_op.drop_column("opd_id")
        batch_op.drop_column("antrean_id")

    op.drop_table("tanya_jawab")
    op.drop_table("pesan_tanya")
    op.drop_table("usul_koreksi")
    op.drop_table("usul_cabut")
    op.drop_table("pertanyaan")
    op.drop_table("pilihan_surel")
    op.drop_table("ketidakhadiran")
    op.drop_table("antrean")
    op.drop_table("perguruan_tinggi")
    op.drop_table("hari_libur")
    op.drop_index("ix_audit_action_at", "audit")
    op.drop_index("ix_audit_at_id", "audit")
    op.drop_table("segel_audit")
    op.drop_table("pindah_unit")
    op.drop_table("hitungan_antrean")
