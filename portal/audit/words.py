"""The acts of the audit in words for people; the code stays what counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

from portal.wording import tanggal

WORDS: dict[str, str] = {
    "account:absence-noted": "Ketidakhadiran dicatat",
    "account:absence-withdrawn": "Ketidakhadiran ditarik",
    "account:code-issued": "Kode akun dibuat",
    "account:data-copied": "Salinan data diri diunduh",
    "account:deactivated": "Akun dinonaktifkan",
    "account:logged-in": "Masuk",
    "account:mail-chosen": "Pilihan surel diubah",
    "account:mail-unsubscribed": "Surel dihentikan lewat tautan",
    "account:other-sessions-ended": "Perangkat lain dikeluarkan",
    "account:papers-copied": "Seluruh berkas disalin",
    "account:password-changed": "Kata sandi diganti",
    "account:password-reset": "Kata sandi baru lewat kode",
    "account:privacy-accepted": "Pemberitahuan privasi disetujui",
    "account:reactivated": "Akun diaktifkan lagi",
    "account:role-granted": "Peran diberikan",
    "account:role-revoked": "Peran dicabut",
    "account:session-ended": "Keluar",
    "account:sessions-ended": "Semua perangkat dikeluarkan admin",
    "agency:changed": "Pengaturan instansi diubah",
    "agency:day-off-removed": "Hari libur dihapus",
    "agency:days-off-added": "Hari libur ditambahkan",
    "agency:founded": "Instansi dibuat",
    "agency:terms-set": "Batas waktu pemeriksaan diatur",
    "agency:year-set": "Aturan tahun diatur",
    "audit:exported": "Audit diekspor",
    "document:approved": "Disetujui",
    "document:claimed": "Diambil untuk diperiksa",
    "document:corrected": "Data diperbaiki pemilik",
    "document:correction-proposed": "Usulan perbaikan data",
    "document:discarded": "Draf dihapus",
    "document:drafted": "Draf dibuat",
    "document:erased": "Berkas dihapus menurut retensi",
    "document:expired": "Draf lama dihapus",
    "document:first-approved": "Disetujui pemeriksa pertama",
    "document:objected": "Keberatan diajukan",
    "document:read": "Berkas dilihat",
    "document:refused": "Ditolak",
    "document:released": "Dilepas",
    "document:replaced": "Diganti dokumen baru",
    "document:resubmitted": "Diajukan ulang",
    "document:returned": "Dikembalikan untuk diperbaiki",
    "document:revocation-declined": "Usul cabut tidak disetujui",
    "document:revocation-proposed": "Pencabutan diusulkan",
    "document:revocation-taken-back": "Usul cabut ditarik pengusulnya",
    "document:revoked": "Persetujuan dicabut",
    "document:spot-checked": "Diperiksa ulang (uji petik)",
    "document:submitted": "Diajukan",
    "document:taken-over": "Diambil alih",
    "document:typed": "Draf disentuh",
    "document:undone": "Keputusan diurungkan",
    "document:withdrawn": "Dibatalkan pemilik",
    "faq:changed": "Tanya jawab diubah",
    "faq:kept": "Tanya jawab disimpan",
    "faq:moved": "Tanya jawab dipindahkan",
    "faq:switched-off": "Tanya jawab disembunyikan",
    "faq:switched-on": "Tanya jawab ditampilkan",
    "files:examined": "Semua berkas diperiksa",
    "files:moved": "Berkas dipindahkan",
    "import:cancelled": "Impor dibatalkan",
    "import:confirmed": "Impor disetujui",
    "import:failed": "Impor gagal",
    "import:finished": "Impor selesai",
    "import:uploaded": "Berkas impor diunggah",
    "institutions:listed": "Daftar perguruan tinggi diganti",
    "people:history-imported": "Riwayat diimpor",
    "people:import-finished": "Impor pegawai selesai",
    "people:imported": "Pegawai diimpor",
    "people:retired": "Pegawai pensiun",
    "people:retirement-withdrawn": "Pensiun ditarik kembali",
    "people:ties-set": "Pasangan atau atasan dicatat",
    "people:transferred": "Pegawai pindah unit",
    "plan:saved": "Rencana disimpan",
    "plan:step-removed": "Langkah rencana dihapus",
    "question:answered": "Pertanyaan dijawab",
    "question:asked": "Pertanyaan diajukan",
    "question:closed": "Pertanyaan ditutup",
    "question:reopened": "Pertanyaan dibuka lagi",
    "question:written-on": "Pertanyaan dilanjutkan",
    "queue:set": "Antrean diatur",
    "reason:added": "Alasan ditambahkan",
    "reason:changed": "Alasan diubah",
    "reason:replaced": "Alasan diganti",
    "reason:switched-off": "Alasan dimatikan",
    "reason:switched-on": "Alasan diaktifkan",
    "rules:comparison-taken": "Perbandingan aturan diterapkan",
    "unit:added": "Unit ditambahkan",
    "unit:changed": "Unit diubah",
    "upload:quarantined": "Berkas terinfeksi dikarantina",
}
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "keputusan": (
        "Keputusan",
        (
            "document:first-approved",
            "document:approved",
            "document:returned",
            "document:refused",
            "document:revo*",
            "document:undone",
            "document:replaced",
        ),
    ),
    "baca": ("Berkas dilihat atau disalin", ("document:read", "account:papers-copied")),
    "dokumen": ("Dokumen, semua tindakan", ("document:*", "upload:*")),
    "akun": ("Akun dan masuk", ("account:*",)),
    "peran": ("Peran", ("account:role-*",)),
    "pegawai": ("Data pegawai dan impor", ("people:*", "import:*")),
    "atur": (
        "Pengaturan instansi",
        ("agency:*", "unit:*", "queue:*", "rules:*", "reason:*", "institutions:*"),
    ),
    "tanya": ("Tanya BKD", ("question:*", "faq:*")),
    "audit": ("Audit dan berkas", ("audit:*", "files:*")),
}
"""Choices of a filter: code → words and patterns of acts (* stands for anything)."""
FACTS = {
    "changed": "diubah",
    "device": "perangkat",
    "devices": "perangkat",
    "former": "sebelumnya",
    "kind": "jenis",
    "note": "catatan",
    "purpose": "guna",
    "reason": "alasan",
    "receipt": "nomor terima",
    "revision": "revisi",
    "role": "peran",
    "saring": "saringan",
    "successor": "pengganti",
}
"""Names of facts that are not words for people already."""
LONGEST = 240
NOTHING = "–"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def act(code: str) -> str:
    """An act in words; one that has none (yet) is told by its code."""
    return WORDS.get(code, code)


def acts_of(group: str) -> list[str]:
    """The acts of a group, one by one, so that an index finds them; an act is its own group."""
    _, patterns = GROUPS.get(group, ("", (group,)))
    return [code for code in {*WORDS, group} if any(fnmatchcase(code, one) for one in patterns)]


def told(facts: Mapping[str, Any]) -> str:
    """The facts of a line on one line, cut when they are long."""
    text = " · ".join(f"{_name(name)}: {_value(value)}" for name, value in facts.items())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{_name(name)} {_value(each)}" for name, each in value.items())
    return NOTHING if value in (None, "") else _as_day(str(value))


def _name(fact: str) -> str:
    return FACTS.get(fact, fact).replace("_", " ")


def _as_day(text: str) -> str:
    """A day as people write it; everything else as it is."""
    if ISO_DAY.fullmatch(text):
        with suppress(ValueError):  # looks like a day and is none
            return tanggal(dt.date.fromisoformat(text))
    return text
