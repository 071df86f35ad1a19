"""Where Chromium is: `python -m tests.support.chromium` prints the path or exits with 1."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "google-chrome", "google-chrome-stable")
"""Not chromium-browser: on Ubuntu that is an empty shell around a snap."""


def executable() -> str | None:
    """The system's browser, else the one that playwright installed, else None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    path = executable()
    print(path or "Chromium belum terpasang.")
    sys.exit(0 if path else 1)
