"""The Markdown files, as forges show them: every implementation must read the same from them."""
import re
import urllib.parse

import cmarkgfm
import markdown_it
from cmarkgfm.cmark import Options

# What a reader sees of HTML, part by part, whoever made it. `frame` tells whether to look at what
# a page shows in its own way: the opening before the first part, the numbers of figures' charts.
OUTLINE = """([html, frame]) => {
  const root = new DOMParser().parseFromString(html, "text/html");
  const words = (e) => e.textContent.replace(/\\s+/g, " ").trim();
  const rows = (table) => [...table.rows].map((row) => [...row.cells].map(words));
  for (const e of root.querySelectorAll(".anchor, svg, caption")) e.remove();
  const body = root.querySelector(".body") ?? root.body;
  if (!frame) {
    const first = [...body.children].findIndex((e) => e.matches("h2"));
    [...body.children].slice(0, Math.max(first, 0)).forEach((e) => e.remove());
  }
  // A folded section's heading stands in its summary on the page, and below it in Markdown.
  for (const e of root.querySelectorAll("summary")) {
    e.replaceChildren(words(e).replace(/:(?= )/g, ""));
  }
  const all = (selector) => [...body.querySelectorAll(selector)];
  return {
    tables: all("table").map(rows),
    details: all("details").map((e) => [words(e.firstElementChild), e.querySelectorAll("tr").length]),
    items: all("li").map(words),
    code: all("pre").map(words),
    quotes: all("blockquote").map(words),
    struck: all("del").map(words),
    links: all("a").map((e) => [e.getAttribute("href"), words(e)]).filter(([to, text]) => to != text),
    images: all("img").map((e) => [e.getAttribute("src"), e.alt]),
    figures: all("img, figure").map((e) => e.localName == "img"
      ? "figure-" + e.getAttribute("src").split("/").pop().replace(".svg", "").toLowerCase() : e.id),
  };
}"""

# The only HTML that a report may use; a forge shows it as it is meant.
OWN_HTML = re.compile(r"(</?details>|<summary>[^<>]*</summary>|<!--((?!-->).)*-->|\s)*", re.DOTALL)

commonmark = markdown_it.MarkdownIt("commonmark").enable("table")


def documents(site):
    return [(file, file.read_text()) for file in site.files(".md")]


def same_everywhere(site, browser):
    """markdown-it, GitHub's own cmark and (for a report) the page agree on every part."""
    problems, files, cells = [], documents(site), 0
    page = browser.new_page()
    for file, text in files:
        def compare(reader, html, frame, parts=None):
            one, other = (page.evaluate(OUTLINE, [text, frame]) for text in (ours, html))
            for part in parts or one:
                if one[part] != other[part]:
                    problems.append(f"{site.name(file)}: {part} differ in {reader}: "
                                    + difference(one[part] or [], other[part] or []))
            return one, other

        ours = commonmark.render(text)
        github = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
        whole, _ = compare("GitHub's cmark", github, True)
        cells += sum(len(row) for table in whole["tables"] for row in table)
        if file.name == "report.md":
            shown = file.with_name("index.html").read_text()
            compare("the page", shown, False, whole.keys() - {"images"})
    page.close()
    return f"{len(files)} files, {cells} cells, three readers", problems


def difference(one, other):
    """The first place where two lists differ, and their lengths."""
    pairs = zip([*one, None], [*other, None])
    first = next((f"{str(a)[:150]} ≠ {str(b)[:150]}" for a, b in pairs if a != b), "")
    return f"{len(one)} and {len(other)}; {first}"


def plain_markdown(site, _):
    """No HTML but details and comments; relative links and images exist."""
    problems, files, addresses = [], documents(site), 0
    for file, text in files:
        blocks = commonmark.parse(text)
        for token in [*blocks, *(child for block in blocks for child in block.children or [])]:
            if token.type in ("html_block", "html_inline") and not OWN_HTML.fullmatch(token.content):
                problems.append(f"{site.name(file)}: HTML: {token.content.strip()[:80]}")
            address = token.attrGet("href") or token.attrGet("src")
            if address is None:
                continue
            addresses += 1
            link = urllib.parse.urlsplit(str(address))
            if link.scheme == "https" and token.type != "image":
                continue
            goal = site.goal(file, link)
            if goal is None or not goal.exists():
                problems.append(f"{site.name(file)}: {address} leads to no file of the site")
    return f"{len(files)} files, {addresses} addresses", problems


def summaries(site, _):
    """A summary begins with the mark by which a bot finds its comment."""
    files = sorted(site.root.rglob("summary.md"))
    return f"{len(files)} files", [
        f"{site.name(file)}: begins with {file.read_text()[:60]!r}" for file in files
        if not file.read_text().startswith(f"<!-- reportgen:{file.parent.name} -->\n")]
