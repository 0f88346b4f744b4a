"""How much of a report a reader meets at once: heights, words, figures, charts on a phone, paper."""
import pypdfium2

from browser import visit

DESKTOP, PHONE, SMALL = (1440, 900), (390, 844), (360, 740)
# At the desktop and on the phone, in pixels; words and figures that stand open.
HEIGHTS = {DESKTOP: 10_000, PHONE: 14_000}
WORDS, FIGURES, SHEETS = 2_000, 12, 12
CAPTION_MEAN, CAPTION_MOST = 30, 45

# Words that stand open; labels of charts and numbers beside marks are looked at, not read.
OPEN_WORDS = """() => {
  document.querySelectorAll("svg").forEach((e) => e.remove());
  return document.querySelector("main").innerText.split(/\\s+/).filter(Boolean).length;
}"""
OPEN_FIGURES = """() => [...document.querySelectorAll("figure.figure")]
  .filter((e) => e.checkVisibility()).length"""
# The lowest edge of what must stand on the first screen.
FIRST_SCREEN = """() => Math.max(...[...document.querySelectorAll(".masthead > *, .masthead figure > :is(.wide, .narrow)")]
  .filter((e) => !e.matches("details.data") && e.checkVisibility())
  .map((e) => e.matches("figure") ? 0 : e.getBoundingClientRect().bottom + scrollY))"""
CAPTIONS = """() => [...document.querySelectorAll("figcaption strong")]
  .map((e) => e.textContent.trim().split(/\\s+/).length)"""
# Shown charts that leave the window or are cut by a box that scrolls; the studied neuron's marks
# that are not in view.
CROPPED = """() => {
  const shown = (e) => e.checkVisibility();
  const charts = [...document.querySelectorAll(".figure svg.chart")].filter(shown);
  const cropped = charts.filter((svg) => {
    const box = svg.getBoundingClientRect();
    if (box.left < -0.5 || box.right > innerWidth + 0.5) return true;
    for (let e = svg.parentElement; e; e = e.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX)
          && e.scrollWidth > e.clientWidth + 1) return true;
    }
    return false;
  });
  const marks = charts.flatMap((svg) => [...svg.querySelectorAll(".studied")]);
  const hidden = marks.filter((mark) => {
    const box = mark.getBoundingClientRect();
    return box.width + box.height == 0 || box.left < 0 || box.right > innerWidth;
  });
  const small = charts.flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll("text")]
      .map((e) => parseFloat(getComputedStyle(e).fontSize) * scale).filter((size) => size < 10);
  });
  const name = (e) => e.closest("figure").id;
  return { charts: charts.length, marks: marks.length, cropped: cropped.map(name),
           hidden: hidden.map(name), small: small.length };
}"""
OPEN_SECTIONS = "document.querySelectorAll('details').forEach((e) => { e.open = true; })"


def reports(site):
    """Pages of reports, by their figures."""
    return [file for file in site.pages if file.name == "index.html"
            and file.parent.parent == site.root / "reports"]


def short(site, browser):
    """A report's height, words and figures before anything is opened; its first screen; captions."""
    problems, told = [], []
    for file in reports(site):
        for (width, height), most in HEIGHTS.items():
            with visit(browser, *site.address(file), [], width) as (page, _):
                page.set_viewport_size({"width": width, "height": height})
                found = page.evaluate("document.documentElement.scrollHeight")
                first = page.evaluate(FIRST_SCREEN)
                figures, captions = page.evaluate(OPEN_FIGURES), page.evaluate(CAPTIONS)
                words = page.evaluate(OPEN_WORDS)
            name = f"{site.name(file)} at {width} px"
            screens = 1 if width == DESKTOP[0] else 2
            told.append(f"{file.parent.name} {width}: {found:,} px, first {first:.0f}, {words:,} words, "
                        f"{figures} figures")
            if found > most:
                problems.append(f"{name}: {found:,} px, at most {most:,}")
            if first > screens * height:
                problems.append(f"{name}: the first screen ends at {first:.0f} px of {screens * height}")
            if words > WORDS:
                problems.append(f"{name}: {words:,} words open, at most {WORDS:,}")
            if figures > FIGURES:
                problems.append(f"{name}: {figures} figures open, at most {FIGURES}")
        if captions and sum(captions) / len(captions) > CAPTION_MEAN:
            problems.append(f"{site.name(file)}: captions of {sum(captions) / len(captions):.1f} words")
        problems += [f"{site.name(file)}: a caption of {count} words" for count in captions
                     if count > CAPTION_MOST]
    return "; ".join(told), problems


def on_a_phone(site, browser):
    """No chart is cropped on a phone, the studied neuron's marks are in view, letters readable."""
    problems, charts, marks = [], 0, 0
    for file in reports(site):
        for width, height in (SMALL, PHONE):
            with visit(browser, *site.address(file), [], width) as (page, report):
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate(OPEN_SECTIONS)
                found = page.evaluate(CROPPED)
            charts += found["charts"]
            marks += found["marks"]
            name = f"{site.name(file)} at {width} px"
            if not found["charts"] or not found["marks"]:
                problems.append(f"{name}: {found['charts']} charts, {found['marks']} marks")
            problems += [f"{name}: {figure} is cropped" for figure in found["cropped"]]
            problems += [f"{name}: the studied mark of {figure} is not in view" for figure in found["hidden"]]
            if found["small"]:
                problems.append(f"{name}: {found['small']} texts below 10 px")
    return f"{charts} charts, {marks} marks of the studied neuron", problems


def sheets(site, browser):
    """A report prints on few sheets, its claim and its open figures among them."""
    problems, told = [], []
    for file in reports(site):
        with visit(browser, *site.address(file), []) as (page, _):
            open_figures = page.evaluate(OPEN_FIGURES)
            printed = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
            page.emulate_media(media="print")
            shown = page.evaluate(OPEN_FIGURES)
        told.append(f"{file.parent.name} {len(printed)}")
        if len(printed) > SHEETS:
            problems.append(f"{site.name(file)}: {len(printed)} sheets, at most {SHEETS}")
        if shown != open_figures:
            problems.append(f"{site.name(file)}: {shown} of {open_figures} open figures are printed")
    return "sheets: " + ", ".join(told), problems
