"""The charts: SVG files, and the same charts inside the pages."""
import re
import xml.etree.ElementTree as ElementTree

from browser import OPEN_DETAILS, SCHEMES

SVG = "{http://www.w3.org/2000/svg}"

# Elements whose box leaves the chart's box by more than a pixel.
OUTSIDE = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  if (!svg.getClientRects().length) return [];
  const box = svg.viewBox.baseVal;
  const toChart = svg.getScreenCTM().inverse();
  const marks = "path,rect,circle,ellipse,line,polyline,polygon,text,use,image";
  return [...svg.querySelectorAll(marks)].filter((e) => !e.closest("defs,clipPath")).flatMap((e) => {
    const { x, y, width, height } = e.getBBox();
    const matrix = toChart.multiply(e.getScreenCTM());
    const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]]
      .map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
    const out = Math.max(...corners.flatMap((p) => [
      box.x - p.x, box.y - p.y, p.x - box.x - box.width, p.y - box.y - box.height]));
    return [out > 1 && `${out.toFixed(1)} px outside: ${e.outerHTML.slice(0, 120)}`];
  });
})"""

# The contrast (WCAG 2) of every text against the last shape drawn before it below its middle.
CONTRAST = """() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll("svg")].flatMap((svg) => {
    if (!svg.getClientRects().length) return [];
    let shapes = [];
    const found = [];
    for (const e of svg.querySelectorAll("path, rect, circle, text")) {
      const { fill, fillOpacity, stroke, strokeOpacity } = getComputedStyle(e);
      if (e.localName != "text") {
        if (fill.startsWith("rgb(") && fillOpacity > 0.5) shapes.unshift([e, "Fill", fill]);
        if (stroke.startsWith("rgb(") && strokeOpacity > 0.5) shapes.unshift([e, "Stroke", stroke]);
      } else if (e.textContent.trim()) {
        const { x, y, width, height } = e.getBBox();
        const middle = new DOMPoint(x + width / 2, y + height / 2).matrixTransform(e.getCTM());
        const ground = shapes.find(([shape, part]) =>
          shape[`isPointIn${part}`](middle.matrixTransform(shape.getCTM().inverse())));
        const [a, b] = [ground?.[2] ?? "rgb(255, 255, 255)", fill].map(luminance);
        found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.textContent]);
      }
    }
    return found;
  });
}"""


def well_formed(site, _):
    """Every SVG file: XML, sized, without script, foreign content or anything to fetch."""
    problems, files = [], site.files(".svg")
    for file in files:
        text = file.read_text()
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            problems.append(f"{site.name(file)}: {error}")
            continue
        problems += [f"{site.name(file)}: {what}" for what in faults(root, text)]
    return f"{len(files)} files", problems


def faults(root, text):
    if root.tag != SVG + "svg":
        yield "is no SVG"
    sizes = [root.get("width", ""), root.get("height", "")]
    if not all(re.fullmatch(r"\d+(\.\d+)?", size) for size in sizes):
        yield "has no width and height"
    elif root.get("viewBox", "").split()[2:] != sizes:
        yield f"viewBox {root.get('viewBox')} for {sizes}"
    for element in root.iter():
        if element.tag in (SVG + "script", SVG + "foreignObject", SVG + "image"):
            yield f"holds {element.tag}"
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name.endswith("href") and not value.startswith("#"):
                yield f"{name}={value[:40]}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    if len(set(ids)) < len(ids):
        yield "uses an id twice"
    if re.search(r"@import|url\((?!#)", text):
        yield "fetches something"
    if "\n\n" in text.strip():
        yield "has a blank line"


def inlined(site, _):
    """Every chart in a page: named for a screen reader, coloured by the page's style sheet alone."""
    problems, count = [], 0
    for file in site.pages:
        charts = re.findall(r"<svg\b.*?</svg>", file.read_text(), re.DOTALL)
        count += len(charts)
        for chart in charts:
            # A mark in a row of the index stands beside its number.
            if re.match(r'<svg class="chart mark" [^>]*aria-hidden="true">', chart):
                continue
            name = f"{site.name(file)}: chart {(re.findall('<title[^>]*>(.*?)<', chart) or ['?'])[0]}"
            # Words may look like attributes: only tags count, without their values.
            tags = re.sub(r'"[^"]*"', "", " ".join(re.findall(r"""<(?:"[^"]*"|[^">])*>""", chart)))
            if re.search(r"<style|\sstyle=|<script|\son\w+=", tags):
                problems.append(f"{name}: holds style or script")
            if len(re.findall(r'<(?:title|desc) id="[^"]+">[^<]', chart)) < 2:
                problems.append(f"{name}: no title or description with an id")
            if not re.match(r'<svg [^>]*role="img" [^>]*aria-labelledby="\S+ \S+"', chart):
                problems.append(f"{name}: no image with a label for a screen reader")
            if "\n\n" in chart:
                problems.append(f"{name}: a blank line")
    return f"{count} charts in {len(site.pages)} pages", problems


def within_box(site, browser):
    """No mark of a chart lies outside it, as a file or in its page."""
    return measured(site, browser, ["light"], OUTSIDE, lambda what: what)


def readable(site, browser):
    """Text of charts has a contrast of 4.5 at least in both schemes; axe leaves SVG undecided."""
    def problem(measure):
        contrast, text = measure
        return contrast < 4.5 and f"{contrast:.2f} for “{text[:40]}”"

    return measured(site, browser, SCHEMES, CONTRAST, problem)


def measured(site, browser, schemes, measure, problem):
    """Runs a script on the charts that are shown: every file, and every page at the width of a desktop
    and of a phone, where the narrow charts stand, with details open."""
    problems, count, files = [], 0, site.files(".svg") + site.looked_at
    page = browser.new_page()
    for file in files:
        for width in [1440] if file.suffix == ".svg" else [360, 1440]:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(file.as_uri())
            page.evaluate(OPEN_DETAILS)
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                found = page.evaluate(measure)
                count += len(found)
                problems += [f"{site.name(file)} ({width} px, {scheme}): {what}"
                             for what in map(problem, found) if what]
    page.close()
    return f"{count} in {len(files)} files", problems
