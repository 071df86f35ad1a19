"""Certificates as organisers print them: ten layouts, invented content, the truth beside it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PIL import Image

from portal.vocabulary import MONTHS
from tests.support.certificate_facts import Facts, hours, invent, long_date, period
from tests.support.certificate_sheet import LANDSCAPE, PORTRAIT, Sheet, typeface


@dataclass
class Certificate:
    """The pictures of its pages, and what a perfect reader would find there."""

    layout: int
    pages: list[Image.Image]
    truth: dict[str, str]
    codes: list[str] = field(default_factory=list)


def certificate(rng: random.Random, layout: int) -> Certificate:
    """A certificate of one of the LAYOUTS (0 … 9)."""
    made = LAYOUTS[layout](rng, invent(rng))
    made.layout = layout
    return made


def truth_of(facts: Facts, *left_out: str) -> dict[str, str]:
    """The facts as the portal names its fields, without those that are not printed."""
    whole = {
        "nomor": facts.nomor,
        "nama_orang": facts.nama_orang,
        "nip": facts.nip,
        "nama": facts.nama,
        "penyelenggara": facts.penyelenggara,
        "tanggal_mulai": facts.mulai.isoformat(),
        "tanggal_selesai": facts.selesai.isoformat(),
        "tanggal_sertifikat": facts.terbit.isoformat(),
        "jp": str(facts.jp),
    }
    return {name: value for name, value in whole.items() if name not in left_out}


def _classic(rng: random.Random, f: Facts) -> Certificate:
    """Centred, a double frame, one signature."""
    s = Sheet(rng, LANDSCAPE)
    s.frame(0)
    s.crest(1000, 170)
    s.y = 260
    s.write(rng.choice(("SERTIFIKAT", "PIAGAM", "SERTIFIKAT PELATIHAN")), "serif-bold", 84, gap=0.1)
    s.write(f"Nomor: {f.nomor}", "serif", 36)
    s.write("diberikan kepada", "serif", 36)
    s.write(f.nama_orang, "serif-italic", 62, gap=0.1)
    s.write(f"NIP {f.nip}", "serif", 34)
    s.write(f"sebagai {rng.choice(('PESERTA', 'Peserta'))} dalam kegiatan", "serif", 34)
    s.write(f.nama, "serif-bold", 46)
    days = period(rng, f.mulai, f.selesai)
    s.write(
        f"yang diselenggarakan oleh {f.penyelenggara} pada tanggal {days} {hours(rng, f.jp)}.",
        "serif",
        36,
    )
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Kepala,", 1500, invent(rng).nama_orang)
    return Certificate(0, [s.picture], truth_of(f))


def _letter(rng: random.Random, f: Facts) -> Certificate:
    """The long form of a STTP: labels, a place of birth, everything in sentences."""
    s = Sheet(rng, PORTRAIT)
    s.crest(707, 160)
    s.y = 250
    s.write(f.penyelenggara.upper(), "serif-bold", 34, width=1100)
    s.write("SURAT TANDA TAMAT PENDIDIKAN DAN PELATIHAN", "serif-bold", 42, width=1200)
    s.write(f"NOMOR : {f.nomor}", "serif", 34)
    s.y += 20
    s.write("Dengan ini menyatakan bahwa:", "serif", 34, x=140, anchor="l")
    born = f"{rng.choice(('Barabai', 'Kandangan', 'Rantau'))}, {f.nip[6:8].lstrip('0')}"
    rows = (
        ("Nama", f.nama_orang),
        ("NIP", f.nip),
        ("Tempat, tanggal lahir", f"{born} {MONTHS[int(f.nip[4:6]) - 1]} {f.nip[:4]}"),
        ("Pangkat/Golongan", rng.choice(("Penata Muda, III/a", "Pembina, IV/a", "Penata, III/c"))),
        ("Jabatan", rng.choice(("Guru Ahli Muda", "Analis Kebijakan", "Perawat Terampil"))),
        ("Instansi", "Pemerintah Kabupaten Banua Lestari"),
    )
    for label, value in rows:
        before = s.y
        s.write(label, "serif", 34, x=140, anchor="l", gap=0.2)
        s.y = before
        s.write(f": {value}", "serif", 34, x=540, anchor="l", gap=0.2, width=780)
    s.y += 30
    s.write("LULUS" if rng.random() < 0.5 else "TELAH MENGIKUTI", "serif-bold", 50)
    days = period(rng, f.mulai, f.selesai)
    s.write(
        f"{f.nama} yang diselenggarakan oleh {f.penyelenggara} dari tanggal {days} di {f.kota} "
        f"{hours(rng, f.jp)}.",
        "serif",
        36,
        x=140,
        anchor="l",
        width=1150,
    )
    s.y += 40
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Kepala,", 1000, invent(rng).nama_orang)
    return Certificate(0, [s.picture], truth_of(f))


def _webinar(rng: random.Random, f: Facts) -> Certificate:
    """Modern, to the left, no NIP, a QR code."""
    s = Sheet(rng, LANDSCAPE)
    s.pen.rectangle((0, 0, 120, s.height), fill=s.ornament)
    write = partial(s.write, x=240.0, anchor="l", width=1350.0)
    s.y = 150
    write("SERTIFIKAT", "dejavu-bold", 96, gap=0.1)
    write(f"No. {f.nomor}", "dejavu", 32)
    write("Diberikan kepada:", "dejavu", 34)
    write(f.nama_orang, "dejavu-bold", 54)
    write("atas partisipasinya sebagai Peserta", "dejavu", 34)
    write(f"“{f.nama}”", "dejavu-bold", 42)
    days = period(rng, f.mulai, f.selesai)
    write(f"Diselenggarakan oleh {f.penyelenggara}", "dejavu", 34)
    write(f"{days} · {f.jp} JP", "dejavu", 34)
    text = f"https://sertifikat.contoh.go.id/cek/{rng.getrandbits(64):016x}"
    s.code(text, 1660, 1060)
    return Certificate(0, [s.picture], truth_of(f, "nip", "tanggal_sertifikat"), [text])


def _with_table(rng: random.Random, f: Facts) -> Certificate:
    """Letterhead in front, the hours only in the table on the back."""
    s = Sheet(rng, PORTRAIT)
    s.crest(150, 140)
    s.y = 90
    s.write("PEMERINTAH DAERAH", "sans-bold", 34, x=770, gap=0.1)
    s.write(f.penyelenggara.upper(), "sans-bold", 32, x=770, width=1050, gap=0.1)
    s.write("Jalan Merdeka Nomor 12, Telepon (0511) 4772345", "sans", 24, x=770)
    s.pen.line((90, s.y, 1324, s.y), fill=s.ink, width=5)
    s.y += 70
    s.write("SERTIFIKAT", "sans-bold", 72, gap=0.1)
    s.write(f"Nomor : {f.nomor}", "sans", 34)
    s.y += 40
    s.write("Diberikan kepada", "sans", 34)
    s.write(f.nama_orang, "sans-bold", 50, width=1200, gap=0.1)
    s.write(f"NIP. {f.nip}", "sans", 34)
    s.write("telah mengikuti", "sans", 34)
    s.write(f.nama, "sans-bold", 42, width=1150)
    days = period(rng, f.mulai, f.selesai)
    s.write(f"yang dilaksanakan pada {days} bertempat di {f.kota}.", "sans", 34, width=1150)
    s.y += 60
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Kepala Badan,", 1000, invent(rng).nama_orang)
    return Certificate(0, [s.picture, _table(rng, f.jp)], truth_of(f))


def _table(rng: random.Random, jp: int) -> Image.Image:
    """The back: subjects and their hours."""
    s = Sheet(rng, PORTRAIT)
    s.y = 140
    s.write("DAFTAR MATERI", "sans-bold", 44)
    columns = (120, 230, 1080, 1290)
    subjects = ("Kebijakan Daerah", "Materi Inti I", "Materi Inti II", "Praktik", "Evaluasi")
    parts = _shares(rng, jp, min(len(subjects), jp))
    rows = [("No", "Materi", "JP")]
    rows += [(str(n), subjects[n - 1], str(part)) for n, part in enumerate(parts, 1)]
    rows.append(("", rng.choice(("Jumlah", "Jumlah Jam Pelajaran", "Total")), str(jp)))
    for number, subject, part in rows:
        top = s.y
        s.pen.rectangle((columns[0], top, columns[-1], top + 70), outline=s.ink, width=2)
        for x in columns[1:3]:
            s.pen.line((x, top, x, top + 70), fill=s.ink, width=2)
        face = typeface("sans", 32)
        s.pen.text((175, top + 35), number, fill=s.ink, font=face, anchor="mm")
        s.pen.text((260, top + 35), subject, fill=s.ink, font=face, anchor="lm")
        s.pen.text((1185, top + 35), part, fill=s.ink, font=face, anchor="mm")
        s.y = top + 70
    return s.picture


def _shares(rng: random.Random, total: int, count: int) -> list[int]:
    cuts = sorted(rng.sample(range(1, total), count - 1)) if count > 1 else []
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def _panel(rng: random.Random, f: Facts) -> Certificate:
    """A dark panel on the left with code and crest, the text beside it."""
    s = Sheet(rng, LANDSCAPE)
    s.pen.rectangle((0, 0, 480, s.height), fill=s.ink)
    text = f"{f.nomor} | {f.nip} | {rng.getrandbits(40):010X}"
    s.code(text, 105, 980)
    s.crest(240, 260)
    middle, s.y = 1240.0, 140
    s.write("SERTIFIKAT", "sans-bold", 90, x=middle, gap=0.1)
    s.write(f"Nomor Sertifikat: {f.nomor}", "sans", 32, x=middle)
    s.write("Diberikan Kepada :", "sans", 34, x=middle)
    s.write(f.nama_orang, "serif-italic", 60, x=middle, width=1350, gap=0.2)
    s.write(f"NIP: {f.nip}", "sans", 34, x=middle)
    s.write("Sebagai Peserta pada", "sans", 34, x=middle)
    s.write(f.nama, "sans-bold", 44, x=middle, width=1350)
    days = period(rng, f.mulai, f.selesai)
    s.write(f"Penyelenggara: {f.penyelenggara}", "sans", 32, x=middle, width=1350)
    s.write(f"Tanggal: {days}", "sans", 32, x=middle, width=1350)
    s.write(f"Jumlah Jam Pelajaran: {f.jp} JP", "sans", 32, x=middle)
    s.y += 10
    s.signed(
        rng, f"{f.kota}, {long_date(f.terbit)}", "Ketua Panitia,", 1560, invent(rng).nama_orang
    )
    return Certificate(0, [s.picture], truth_of(f), [text])


def _e_learning(rng: random.Random, f: Facts) -> Certificate:
    """From a learning platform: short lines, dates in digits, a code."""
    s = Sheet(rng, LANDSCAPE)
    s.frame(2)
    s.y = 170
    s.write(f.penyelenggara, "dejavu-bold", 36)
    s.write("SERTIFIKAT KELULUSAN", "dejavu-bold", 66, gap=0.2)
    s.write(f"Nomor {f.nomor}", "dejavu", 32)
    s.write("Dengan ini menyatakan bahwa", "dejavu", 34)
    s.write(f.nama_orang, "dejavu-bold", 52, gap=0.2)
    s.write(f.nip, "dejavu", 34)
    s.write("telah menyelesaikan pelatihan", "dejavu", 34)
    s.write(f.nama, "dejavu-bold", 42)
    style = rng.choice(("%d/%m/%Y", "%d-%m-%Y"))
    span = (
        f"{f.mulai:{style}} s.d. {f.selesai:{style}}"
        if f.mulai != f.selesai
        else f"{f.mulai:{style}}"
    )
    s.write(f"Periode {span} dengan total {f.jp} jam pelajaran (JPL)", "dejavu", 34)
    s.write(f"Diterbitkan tanggal {f.terbit:{style}}", "dejavu", 32)
    text = f"https://belajar.contoh.go.id/s/{rng.getrandbits(80):020x}"
    s.code(text, 900, 1090, 5)
    return Certificate(0, [s.picture], truth_of(f), [text])


def _banner(rng: random.Random, f: Facts) -> Certificate:
    """White words on a coloured band, a small JP in brackets, no NIP."""
    s = Sheet(rng, LANDSCAPE)
    s.pen.rectangle((0, 0, s.width, 300), fill=rng.choice(("#1f3f7a", "#14532d", "#7a1f2b")))
    s.y = 60
    s.write("PIAGAM PENGHARGAAN", "serif-bold", 84, ink="#ffffff", gap=0.1)
    s.write(f"Nomor : {f.nomor}", "serif", 38, ink="#ffffff")
    s.y = 370
    s.write(f.penyelenggara, "serif-bold", 38)
    s.write("memberikan penghargaan kepada", "serif", 36)
    s.write(f.nama_orang, "serif-italic", 64, gap=0.2)
    s.write("atas partisipasinya sebagai peserta", "serif", 36)
    s.write(f"{f.nama} ({f.jp} JP)", "serif-bold", 44)
    s.write(f"yang dilaksanakan pada tanggal {period(rng, f.mulai, f.selesai)}", "serif", 36)
    s.y += 30
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Ketua,", 1450, invent(rng).nama_orang)
    return Certificate(0, [s.picture], truth_of(f, "nip"))


def _labels(rng: random.Random, f: Facts) -> Certificate:
    """Everything as label and value, upright; the holder's number in groups."""
    s = Sheet(rng, PORTRAIT)
    s.frame(0)
    s.crest(707, 200)
    s.y = 300
    s.write("SERTIFIKAT", "dejavu-serif", 76, gap=0.1)
    s.write(f"Nomor: {f.nomor}", "dejavu-serif", 32)
    s.y += 40
    grouped = f"{f.nip[:8]} {f.nip[8:14]} {f.nip[14]} {f.nip[15:]}"
    rows = (
        ("Diberikan kepada", f.nama_orang),
        ("NIP", grouped),
        ("Nama kegiatan", f.nama),
        ("Penyelenggara", f.penyelenggara),
        ("Waktu", period(rng, f.mulai, f.selesai)),
        ("Tempat", f"Hotel Melati, {f.kota}"),
        ("Jumlah jam", f"{f.jp} JP"),
    )
    for label, value in rows:
        before = s.y
        s.write(label, "dejavu", 32, x=150, anchor="l", gap=0.3)
        s.y = before
        s.write(f": {value}", "dejavu", 32, x=520, anchor="l", gap=0.3, width=720)
    s.y += 100
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Direktur,", 980, invent(rng).nama_orang)
    return Certificate(0, [s.picture], truth_of(f))


