"""Scores that explain themselves: BKN's values, plans, comparisons, runs, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0002_reasons_and_plans"
down_revision = "0001_first_release"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "banding_aturan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("aturan_a", sa.String(length=40), nullable=False),
        sa.Column("saklar_a", sa.JSON(), nullable=False),
        sa.Column("aturan_b", sa.String(length=40), nullable=False),
        sa.Column("saklar_b", sa.JSON(), nullable=False),
        sa.Column("oleh_id", sa.Uuid(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diperiksa", sa.Integer(), nullable=False),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("galat", sa.String(length=300), nullable=False),
        sa.Column("hasil", sa.JSON(), nullable=False),
        sa.Column("diterapkan", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_banding_aturan_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(
            ["oleh_id"], ["pegawai.id"], name=op.f("fk_banding_aturan_oleh_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banding_aturan")),
    )
    op.create_table(
        "hitung_ulang",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=True),
        sa.Column("tahun", sa.Integer(), nullable=True),
        sa.Column("sebab", sa.String(length=200), nullable=False),
        sa.Column("oleh_id", sa.Uuid(), nullable=True),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_hitung_ulang_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(
            ["oleh_id"], ["pegawai.id"], name=op.f("fk_hitung_ulang_oleh_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hitung_ulang")),
    )
    op.create_index("ix_hitung_ulang_selesai", "hitung_ulang", ["selesai"])
    op.create_table(
        "hitung_ulang_bagian",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("nomor", sa.Integer(), nullable=False),
        sa.Column("terakhir", sa.Uuid(), nullable=False),
        sa.Column("sampai", sa.Uuid(), nullable=True),
        sa.Column("dihitung", sa.Integer(), nullable=False),
        sa.Column("berubah", sa.Integer(), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["hitung_ulang.id"], name=op.f("fk_hitung_ulang_bagian_run_id_hitung_ulang")
        ),
        sa.PrimaryKeyConstraint("run_id", "nomor", name=op.f("pk_hitung_ulang_bagian")),
    )

    op.create_table(
        "impor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instansi_id", sa.Uuid(), nullable=False),
        sa.Column("jenis", sa.String(length=30), nullable=False),
        sa.Column("nama_berkas", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ukuran", sa.Integer(), nullable=False),
        sa.Column("kunci_objek", sa.String(length=200), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=True),
        sa.Column("pratinjau", sa.JSON(), nullable=False),
        sa.Column("oleh_id", sa.Uuid(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dikonfirmasi_oleh_id", sa.Uuid(), nullable=True),
        sa.Column("dikonfirmasi", sa.DateTime(timezone=True), nullable=True),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dibatalkan", sa.DateTime(timezone=True), nullable=True),
        sa.Column("diproses", sa.Integer(), nullable=False),
        sa.Column("galat", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["dikonfirmasi_oleh_id"],
            ["pegawai.id"],
            name=op.f("fk_impor_dikonfirmasi_oleh_id_pegawai"),
        ),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_impor_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(["oleh_id"], ["pegawai.id"], name=op.f("fk_impor_oleh_id_pegawai")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impor")),
    )
    op.create_index("ix_impor_instansi_id_dibuat", "impor", ["instansi_id", "dibuat"])

    op.create_table(
        "nilai_bkn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=True),
        sa.Column("kualifikasi", sa.Integer(), nullable=False),
        sa.Column("kompetensi", sa.Integer(), nullable=False),
        sa.Column("kinerja", sa.Integer(), nullable=False),
        sa.Column("disiplin", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("keterangan", sa.JSON(), nullable=False),
        sa.Column("dihitung", sa.Date(), nullable=True),
        sa.Column("ditarik", sa.DateTime(timezone=True), nullable=False),
        sa.Column("impor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["impor_id"], ["impor.id"], name=op.f("fk_nilai_bkn_impor_id_impor")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_nilai_bkn_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nilai_bkn")),
    )
    op.create_index(
        "ix_nilai_bkn_pegawai_id_tahun", "nilai_bkn", ["pegawai_id", "tahun", "ditarik"]
    )

    op.create_table(
        "rencana",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pegawai_id", sa.Uuid(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("kunci", sa.String(length=60), nullable=False),
        sa.Column("indikator", sa.String(length=30), nullable=False),
        sa.Column("uraian", sa.String(length=300), nullable=False),
        sa.Column("poin", sa.Integer(), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=True),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_rencana_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_rencana_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rencana")),
        sa.UniqueConstraint(
            "pegawai_id", "tahun", "kunci", name=op.f("uq_rencana_pegawai_id_tahun_kunci")
        ),
    )
    with op.batch_alter_table("notifikasi") as batch_op:
        batch_op.add_column(sa.Column("kunci", sa.String(length=60), nullable=True))
        batch_op.add_column(
            sa.Column("tujuan", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.create_index(
            "uq_notifikasi_pegawai_id_kunci", ["pegawai_id", "kunci"], unique=True
        )

    with op.batch_alter_table("perubahan_skor") as batch_op:
        batch_op.add_column(
            sa.Column("aturan_versi", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("dimensi", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("skor") as batch_op:
        batch_op.add_column(sa.Column("peluang_pendidikan", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("peluang_kepemimpinan", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("peluang_fungsional", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("peluang_teknis", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("peluang_seminar", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("skor") as batch_op:
        batch_op.drop_column("peluang_seminar")
        batch_op.drop_column("peluang_teknis")
        batch_op.drop_column("peluang_fungsional")
        batch_op.drop_column("peluang_kepemimpinan")
        batch_op.drop_column("peluang_pendidikan")

    with op.batch_alter_table("perubahan_skor") as batch_op:
        batch_op.drop_column("dimensi")
        batch_op.drop_column("aturan_versi")

    with op.batch_alter_table("notifikasi") as batch_op:
        batch_op.drop_index("uq_notifikasi_pegawai_id_kunci")
        batch_op.drop_column("tujuan")
        batch_op.drop_column("kunci")

    op.drop_table("rencana")
    op.drop_table("nilai_bkn")
    op.drop_table("impor")
    op.drop_table("hitung_ulang_bagian")
    op.drop_table("hitung_ulang")
    op.drop_table("banding_aturan")
