"""Pictures of a published site for people to look at, made with what check.sh installed.

    .build-site-checks/bin/python Tests/site/screenshots.py SITE OUT [BEGINNING]

Writes PNG files: every page, or those whose path begins so (of an atlas's neurons a few), on a phone and on a desktop, light and dark, in slices from top to
bottom, and its printed sheets.
"""
import pathlib
import sys

import pypdfium2

from browser import SCHEMES, chromium
from published import Published

DEVICES = {"phone": 375, "desktop": 1440}
SLICE = 2400


def main(root, out, beginning=""):
    site = Published(pathlib.Path(root).resolve(strict=True), None)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for file in site.looked_at:
            if not site.name(file).startswith(beginning):
                continue
            name = site.name(file).removesuffix(".html").replace("/", "-")
            for device, width in DEVICES.items():
                for scheme in SCHEMES:
                    pictures(browser, file, width, scheme, f"{out}/{name}-{device}-{scheme}")
            sheets(browser, file, f"{out}/{name}-print")


def pictures(browser, file, width, scheme, prefix):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    height = page.evaluate("document.documentElement.scrollHeight")
    for number, top in enumerate(range(0, height, SLICE), 1):
        area = {"x": 0, "y": top, "width": width, "height": min(SLICE, height - top)}
        page.screenshot(path=f"{prefix}-{number:02}.png", full_page=True, clip=area)
    page.close()


def sheets(browser, file, prefix):
    page = browser.new_page()
    page.goto(file.as_uri())
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "16mm")
    printed = pypdfium2.PdfDocument(page.pdf(format="A4", margin=margin))
    for number, sheet in enumerate(printed, 1):
        sheet.render(scale=1.5).to_pil().save(f"{prefix}-{number:02}.png")
    page.close()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