def _technical(rng: random.Random, f: Facts) -> Certificate:
    """A sentence that runs over the whole sheet, two signatures."""
    s = Sheet(rng, LANDSCAPE)
    s.frame(1)
    s.crest(1000, 160)
    s.y = 250
    s.write(f.penyelenggara.upper(), "serif-bold", 36)
    s.write("SERTIFIKAT", "serif-bold", 80, gap=0.1)
    s.write(f"NOMOR: {f.nomor}", "serif", 36)
    s.write("Diberikan kepada:", "serif", 36)
    s.write(f.nama_orang, "serif-bold", 56, gap=0.1)
    s.write(f"NIP. {f.nip}", "serif", 34)
    days = period(rng, f.mulai, f.selesai)
    s.write(
        f"Telah mengikuti {f.nama} yang diselenggarakan oleh {f.penyelenggara} tanggal {days} "
        f"bertempat di {f.kota}, {hours(rng, f.jp)}.",
        "serif",
        36,
        width=1500,
    )
    s.y += 10
    top = s.y
    s.signed(rng, "", "Narasumber,", 500, invent(rng).nama_orang)
    s.y = top
    s.signed(
        rng, f"{f.kota}, {long_date(f.terbit)}", "Penanggung Jawab,", 1500, invent(rng).nama_orang
    )
    return Certificate(0, [s.picture], truth_of(f))


