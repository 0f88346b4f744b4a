"""What only the pages of an atlas promise: sizes, lists that are complete, and a search without a server."""
import csv
import json
import posixpath
import re
import urllib.parse

from browser import POLICY, served, visit
from reading import CROPPED, OPEN_SECTIONS

PHONES = ((360, 740), (390, 844))
# What is found, by what a reader types: an element of the page or nothing.
FOUND = """() => [...document.querySelectorAll(".search li")].map((e) =>
  [e.textContent, [...e.querySelectorAll("a")].map((a) => a.href)])"""


def atlases(site):
    return sorted(folder for folder in site.root.glob("atlases/*") if folder.is_dir())


def complete(site, _):
    """Every page of an atlas is reached by links from its index, without script; every neuron has a row
    for every label in a CSV."""
    problems, pages, rows = [], 0, 0
    for atlas in atlases(site):
        reached, open_ = set(), [atlas / "index.html"]
        while open_:
            page = open_.pop()
            if page in reached or not page.is_file():
                continue
            reached.add(page)
            for address in re.findall(r'<a [^>]*href="([^"#]+)', page.read_text()):
                goal = posixpath.normpath(posixpath.join(page.parent, urllib.parse.unquote(address)))
                if goal.endswith(".html") and atlas.as_posix() in goal:
                    open_.append(type(page)(goal))
        own = set(atlas.rglob("*.html"))
        pages += len(own)
        problems += [f"{site.name(page)}: no link leads here" for page in sorted(own - reached)]
        findings = json.loads((atlas / "findings.json").read_text())
        neurons = findings["model"]["layers"] * findings["model"]["d_mlp"]
        tables = sorted((atlas / "data").glob("label-*.csv"))
        whole = [table for table in tables if not re.search(r"-(layers|sets)\.csv$", table.name)]
        for table in whole:
            with open(table, newline="") as file:
                count = sum(1 for _ in csv.reader(file)) - 1
            rows += count
            if count != neurons:
                problems.append(f"{site.name(table)}: {count} rows, not {neurons}")
        if len(whole) != len(findings["labels"]):
            problems.append(f"{site.name(atlas)}: {len(whole)} tables for {len(findings['labels'])} labels")
    return f"{pages} pages, {rows} rows", problems


def small(site, _):
    """The budgets of an atlas's pages and of the whole site."""
    problems, told = [], []
    for atlas in atlases(site):
        sizes = {name: [file.stat().st_size for file in atlas.glob(name)] for name in
                 ("index.html", "labels/*.html", "layers/*.html", "neurons/*.html", "search/*.js")}
        limits = {"index.html": 100_000, "labels/*.html": 250_000, "layers/*.html": 250_000,
                  "neurons/*.html": 40_000, "search/*.js": 250_000}
        for name, found in sizes.items():
            if found and max(found) > limits[name]:
                problems.append(f"{site.name(atlas)}/{name}: {max(found):,} bytes, at most {limits[name]:,}")
        neurons = sorted(sizes["neurons/*.html"]) or [0]
        if neurons[len(neurons) // 2] > 20_000:
            problems.append(f"{site.name(atlas)}: the middle page of a neuron has {neurons[len(neurons) // 2]:,} bytes")
        files = [file for file in atlas.rglob("*") if file.is_file()]
        told.append(f"{atlas.name}: {len(files)} files, {sum(file.stat().st_size for file in files):,} bytes, "
                    f"a neuron's page {neurons[0]:,} to {neurons[-1]:,}")
    files = [file for file in site.root.rglob("*") if file.is_file()]
    if len(files) > 20_000 or sum(file.stat().st_size for file in files) > 500_000_000:
        problems.append(f"{len(files)} files in the site")
    return "; ".join(told), problems


def typed(tab, words):
    """What the search says about words, once it has loaded its data."""
    tab.fill(".search input", "")
    tab.fill(".search input", words)
    for _ in range(40):
        tab.wait_for_timeout(50)
        if status := tab.evaluate("document.querySelector('.search p').textContent"):
            return status
    return "no answer"


def search(site, browser):
    """The search finds a neuron, a label and a token, from a server under the strict policy and from
    files, on every kind of page; what it finds exists."""
    problems, count = [], 0
    with served(site.root) as host:
        for atlas in atlases(site):
            findings = json.loads((atlas / "findings.json").read_text())
            label = findings["file"]["corpora"][0]["name"]
            place = findings["pages"][0]["place"] if findings["pages"] else 0
            width = findings["model"]["d_mlp"]
            neuron = f"L{place // width}N{place % width}"
            token = next(token for token in findings["tokens"] if re.fullmatch(r" ?\w{2,}", token))
            kinds = [next(iter(sorted(atlas.glob(name))), None) for name in
                     ("index.html", "labels/*.html", "layers/*.html", "neurons/*.html")]
            for page in filter(None, kinds):
                for below in (host, site.root.as_uri() + "/"):
                    address = below + urllib.parse.quote(site.name(page))
                    with visit(browser, address, below, problems) as (tab, report):
                        for query, wanted in ((neuron, neuron), (label, label), (token.strip(), token.strip())):
                            status = typed(tab, query)
                            found = tab.evaluate(FOUND)
                            if not status.endswith("found."):
                                report(f"“{query}”: {status}")
                            count += len(found)
                            if not any(wanted.lower() in text.lower() for text, _ in found):
                                report(f"“{query}” is not found: {found[:2]}")
                            for _, links in found:
                                for link in links:
                                    path = urllib.parse.unquote(urllib.parse.urlsplit(link).path)
                                    root = "" if below == host else site.root.as_posix()
                                    if not (site.root / path.removeprefix(root).lstrip("/")).is_file():
                                        report(f"“{query}” leads to {link}")
                        if (status := typed(tab, "zzzzqqqq")) != "Nothing found.":
                            report(f"“zzzzqqqq”: {status}")
    return f"{count} found, from a server ({POLICY.count(';') + 1} rules) and from files", problems


def on_a_phone(site, browser):
    """No chart of an atlas is cropped on a phone, letters are readable."""
    problems, charts = [], 0
    for page in site.looked_at:
        if not site.name(page).startswith("atlases/"):
            continue
        for width, height in PHONES:
            with visit(browser, *site.address(page), [], width) as (tab, _):
                tab.set_viewport_size({"width": width, "height": height})
                tab.evaluate(OPEN_SECTIONS)
                found = tab.evaluate(CROPPED)
            charts += found["charts"]
            problems += [f"{site.name(page)} at {width} px: {figure} is cropped" for figure in found["cropped"]]
            problems += [f"{site.name(page)} at {width} px: the mark of {figure} is not in view"
                         for figure in found["hidden"]]
            if found["small"]:
                problems.append(f"{site.name(page)} at {width} px: {found['small']} texts below 10 px")
    return f"{charts} charts", problems
