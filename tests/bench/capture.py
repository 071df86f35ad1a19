"""A certificate from a phone on a slow line: from the chosen photo to the receipt on the screen."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect, sync_playwright

from portal.settings import ROOT
from tests.bench.figures import Figure, Report
from tests.bench.wire import compressed
from tests.journeys import capture, story
from tests.support import sample_files
from tests.support.browser import ARGUMENTS, PHONE, visit
from tests.support.chromium import executable
from tests.support.live import LivePortal, running_portal

SECTION = "Capture on a phone"
LINE = {
    "offline": False,
    "latency": 50,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
RUNS = 3
MODULES = ("outbox", "page", "pages")


def photo(number: int) -> FilePayload:
    """Twelve megapixels and four megabytes, as a phone takes a certificate in poor light."""
    width, height = sample_files.TWELVE_MEGAPIXELS
    nomor = f"{number:04}/BPMP/2026"
    paper = sample_files.certificate(sample_files.TWELVE_MEGAPIXELS, nomor=nomor)
    grain = Image.effect_noise((width // 2, height // 2), 40).resize((width, height))
    content = sample_files.jpeg(Image.blend(paper, grain.convert("RGB"), 0.4), gps=True)
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": content}


def seconds(page: Page, live: LivePortal, number: int) -> tuple[float, float]:
    """From the chosen photo to the receipt, and megabytes of the photo."""
    chosen = photo(number)
    capture.open_shell(page, live)
    capture.begin(page)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", LINE)
    start = time.perf_counter()
    capture.photograph(page, chosen)
    capture.go_on(page)
    capture.type_data(page, f"Seminar {number}")
    capture.hand_in(page)
    expect(page.locator(".receipt .code")).to_be_visible(timeout=story.LONG)
    took = time.perf_counter() - start
    network.detach()
    return took, len(chosen["buffer"]) / 1024**2


def tell(report: Report, folder: Path) -> None:
    """Measure on the components of `make run`, in a real browser."""
    (folder / "capture").mkdir()
    with running_portal(folder / "capture") as live, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), chromium_sandbox=False, args=ARGUMENTS
        )
        with visit(browser.new_context(**PHONE)) as page:
            live.login(page, live.cast.sari)
            runs = [seconds(page, live, number) for number in range(1, RUNS + 1)]
        browser.close()
    weight = sum(compressed(ROOT / "static/js/capture" / f"{name}.js") for name in MODULES)
    report.add(
        SECTION,
        Figure(
            "from the photo to the receipt at 400 kbit/s (median)",
            median(took for took, _ in runs),
            "s",
            most=10,
            note=f"photo of {runs[0][1]:.1f} MB, {LINE['latency']} ms latency",
        ),
        Figure("own JavaScript of the page", weight / 1024, "KB gz", most=10),
    )
