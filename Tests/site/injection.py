"""Text that acts, hides or breaks out, through a whole build, as Chromium meets it.

    injection.py HOSTILE PLAIN

Two sites of the same study, one of which says hostile text wherever a study can. Nothing of it may
run, ask for anything, or add a kind of element or attribute that the plain site lacks: on the pages,
in every chart opened alone, and in the Markdown as two readers of forges render it.
"""
import pathlib
import sys

import cmarkgfm
from cmarkgfm.cmark import Options

import charts
import pages
from browser import OPEN_DETAILS, chromium, visit
from check import run
from forges import commonmark, documents
from published import Published

CHECKS = [
    pages.opens, pages.links, pages.policy, pages.valid_html, pages.on_paper,
    charts.well_formed, charts.inlined, charts.within_box, charts.readable,
]

# Every kind of element, and of each of its attributes; addresses with their scheme.
KINDS = """() => [...document.querySelectorAll("*")].flatMap((e) => [e.localName,
  ...[...e.attributes].map(({ localName, value }) => {
    const scheme = ["href", "src"].includes(localName) && value.match(/^\\w+:/)?.[0];
    return `${e.localName} ${localName} ${scheme || ""}`;
  })])"""

# What words of no harm may lack: code, and a label that is squeezed or turned.
HARMLESS = {"code", "pre", "pre tabindex ", "text lengthAdjust ", "text transform "}


def opened(site, browser):
    """The kinds in every page and chart."""
    problems, kinds = [], set()
    for file in site.files(".html", ".svg"):
        with visit(browser, file.as_uri(), site.root.as_uri() + "/", problems) as (page, report):
            page.evaluate(OPEN_DETAILS)
            kinds.update(looked_at(page, report))
    return kinds, problems


def read(site, browser):
    """The kinds in every Markdown file, rendered by readers that let everything through."""
    problems, kinds = [], set()
    for file, text in documents(site):
        for html in (commonmark.render(text),
                     cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)):
            # Its images are not beside it here.
            with visit(browser, "about:blank", "", []) as (page, _):
                page.set_content(html)
                kinds.update(looked_at(
                    page, lambda what: problems.append(f"{site.name(file)}: {what}")))
    return kinds, problems


def looked_at(page, report):
    page.on("dialog", lambda dialog: (report("a dialog"), dialog.dismiss()))
    page.mouse.move(300, 300)
    # The search of an atlas writes names of labels and tokens into the page.
    for words in ("<", "other", "a", "L0N0") if page.locator(".search input").count() else ():
        page.fill(".search input", words)
        page.wait_for_timeout(50)
    page.wait_for_timeout(50)
    if page.evaluate("window.ran"):
        report("ran a script")
    return page.evaluate(KINDS)


def main():
    hostile, plain = (Published(pathlib.Path(path).resolve(strict=True), None) for path in sys.argv[1:3])

    def as_in_plain(look):
        def check(site, browser):
            kinds, problems = look(site, browser)
            expected, _ = look(plain, browser)
            return f"{len(kinds)} kinds", problems + sorted(kinds - expected - HARMLESS)
        check.__name__ = f"{look.__name__} without harm"
        return check

    with chromium() as browser:
        return run(CHECKS + [as_in_plain(opened), as_in_plain(read)], hostile, browser)


if __name__ == "__main__":
    sys.exit(main())
