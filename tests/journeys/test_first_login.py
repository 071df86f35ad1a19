"""From a code on paper to the own score."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from portal.accounts.models import Akun
from tests.support.live import LivePortal

NEW_PASSWORD = "payung-biru-di-dermaga-42"


def code_from_admin(admin: Page, live: LivePortal, nip: str, nama: str) -> str:
    """The admin looks the person up and hands out a one-time code."""
    live.login(admin, live.cast.ani)
    live.open(admin, "/admin/pegawai")
    admin.get_by_label("Nama atau NIP").fill(nip)
    admin.get_by_role("button", name="Cari").click()
    admin.get_by_role("link", name=nama).click()
    admin.get_by_role("button", name="Buat kode aktivasi").click()
    code = admin.locator(".code strong")
    expect(code).to_be_visible()
    return code.inner_text()


def test_a_code_opens_the_account_of_somebody_who_was_never_here(
    live: LivePortal, phone: Page, desktop: Page
) -> None:
    budi = live.cast.budi
    with live.database.transaction() as session:
        session.execute(delete(Akun).where(Akun.id == budi.akun_id))
    code = code_from_admin(desktop, live, budi.nip, budi.nama)

    live.open(phone, "/")
    phone.get_by_role("link", name="Punya kode? Masuk dengan kode").click()
    phone.get_by_label("NIP", exact=True).fill(budi.nip)
    phone.get_by_label("Kode", exact=False).first.fill(code.lower())
    phone.get_by_label("Kata sandi", exact=False).first.fill(NEW_PASSWORD)
    phone.get_by_label("Ulangi").fill(NEW_PASSWORD)
    phone.get_by_role("button", name="Simpan dan masuk").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Pemberitahuan privasi")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Lanjutkan").click()

    expect(phone.locator(".who")).to_contain_text(budi.nama)
    expect(phone.locator(".ring")).to_be_visible()
