"""The first release: every table and the append-only audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first_release"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = "audit is append-only"


def _protect_audit() -> None:
    """Refuse UPDATE and DELETE on the audit in the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )


def _release_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_update")
        op.execute("DROP TRIGGER audit_no_delete")
        return
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute("DROP FUNCTION audit_append_only()")


def upgrade() -> None:
    op.create_table(
        "alasan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kode", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(30), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("cara_memperbaiki", sa.String(length=400), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("aktif", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alasan")),
        sa.UniqueConstraint("kode", name=op.f("uq_alasan_kode")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor_id_id", ["actor_id", "id"], unique=False)
        batch_op.create_index("ix_audit_subject_id_id", ["subject_id", "id"], unique=False)

    op.create_table(
        "denyut",
        sa.Column("nama", sa.String(length=40), nullable=False),
        sa.Column("terlihat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nama", name=op.f("pk_denyut")),
    )
    op.create_table(
        "instansi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("siasn_id", sa.String(length=40), nullable=True),
        sa.Column("nama", sa.String(length=200), nullable=False),
        sa.Column("sebutan_bkd", sa.String(length=60), nullable=False),
        sa.Column("zona_waktu", sa.String(length=40), nullable=False),
        sa.Column("dua_pemeriksa", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instansi")),
        sa.UniqueConstraint("siasn_id", name=op.f("uq_instansi_siasn_id")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_done_at_run_after", ["done_at", "run_after"], unique=False)

    op.create_table(
        "percobaan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kunci", sa.String(length=80), nullable=False),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tunggu_sampai", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_percobaan")),
        sa.UniqueConstraint("kunci", name=op.f("uq_percobaan_kunci")),
    )
    op.create_table(
        "rekonsiliasi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diperiksa", sa.JSON(), nullable=False),
        sa.Column("temuan", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rekonsiliasi")),
    )
    with op.batch_alter_table("rekonsiliasi", schema=None) as batch_op:
        batch_op.create_index("ix_rekonsiliasi_mulai", ["mulai"], unique=False)

    op.create_table(
        "opd",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("siasn_id", sa.String(length=40), nullable=True),
        sa.Column("nama", sa.String(length=200), nullable=False),
        sa.Column("jalur", sa.String(length=400), nullable=False),
        sa.Column("kedalaman", sa.Integer(), nullable=False),
        sa.Column("aktif", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_opd_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["opd.id"], name=op.f("fk_opd_parent_id_opd")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opd")),
        sa.UniqueConstraint("instansi_id", "siasn_id", name=op.f("uq_opd_instansi_id_siasn_id")),
    )
    with op.batch_alter_table("opd", schema=None) as batch_op:
        batch_op.create_index("ix_opd_jalur", ["jalur"], unique=False)

    op.create_table(
        "tahun_ukur",
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("aturan", sa.String(length=40), nullable=False),
        sa.Column("saklar", sa.JSON(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_tahun_ukur_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("instansi_id", "tahun", name=op.f("pk_tahun_ukur")),
    )
    op.create_table(
        "pegawai",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("opd_id", sa.Uuid(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("siasn_id", sa.String(length=40), nullable=True),
        sa.Column("nama", sa.String(length=150), nullable=False),
        sa.Column("gelar_depan", sa.String(length=60), nullable=False),
        sa.Column("gelar_belakang", sa.String(length=60), nullable=False),
        sa.Column("jenis_kelamin", sa.String(30), nullable=True),
        sa.Column("tanggal_lahir", sa.Date(), nullable=True),
        sa.Column("jenis_pegawai", sa.String(30), nullable=False),
        sa.Column("kedudukan_hukum", sa.String(length=4), nullable=False),
        sa.Column("kelompok_jabatan", sa.String(30), nullable=False),
        sa.Column("jabatan", sa.String(length=200), nullable=False),
        sa.Column("golongan", sa.String(length=10), nullable=False),
        sa.Column("syarat_pendidikan", sa.String(30), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("pensiun_sejak", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_pegawai_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_pegawai_opd_id_opd")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pegawai")),
        sa.UniqueConstraint("nip", name=op.f("uq_pegawai_nip")),
        sa.UniqueConstraint("siasn_id", name=op.f("uq_pegawai_siasn_id")),
    )
    with op.batch_alter_table("pegawai", schema=None) as batch_op:
        batch_op.create_index("ix_pegawai_instansi_id_nama", ["instansi_id", "nama"], unique=False)
        batch_op.create_index("ix_pegawai_opd_id_nama", ["opd_id", "nama"], unique=False)

    op.create_table(
        "akun",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("kata_sandi", sa.String(length=200), nullable=True),
        sa.Column("wajib_ganti", sa.Boolean(), nullable=False),
        sa.Column("aktif", sa.Boolean(), nullable=False),
        sa.Column("setuju_privasi", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pintasan", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_akun_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akun")),
        sa.UniqueConstraint("pegawai_id", name=op.f("uq_akun_pegawai_id")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("bkn_state", sa.String(30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("objected", sa.Boolean(), nullable=False),
        sa.Column("jenis", sa.String(30), nullable=True),
        sa.Column("nama", sa.String(length=300), nullable=False),
        sa.Column("penyelenggara", sa.String(length=200), nullable=False),
        sa.Column("nomor", sa.String(length=100), nullable=False),
        sa.Column("tanggal_mulai", sa.Date(), nullable=True),
        sa.Column("tanggal_selesai", sa.Date(), nullable=True),
        sa.Column("tanggal_sertifikat", sa.Date(), nullable=True),
        sa.Column("jp", sa.Integer(), nullable=True),
        sa.Column("latihan_struktural", sa.String(30), nullable=True),
        sa.Column("tingkat", sa.String(30), nullable=True),
        sa.Column("program_studi", sa.String(length=200), nullable=False),
        sa.Column("perguruan_tinggi", sa.String(length=200), nullable=False),
        sa.Column("luar_negeri", sa.Boolean(), nullable=False),
        sa.Column("tanggal_lulus", sa.Date(), nullable=True),
        sa.Column("gelar", sa.String(length=60), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_approver_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'diperiksa') = (claimed_by_id IS NOT NULL)",
            name=op.f("ck_document_claim_state"),
        ),
        sa.CheckConstraint(
            "(state = 'draf') OR (submitted_at IS NOT NULL AND receipt IS NOT NULL)",
            name=op.f("ck_document_handed_in_has_receipt"),
        ),
        sa.CheckConstraint(
            "(claimed_by_id IS NULL) = (claimed_until IS NULL)",
            name=op.f("ck_document_claim_has_holder_and_end"),
        ),
        sa.CheckConstraint(
            "claimed_by_id <> owner_id", name=op.f("ck_document_claim_is_never_own")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["pegawai.id"], name=op.f("fk_document_claimed_by_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["pegawai.id"], name=op.f("fk_document_created_by_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["first_approver_id"],
            ["pegawai.id"],
            name=op.f("fk_document_first_approver_id_pegawai"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["pegawai.id"], name=op.f("fk_document_owner_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["alasan.id"], name=op.f("fk_document_reason_id_alasan")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["document.id"], name=op.f("fk_document_replaces_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("id", "owner_id", name=op.f("uq_document_id_owner_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_document_receipt")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            "ix_document_created_by_id_created_at", ["created_by_id", "created_at"], unique=False
        )
        batch_op.create_index("ix_document_nomor", ["nomor"], unique=False)
        batch_op.create_index(
            "ix_document_owner_id_created_at", ["owner_id", "created_at"], unique=False
        )
        batch_op.create_index(
            "ix_document_queue",
            ["submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"),
            postgresql_where=sa.text("state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"),
        )

    op.create_table(
        "hukdis",
        sa.Column("tingkat", sa.String(30), nullable=False),
        sa.Column("tmt", sa.Date(), nullable=False),
        sa.Column("akhir", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("sumber", sa.String(length=20), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_hukdis_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hukdis")),
    )
    with op.batch_alter_table("hukdis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hukdis_pegawai_id"), ["pegawai_id"], unique=False)

    op.create_table(
        "kinerja",
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("nilai", sa.Integer(), nullable=True),
        sa.Column("predikat", sa.String(30), nullable=True),
        sa.Column("dinilai", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("sumber", sa.String(length=20), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_kinerja_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinerja")),
    )
    with op.batch_alter_table("kinerja", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinerja_pegawai_id"), ["pegawai_id"], unique=False)

    op.create_table(
        "skor",
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("aturan", sa.String(length=40), nullable=False),
        sa.Column("aturan_versi", sa.String(length=80), nullable=False),
        sa.Column("per_tanggal", sa.Date(), nullable=False),
        sa.Column("dihitung", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diukur", sa.Boolean(), nullable=False),
        sa.Column("alasan", sa.String(length=300), nullable=False),
        sa.Column("kualifikasi", sa.Integer(), nullable=True),
        sa.Column("kompetensi", sa.Integer(), nullable=True),
        sa.Column("kinerja", sa.Integer(), nullable=True),
        sa.Column("disiplin", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("kategori", sa.String(30), nullable=True),
        sa.Column("sementara", sa.Boolean(), nullable=False),
        sa.Column("rincian", sa.JSON(), nullable=False),
        sa.Column("bisa", sa.JSON(), nullable=False),
        sa.Column("langkah", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_skor_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("pegawai_id", "tahun", name=op.f("pk_skor")),
    )
    op.create_table(
        "document_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256_original", sa.String(length=64), nullable=False),
        sa.Column("sha256_stored", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("original_names", sa.JSON(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_file_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
    )
    with op.batch_alter_table("document_file", schema=None) as batch_op:
        batch_op.create_index("ix_document_file_document_id", ["document_id"], unique=False)
        batch_op.create_index("ix_document_file_sha256_original", ["sha256_original"], unique=False)
        batch_op.create_index(
            "uq_document_file_current",
            ["document_id", "role"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "keputusan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "decider_id <> owner_id", name=op.f("ck_keputusan_decider_is_not_owner")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["pegawai.id"], name=op.f("fk_keputusan_decider_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "owner_id"],
            ["document.id", "document.owner_id"],
            name=op.f("fk_keputusan_document_id_document"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["alasan.id"], name=op.f("fk_keputusan_reason_id_alasan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keputusan")),
    )
    with op.batch_alter_table("keputusan", schema=None) as batch_op:
        batch_op.create_index("ix_keputusan_at", ["at"], unique=False)
        batch_op.create_index("ix_keputusan_document_id", ["document_id"], unique=False)

    op.create_table(
        "kode_sekali",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akun_id", sa.Uuid(), nullable=False),
        sa.Column("tujuan", sa.String(30), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kedaluwarsa", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dipakai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salah", sa.Integer(), nullable=False),
        sa.Column("penerbit_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["akun_id"], ["akun.id"], name=op.f("fk_kode_sekali_akun_id_akun")),
        sa.ForeignKeyConstraint(
            ["penerbit_id"], ["pegawai.id"], name=op.f("fk_kode_sekali_penerbit_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kode_sekali")),
    )
    with op.batch_alter_table("kode_sekali", schema=None) as batch_op:
        batch_op.create_index("ix_kode_sekali_akun_id", ["akun_id"], unique=False)

    op.create_table(
        "notifikasi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("judul", sa.String(length=200), nullable=False),
        sa.Column("isi", sa.String(length=500), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dibaca", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_notifikasi_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_notifikasi_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifikasi")),
    )
    with op.batch_alter_table("notifikasi", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notifikasi_belum_dibaca",
            ["pegawai_id"],
            unique=False,
            sqlite_where=sa.text("dibaca IS NULL"),
            postgresql_where=sa.text("dibaca IS NULL"),
        )
        batch_op.create_index(
            "ix_notifikasi_pegawai_id_dibuat", ["pegawai_id", "dibuat"], unique=False
        )

    op.create_table(
        "pendidikan",
        sa.Column("tingkat", sa.String(30), nullable=False),
        sa.Column("program_studi", sa.String(length=200), nullable=False),
        sa.Column("perguruan_tinggi", sa.String(length=200), nullable=False),
        sa.Column("nomor", sa.String(length=100), nullable=False),
        sa.Column("tanggal_lulus", sa.Date(), nullable=True),
        sa.Column("tahun_lulus", sa.Integer(), nullable=True),
        sa.Column("gelar", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("sumber", sa.String(length=20), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_pendidikan_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_pendidikan_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pendidikan")),
        sa.UniqueConstraint("document_id", name=op.f("uq_pendidikan_document_id")),
    )
    with op.batch_alter_table("pendidikan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pendidikan_pegawai_id"), ["pegawai_id"], unique=False)

    op.create_table(
        "pengembangan",
        sa.Column("jenis", sa.String(30), nullable=False),
        sa.Column("nama", sa.String(length=300), nullable=False),
        sa.Column("penyelenggara", sa.String(length=200), nullable=False),
        sa.Column("nomor", sa.String(length=100), nullable=False),
        sa.Column("tanggal_mulai", sa.Date(), nullable=True),
        sa.Column("tanggal_selesai", sa.Date(), nullable=True),
        sa.Column("tanggal_sertifikat", sa.Date(), nullable=True),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("latihan_struktural", sa.String(30), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("sumber", sa.String(length=20), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_pengembangan_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_pengembangan_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pengembangan")),
        sa.UniqueConstraint("document_id", name=op.f("uq_pengembangan_document_id")),
    )
    with op.batch_alter_table("pengembangan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pengembangan_pegawai_id"), ["pegawai_id"], unique=False
        )

    op.create_table(
        "penugasan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("akun_id", sa.Uuid(), nullable=False),
        sa.Column("peran", sa.String(30), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("opd_id", sa.Uuid(), nullable=True),
        sa.Column("dengan_bawahan", sa.Boolean(), nullable=False),
        sa.Column("jenis_dokumen", sa.JSON(), nullable=False),
        sa.Column("berakhir", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["akun_id"], ["akun.id"], name=op.f("fk_penugasan_akun_id_akun")),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_penugasan_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_penugasan_opd_id_opd")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penugasan")),
    )
    with op.batch_alter_table("penugasan", schema=None) as batch_op:
        batch_op.create_index("ix_penugasan_akun_id", ["akun_id"], unique=False)

    op.create_table(
        "perubahan_skor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("waktu", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sebelum", sa.Integer(), nullable=True),
        sa.Column("sesudah", sa.Integer(), nullable=True),
        sa.Column("sebab", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_perubahan_skor_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_perubahan_skor_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_perubahan_skor")),
    )
    with op.batch_alter_table("perubahan_skor", schema=None) as batch_op:
        batch_op.create_index(
            "ix_perubahan_skor_pegawai_id_waktu", ["pegawai_id", "waktu"], unique=False
        )

    op.create_table(
        "sesi",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("akun_id", sa.Uuid(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kedaluwarsa", sa.DateTime(timezone=True), nullable=False),
        sa.Column("perangkat", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["akun_id"], ["akun.id"], name=op.f("fk_sesi_akun_id_akun")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sesi")),
    )
    with op.batch_alter_table("sesi", schema=None) as batch_op:
        batch_op.create_index("ix_sesi_akun_id", ["akun_id"], unique=False)
    _protect_audit()


def downgrade() -> None:
    _release_audit()
    with op.batch_alter_table("sesi", schema=None) as batch_op:
        batch_op.drop_index("ix_sesi_akun_id")

    op.drop_table("sesi")
    with op.batch_alter_table("perubahan_skor", schema=None) as batch_op:
        batch_op.drop_index("ix_perubahan_skor_pegawai_id_waktu")

    op.drop_table("perubahan_skor")
    with op.batch_alter_table("penugasan", schema=None) as batch_op:
        batch_op.drop_index("ix_penugasan_akun_id")

    op.drop_table("penugasan")
    with op.batch_alter_table("pengembangan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pengembangan_pegawai_id"))

    op.drop_table("pengembangan")
    with op.batch_alter_table("pendidikan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pendidikan_pegawai_id"))

    op.drop_table("pendidikan")
    with op.batch_alter_table("notifikasi", schema=None) as batch_op:
        batch_op.drop_index("ix_notifikasi_pegawai_id_dibuat")
        batch_op.drop_index(
            "ix_notifikasi_belum_dibaca",
            sqlite_where=sa.text("dibaca IS NULL"),
            postgresql_where=sa.text("dibaca IS NULL"),
        )

    op.drop_table("notifikasi")
    with op.batch_alter_table("kode_sekali", schema=None) as batch_op:
        batch_op.drop_index("ix_kode_sekali_akun_id")

    op.drop_table("kode_sekali")
    with op.batch_alter_table("keputusan", schema=None) as batch_op:
        batch_op.drop_index("ix_keputusan_document_id")
        batch_op.drop_index("ix_keputusan_at")

    op.drop_table("keputusan")
    with op.batch_alter_table("document_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_document_file_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_document_file_sha256_original")
        batch_op.drop_index("ix_document_file_document_id")

    op.drop_table("document_file")
    op.drop_table("skor")
    with op.batch_alter_table("kinerja", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kinerja_pegawai_id"))

    op.drop_table("kinerja")
    with op.batch_alter_table("hukdis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hukdis_pegawai_id"))

    op.drop_table("hukdis")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_document_queue",
            sqlite_where=sa.text("state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"),
            postgresql_where=sa.text("state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"),
        )
        batch_op.drop_index("ix_document_owner_id_created_at")
        batch_op.drop_index("ix_document_nomor")
        batch_op.drop_index("ix_document_created_by_id_created_at")

    op.drop_table("document")
    op.drop_table("akun")
    with op.batch_alter_table("pegawai", schema=None) as batch_op:
        batch_op.drop_index("ix_pegawai_opd_id_nama")
        batch_op.drop_index("ix_pegawai_instansi_id_nama")

    op.drop_table("pegawai")
    op.drop_table("tahun_ukur")
    with op.batch_alter_table("opd", schema=None) as batch_op:
        batch_op.drop_index("ix_opd_jalur")

    op.drop_table("opd")
    with op.batch_alter_table("rekonsiliasi", schema=None) as batch_op:
        batch_op.drop_index("ix_rekonsiliasi_mulai")

    op.drop_table("rekonsiliasi")
    op.drop_table("percobaan")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_done_at_run_after")

    op.drop_table("job")
    op.drop_table("instansi")
    op.drop_table("denyut")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject_id_id")
        batch_op.drop_index("ix_audit_actor_id_id")

    op.drop_table("audit")
    op.drop_table("alasan")
