"""Take the picture of a digest for the README.

    python docs/screenshot.py out/archive/daily/DAY.html docs/digest.png --height 1000

Needs playwright (in the development tools), Debian's chromium and fonts-noto-cjk.
"""

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="a rendered page or letter")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--width", type=int, default=720, help="of the window, in CSS pixels")
    parser.add_argument("--height", type=int, default=0, help="in CSS pixels; 0: the whole page")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": given.width, "height": given.height or 800},
            color_scheme="dark" if given.dark else "light",
            device_scale_factor=2,  # sharp on the screens that READMEs are read on
        )
        page.goto(given.page.resolve().as_uri())
        page.screenshot(path=given.picture, full_page=not given.height)
        browser.close()


if __name__ == "__main__":
    main()