def _workshop(rng: random.Random, f: Facts) -> Certificate:
    """To the right, small letters, the issue day before the event."""
    s = Sheet(rng, LANDSCAPE)
    s.frame(1)
    write = partial(s.write, x=1820.0, anchor="r", width=1500.0)
    s.y = 130
    write("Sertifikat", "sans-bold", 92, gap=0.1)
    write(f"No : {f.nomor}", "sans", 32)
    write("Sertifikat ini diberikan kepada", "sans", 32)
    write(f.nama_orang, "sans-bold", 54)
    write("yang telah berperan aktif sebagai peserta", "sans", 32)
    write(f.nama, "sans-bold", 42)
    days = period(rng, f.mulai, f.selesai)
    write(f"yang diadakan oleh {f.penyelenggara} pada {days} {hours(rng, f.jp)}", "sans", 32)
    s.y += 40
    s.signed(rng, f"{f.kota}, {long_date(f.terbit)}", "Ketua Panitia", 1450, invent(rng).nama_orang)
    return Certificate(0, [s.picture], truth_of(f, "nip"))


LAYOUTS: tuple[Callable[[random.Random, Facts], Certificate], ...] = (
    _classic,
    _letter,
    _webinar,
    _with_table,
    _panel,
    _e_learning,
    _banner,
    _labels,
    _technical,
    _workshop,
)
