"""Headless Chromium on a page, and everything that a page must not do there."""
import contextlib
import functools
import http.server
import shutil
import threading

from playwright.sync_api import sync_playwright

WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'"

OPEN_DETAILS = "for (const details of document.querySelectorAll('details')) details.open = true"


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, address, below, problems, width=1440, scheme="light", script=True):
    """A loaded page and a function that reports a problem with it. Words on the console, errors,
    failures and requests for what does not begin with `below` are reported here."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
    page = context.new_page()
    name = address.removeprefix(below)

    def report(what):
        problems.append(f"{name} ({width} px, {scheme}{'' if script else ', no script'}): {what}")

    def requested(request):
        if not request.url.startswith(below):
            report(f"requests {request.url[:80]}")

    page.on("console", lambda message: report(f"console: {message.text}"))
    page.on("pageerror", lambda error: report(f"error: {error}"))
    page.on("request", requested)
    page.on("requestfailed", lambda request: report(f"failed: {request.url} {request.failure}"))
    page.on("response", lambda answer: answer.status >= 400 and report(f"{answer.status}: {answer.url}"))
    page.goto(address)
    yield page, report
    context.close()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files with the policy of a strict host."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The address under which `folder` is served on the loopback interface."""
    with http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        server.handle_error = lambda *_: None  # A page closed before all of it was read.
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
