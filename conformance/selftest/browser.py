"""A headless Chromium, spoken to by the DevTools protocol over pipes: no port, no driver."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ARGUMENTS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # root in a container has none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Browser:
    """One page of a headless Chromium.

    Parameters
    ----------
    profile
        An empty folder for what it writes.

    Attributes
    ----------
    requests
        The addresses that the page has asked for.
    problems
        What its scripts raised, and what the console was told.
    """

    def __init__(self, profile: Path) -> None:
        self.requests: list[str] = []
        self.problems: list[str] = []
        self._number = 0
        self._rest = b""
        self._events: list[str] = []
        self._log = (profile / "chromium.log").open("wb")
        self._process, self._write, self._read = _start(profile, self._log)
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        attached = self._send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol on the page, and return its result."""
        return self._send(method, self._session, **parameters)

    def open(self, address: str, *, scripts: bool = True) -> None:
        """Open a page, and wait until it has loaded, with its scripts or without."""
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        for place in ("about:blank", address):  # else another "#" would be no new page
            self._events.clear()
            self.requests.clear()
            self.call("Page.navigate", url=place)
            self.wait_for("Page.loadEventFired")
        if scripts:  # a link into the page is followed in the next frame
            self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def wait_for(self, event: str) -> None:
        """Wait until the page has sent an event."""
        deadline = time.monotonic() + 60
        while event not in self._events:
            self._hear(deadline)

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def look(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """Set the size of the window in CSS pixels, and the colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key and let it go."""
        codes = {"Tab": 9, "Enter": 13, " ": 32, "End": 35, "Home": 36, "ArrowRight": 39}
        text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else "")
        facts: dict[str, Any] = {
            "key": key,
            "code": "Space" if key == " " else key,
            "windowsVirtualKeyCode": codes.get(key, ord(key.upper()[0])),
            "modifiers": 8 if shift else 0,
        }
        down = "keyDown" if text else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=down, **facts, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def write(self, text: str) -> None:
        """Type text into what has the focus."""
        self.call("Input.insertText", text=text)

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Write what the window shows, or the whole page, as a PNG file."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._write, self._read):
            os.close(pipe)
        self._log.close()

    def _send(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self._hear(deadline)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _hear(self, deadline: float) -> dict[str, Any]:
        """Return the next message, and keep what it tells of the page."""
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(self._read, 1 << 20) if ready else b""
            if not part:
                said = Path(self._log.name).read_text(errors="replace")[-1000:]
                raise AssertionError(f"Chromium is silent; it said last: {said}")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        method, told = message.get("method", ""), message.get("params", {})
        self._events.append(method)
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"]["exception"]["description"])
        elif method == "Log.entryAdded":
            self.problems.append(told["entry"]["text"])
        return message


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Yield a browser, and end it."""
    found = Browser(profile)
    try:
        yield found
    finally:
        found.close()


def _start(profile: Path, log: Any) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start Chromium, which reads from file descriptor 3 and writes to 4."""
    theirs_in, write = os.pipe()
    read, theirs_out = os.pipe()
    high_in, high_out = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (theirs_in, theirs_out))

    def place() -> None:
        os.dup2(high_in, 3)
        os.dup2(high_out, 4)

    process = subprocess.Popen(
        [CHROMIUM, *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=(3, 4),
        preexec_fn=place,
    )
    for one in (theirs_in, theirs_out, high_in, high_out):
        os.close(one)
    return process, write, read
