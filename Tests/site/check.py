"""Checks a published site in Chromium and by other programs' readers; check.sh installs them.

    check.py [SITE] [--single-file FILE]

Prints a line for every check, then `N passed, N failed`; exit 1 when one failed.
"""
import argparse
import pathlib
import sys
import time
import traceback

import atlas
import charts
import forges
import pages
import published
import reading
from browser import chromium

CHECKS = [
    published.layout, published.budgets, published.lasting,
    pages.opens, pages.links, pages.policy, pages.axe, pages.valid_html, pages.on_paper,
    reading.short, reading.on_a_phone, reading.sheets,
    charts.well_formed, charts.inlined, charts.within_box, charts.readable,
    atlas.complete, atlas.small, atlas.search, atlas.on_a_phone,
    forges.same_everywhere, forges.plain_markdown, forges.summaries,
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    repository = pathlib.Path(__file__).resolve().parents[2]
    arguments.add_argument("site", nargs="?", type=pathlib.Path, default=repository / "Site")
    arguments.add_argument("--single-file", type=pathlib.Path)
    given = arguments.parse_args()
    single = given.single_file and given.single_file.resolve(strict=True)
    site = published.Published(given.site.resolve(strict=True), single)

    with chromium() as browser:
        return run(CHECKS, site, browser)


def run(checks, site, browser):
    """Prints a line for every check, and what it found; whether one failed."""
    failed = 0
    for check in checks:
        began = time.monotonic()
        try:
            counted, problems = check(site, browser)
        except Exception:
            counted, problems = "", [traceback.format_exc()]
        failed += bool(problems)
        name = check.__name__.replace("_", " ")
        verdict = f"FAIL {len(problems)} problems" if problems else "ok"
        print(f"{name}: {counted}: {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
        for problem in problems[:20]:
            print("   ", problem)
        if len(problems) > 20:
            print(f"    and {len(problems) - 20} more")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
