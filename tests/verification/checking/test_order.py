"""What has to be looked at stands before what fits."""

from __future__ import annotations

from portal.verification.checking import Check, Code, Light, worst_first


def test_the_worst_comes_first_and_those_of_one_light_keep_their_order() -> None:
    checks = [
        Check(Code.NAMA, Light.GREEN, "Nama"),
        Check(Code.NIP, Light.UNREAD, "NIP"),
        Check(Code.JP, Light.YELLOW, "JP"),
        Check(Code.NOMOR, Light.UNREAD, "Nomor"),
        Check(Code.KEMBAR, Light.RED, "Kembar"),
    ]

    assert [check.title for check in worst_first(checks)] == [
        "Kembar",
        "JP",
        "NIP",
        "Nomor",
        "Nama",
    ]
