"""Indonesian phrases that several reasons share."""

from __future__ import annotations

from decimal import Decimal

from portal.wording import rounded

KEDUDUKAN_HUKUM = {
    "01": "Aktif",
    "02": "CLTN",
    "03": "Tugas Belajar",
    "04": "Pemberhentian Sementara",
    "05": "Penerima Uang Tunggu",
    "06": "Prajurit Wajib",
    "07": "Pejabat Negara",
    "08": "Kepala Desa",
    "09": "Sedang dalam Proses Banding BAPEK",
    "11": "Pegawai Titipan",
    "12": "Pengungsi",
    "13": "Perpanjangan CLTN",
    "14": "PNS yang Dinyatakan Hilang",
    "15": "PNS Kena Hukuman Disiplin",
    "16": "Pemindahan dalam Rangka Penurunan Jabatan",
    "20": "Masa Persiapan Pensiun",
    "51": "CPNS yang Belum Menerima SK CPNS",
    "52": "Tidak Aktif",
    "66": "Diberhentikan",
    "67": "Punah",
    "68": "Eks PNS Timor Timur",
    "69": "TMS dari Pengadaan",
    "70": "Pembatalan NIP",
    "77": "Pemberhentian tanpa Hak Pensiun",
    "88": "Pemberhentian dengan Hak Pensiun",
    "89": "Tidak Aktif tetapi Diusulkan Pensiun",
    "90": "Tidak Ikut PUPNS 2015",
    "91": "Tindak Pidana atau Tindak Pidana Jabatan",
    "92": "Pemblokiran Data PNS",
    "98": "Mencapai BUP",
    "99": "Pensiun",
}
"""SIASN code of kedudukan hukum → its name."""


def format_points(points: Decimal) -> str:
    """Points as JSON shows them: two decimals, rounded half up, decimal point."""
    return str(rounded(points))


def jendela(year: int, length: int) -> str:
    """Calendar years of a window that ends with `year`: 2025–2026, or 2026 alone."""
    return str(year) if length == 1 else f"{year - length + 1}–{year}"
