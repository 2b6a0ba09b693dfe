"""Start JupyterLab, open the first notebook in Chromium, run it, choose another interval, and picture what is shown.

``python validation/notebooks/widget.py`` writes the picture to ``docs/images/notebook-widget.png``; the same steps are a
test (``tests/test_notebook_in_browser.py``). Needs Chromium with its driver, and selenium.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "notebook-widget.png"
NOTEBOOK = "1_pooled_estimates.ipynb"
PATIENCE = 120
SETTINGS = {
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "notebook-extension/tracker": '{"windowingMode": "none"}',
}
RUN_ALL = "//li[@data-command='runmenu:run-all']"
#: The lines of the widget's table as text.
LINES = """
const rows = document.querySelectorAll('.widget-interact tr');
return Array.from(rows, row => Array.from(row.cells, cell => cell.textContent.trim()).join(' '));
"""
TO_THE_TOP = "arguments[0].closest('.widget-interact').scrollIntoView({block: 'start'})"


@contextlib.contextmanager
def jupyter(folder: Path) -> Iterator[str]:
    """Serve a folder by JupyterLab on this machine only; give the address of its files, with a token of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    options = [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--no-browser"]
    options += [f"--IdentityProvider.token={token}", "--allow-root"]
    with tempfile.TemporaryDirectory(prefix="hipevidence-jupyter-") as scratch:
        server = subprocess.Popen(  # noqa: S603 - our own Python, no shell
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **_own_settings(Path(scratch))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}")
            yield f"http://127.0.0.1:{port}/doc/tree/{{}}?token={token}"
        finally:
            server.terminate()
            server.wait(30)


def _own_settings(scratch: Path) -> dict[str, str]:
    """Keep the settings of whoever runs this out of it, ask nobody for news, and draw cells that are not in view too."""
    settings = scratch / "settings"
    for name, content in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    places = {name: str(scratch / name.lower()) for name in own}
    return {**places, "JUPYTERLAB_SETTINGS_DIR": str(settings)}


def _wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def chromium() -> Any:
    """Return a browser without a window, or None where there is none."""
    from selenium import webdriver  # noqa: PLC0415 - the test asks whether it is there first

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        return None
    options = webdriver.ChromeOptions()
    options.binary_location = program
    # The sandbox and shared memory of Chromium need rights that a container does not give.
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"):
        options.add_argument(argument)
    options.add_argument("--window-size=1100,1000")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def run_and_choose(browser: Any, address: str, interval: str) -> tuple[str, str]:
    """Open the notebook, run all of it, choose an interval; return the answer's line before and after."""
    from selenium.webdriver.common.by import By  # noqa: PLC0415 - as above
    from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: PLC0415 - as above

    wait = WebDriverWait(browser, PATIENCE)

    def answer(chosen: str) -> str:
        """Return the line of the answer once it is that of the choice."""
        found = [str(line) for line in browser.execute_script(LINES)]
        return next((line for line in found if line.startswith(f"Your choice: REML, {chosen} ")), "")

    browser.get(address.format(f"notebooks/{NOTEBOOK}"))
    wait.until(lambda _: "| Idle" in browser.find_element(By.ID, "jp-bottom-panel").text)
    browser.find_element(By.XPATH, "//*[@role='menuitem'][normalize-space()='Run']").click()
    wait.until(lambda _: browser.find_elements(By.XPATH, RUN_ALL))[0].click()
    before = wait.until(lambda _: answer("HKSJ-modified"))
    menu = browser.find_element(By.XPATH, "//select[option[text()='HKSJ-modified']]")
    Select(menu).select_by_visible_text(interval)
    after = wait.until(lambda _: answer(interval))
    wait.until(lambda _: "Idle" in browser.find_element(By.ID, "jp-bottom-panel").text)
    browser.execute_script(TO_THE_TOP, menu)
    return before, after


def main() -> int:
    """Take the picture."""
    from PIL import Image  # noqa: PLC0415 - the test needs no picture

    browser = chromium()
    if browser is None:
        print("No Chromium with its driver on this machine.")
        return 1
    try:
        with jupyter(ROOT) as address:
            before, after = run_and_choose(browser, address, "wald")
            time.sleep(1)  # until the page has stopped scrolling
            screen = Image.open(io.BytesIO(browser.get_screenshot_as_png()))
    finally:
        browser.quit()
    screen.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(PICTURE, optimize=True)
    print(f"before: {before}\nafter:  {after}\n{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
