"""Find a Chromium or Chrome for the tests that drive the page; as a program, say what they will use.

Touches nothing but the search path.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ELSEWHERE = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
NONE = "NO BROWSER was found, so the page is not driven by any test: install Chromium, or set CHROME_PATH."


def find() -> str | None:
    """Return the path of a browser, or None; the variable CHROME_PATH overrides the search."""
    chosen_browser = os.environ.get("CHROME_PATH")
    if chosen_browser:
        return chosen_browser
    on_path = (shutil.which(name) for name in NAMES)
    return next(filter(None, on_path), None) or next((path for path in ELSEWHERE if Path(path).exists()), None)


if __name__ == "__main__":
    browser = find()
    print(f"The page is driven with {browser}." if browser else NONE)
