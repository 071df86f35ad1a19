"""The ledger of points: when a fact entered, the post of a measured year, sums that add up."""

import sqlalchemy as sa
from alembic import op

revision = "0003_ledger"
down_revision = "0002_reasons_and_plans"
branch_labels = None
depends_on = None

RECORDS = ("pendidikan", "pengembangan", "kinerja", "hukdis")
DOCUMENTED = ("pendidikan", "pengembangan")
IMPORTED = (
    "UPDATE {0} SET dicatat = (SELECT max(audit.at) FROM audit WHERE audit.subject_id"
    " = {0}.pegawai_id AND audit.action = 'people:history-imported') WHERE sumber = 'riwayat'"
)
APPROVED = (
    "UPDATE {0} SET dicatat = (SELECT max(keputusan.at) FROM keputusan WHERE keputusan.document_id"
    " = {0}.document_id AND keputusan.act = 'setujui') WHERE document_id IS NOT NULL"
)
SUM = (
    "CASE WHEN diukur"
    " THEN coalesce(total = kualifikasi + kompetensi + kinerja + disiplin, false)"
    " ELSE total IS NULL END"
)


def upgrade() -> None:
    for table in RECORDS:
        op.add_column(table, sa.Column("dicatat", sa.DateTime(timezone=True), nullable=True))
        op.execute(IMPORTED.format(table))
    for table in DOCUMENTED:
        op.execute(APPROVED.format(table))
    with op.batch_alter_table("skor") as batch_op:
        batch_op.add_column(
            sa.Column("tidak_dinilai", sa.JSON(), nullable=False, server_default="[]")
        )
        batch_op.add_column(sa.Column("jenis_pegawai", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("kelompok_jabatan", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("jabatan", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("syarat_pendidikan", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("kedudukan_hukum", sa.String(length=4), nullable=True))
        batch_op.create_check_constraint(op.f("ck_skor_total_is_the_sum"), SUM)


def downgrade() -> None:
    with op.batch_alter_table("skor") as batch_op:
        batch_op.drop_constraint(op.f("ck_skor_total_is_the_sum"), type_="check")
        batch_op.drop_column("kedudukan_hukum")
        batch_op.drop_column("syarat_pendidikan")
        batch_op.drop_column("jabatan")
        batch_op.drop_column("kelompok_jabatan")
        batch_op.drop_column("jenis_pegawai")
        batch_op.drop_column("tidak_dinilai")
    for table in RECORDS:
        op.drop_column(table, "dicatat")
