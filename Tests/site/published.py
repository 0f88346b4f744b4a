"""The files of a published site, and what can be said of them without a browser."""
import dataclasses
import functools
import pathlib
import posixpath
import re
import socket
import urllib.parse

MEGABYTE = 1_000_000

# A path of the machine or a clock: what would differ in a build made elsewhere or later.
VOLATILE = re.compile(
    r"(?<![\w.:/~<*])/[a-zA-Z_][\w.-]*/[\w./-]+|\bfile://|\b[A-Z]:\\\w|\blocalhost\b|\b127\.0\.0\.1\b"
    r"|\b\d\d:\d\d:\d\d\b|\b\d{4}-\d\d-\d\dT\d\d"
    r'|"(?:host(?:name)?|machine|timestamp|created|elapsed|seconds|duration|cores|threads)"')


@dataclasses.dataclass(frozen=True)
class Published:
    root: pathlib.Path
    # A report that travels alone; nothing may lie beside it.
    single: pathlib.Path | None

    def files(self, *suffixes):
        return [file for file in sorted(self.root.rglob("*")) if file.suffix in suffixes]

    @functools.cached_property
    def pages(self):
        return self.files(".html") + ([self.single] if self.single else [])

    @functools.cached_property
    def looked_at(self):
        """The pages that are opened in a browser one by one: all but most of an atlas's neurons, which
        are made alike. Of those the smallest, the largest and four between are."""
        left = set()
        for folder in self.root.glob("atlases/*/neurons"):
            pages = sorted(folder.glob("*.html"), key=lambda file: (file.stat().st_size, file.name))
            steps = min(5, max(1, len(pages) - 1))
            chosen = {pages[step * (len(pages) - 1) // steps] for step in range(steps + 1)} if pages else set()
            left |= set(pages) - chosen
        return [page for page in self.pages if page not in left]

    def name(self, file):
        return file.name if file == self.single else file.relative_to(self.root).as_posix()

    def goal(self, file, link):
        """The file that a relative link in `file` means, or None when it leads out of the site; out
        of a page that travels alone, every link to a file does."""
        if not link.path:
            return None if link.scheme or link.netloc else file
        steps = posixpath.join(posixpath.dirname(self.name(file)), urllib.parse.unquote(link.path))
        path = posixpath.normpath(steps)
        leaves = link.scheme or link.netloc or path.startswith(("/", "../")) or file == self.single
        return None if leaves else self.root / path

    def address(self, page):
        """The page's address and the beginning of every address that it may load."""
        return page.as_uri(), page.as_uri() if page == self.single else self.root.as_uri() + "/"


def layout(site, _):
    """What a static host needs: an index, no folder that GitHub Pages would drop."""
    problems = [f"no {name}" for name in ("index.html", ".nojekyll") if not (site.root / name).is_file()]
    folders = [file for file in site.root.rglob("*") if file.is_dir()]
    problems += [f"{site.name(folder)}: underscore" for folder in folders if folder.name[0] == "_"]
    reports = sorted(folder for folder in site.root.glob("reports/*") if folder.is_dir())
    for report in reports:
        for name in ("index.html", "report.md", "findings.json", "provenance.json"):
            if not (report / name).is_file():
                problems.append(f"{site.name(report)}: no {name}")
    return f"{len(reports)} reports, {len(folders)} folders", problems


def budgets(site, _):
    """Each file within its size."""
    limits = [(site.files(".svg"), 60_000), (site.files(".html"), 1.5 * MEGABYTE),
              (site.root.rglob("summary.md"), 12_000), ([site.single] if site.single else [], 3 * MEGABYTE)]
    sizes = [(file, file.stat().st_size, limit) for files, limit in limits for file in files]
    largest = max(sizes, key=lambda entry: entry[1] / entry[2])
    return (
        f"{len(sizes)} files, the fullest {site.name(largest[0])}: {largest[1]:,} of {largest[2]:,.0f} bytes",
        [f"{site.name(file)}: {size:,} bytes" for file, size, limit in sizes if size > limit])


def lasting(site, _):
    """Nothing of the machine or the moment outside provenance.json."""
    files = [file for file in site.files(".html", ".md", ".json", ".csv", ".svg")
             if file.name != "provenance.json"]
    # A host called by an ordinary word may well be in the text.
    host = socket.gethostname() if re.search(r"[\d.-]", socket.gethostname()) else None
    problems = []
    for file in files + ([site.single] if site.single else []):
        text = file.read_text()
        found = {match.group() for match in VOLATILE.finditer(text)}
        if host and host in text:
            found.add(host)
        problems += [f"{site.name(file)}: {words[:60]}" for words in sorted(found)]
    return f"{len(files)} files", problems
