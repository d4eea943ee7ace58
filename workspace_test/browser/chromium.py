"""A page in headless Chromium, driven over its DevTools protocol with the standard library alone."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)


def executable() -> str | None:
    """The browser, where there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One tab; what it writes to the console, what fails and what it asks the network for are kept."""

    def __init__(self) -> None:
        self.width, self.height = 1280, 900
        self.shown: tuple[Any, ...] = ()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._count = 0

    def __enter__(self) -> Page:
        browser = executable()
        assert browser is not None
        self._folder = tempfile.mkdtemp()
        command = [browser, *_FLAGS, f"--user-data-dir={self._folder}", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = Path(self._folder) / "DevToolsActivePort"
        for _ in range(600):
            if port_file.exists() and len(lines := port_file.read_text().splitlines()) >= 2:
                break
            time.sleep(0.05)
        self._connect(int(lines[0]), lines[1])
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session: str | None = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def show(self, path: Path, width: int = 1280, height: int = 900, dark: bool = False, touch: bool = False) -> Page:
        """Load a file in a window of that size, unless it is there already, as it was left."""
        if self.shown != (path, width, height, dark, touch):
            self.width, self.height = width, height
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": touch}
            self._call("Emulation.setDeviceMetricsOverride", **size)
            self._call("Emulation.setTouchEmulationEnabled", enabled=touch)
            scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
            self._call("Emulation.setEmulatedMedia", features=scheme)
            self.run("try { localStorage.clear() } catch (error) {}")  # the reader is a new one
            self.open(path)
            self.shown = (path, width, height, dark, touch)
        return self

    def open(self, path: Path, seconds: float = 60.0) -> None:
        """Load a file and wait until it says that everything is drawn; problems are those from now on."""
        self.run("window.leaving = true")
        self.shown = ()
        self.problems.clear()
        self.requests.clear()
        self._call("Page.navigate", url=path.resolve().as_uri())
        end = time.monotonic() + seconds
        while self.run("!window.leaving && document.documentElement?.dataset.ready || ''") != "true":
            assert time.monotonic() < end, f"{path} was not drawn in {seconds} s: {self.problems}"
            time.sleep(0.05)

    def run(self, expression: str) -> Any:
        """The value of an expression in the page; promises are awaited."""
        answer = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the mouse at one place of the window and let it go at another."""
        steps = [(start, "mousePressed"), (((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), "mouseMoved")]
        self._call("Input.dispatchMouseEvent", type="mouseMoved", x=start[0], y=start[1])
        for (x, y), kind in [*steps, (end, "mouseMoved"), (end, "mouseReleased")]:
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def screenshot(self, whole: bool = True) -> bytes:
        """PNG of the whole page, or of the window."""
        arguments: dict[str, Any] = {"format": "png"}
        if whole:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": self.width, "height": min(size["height"], 16000), "scale": 1}
            arguments |= {"captureBeyondViewport": True, "clip": clip}
        return base64.b64decode(self._call("Page.captureScreenshot", **arguments)["data"])

    def places_of(self, selector: str) -> dict[str, list[int]]:
        """Left, top, width and height of elements on the whole page, by their id."""
        place = "b => [b.left + scrollX, b.top + scrollY, b.width, b.height].map(Math.round)"
        elements = f"[...document.querySelectorAll({selector!r})]"
        return dict(self.run(f"{elements}.map(e => [e.id, ({place})(e.getBoundingClientRect())])"))

    # ------------------------------------------------------------------ protocol

    def _connect(self, port: int, address: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._buffer = b""
        self._session = None
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._socket.recv(4096)
        self._buffer = self._buffer.partition(b"\r\n\r\n")[2]

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        content = json.dumps(message).encode()
        mask = os.urandom(4)
        length = struct.pack(">BBQ", 0x81, 0xFF, len(content))  # a text frame, masked, with a long length
        self._socket.sendall(length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(content)))
        while True:
            answer = json.loads(self._frame())
            if answer.get("id") == self._count:
                assert "error" not in answer, (method, answer["error"])
                return dict(answer["result"])
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        name, content = event.get("method"), event.get("params", {})
        if name == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(content["exceptionDetails"])[:600])
        elif name == "Runtime.consoleAPICalled" and content["type"] in ("error", "warning", "assert"):
            self.problems.append(json.dumps(content["args"])[:600])
        elif name == "Log.entryAdded" and content["entry"]["level"] in ("error", "warning"):
            self.problems.append(json.dumps(content["entry"])[:600])
        elif name == "Network.requestWillBeSent":
            self.requests.append(str(content["request"]["url"])[:200])

    def _frame(self) -> bytes:
        content = b""
        while True:
            first, second = self._read(2)
            length = second & 0x7F
            if length > 125:
                length = int.from_bytes(self._read(2 if length == 126 else 8))
            content += self._read(length)
            if first & 0x80:
                return content

    def _read(self, count: int) -> bytes:
        while len(self._buffer) < count:
            part = self._socket.recv(65536)
            assert part, "the browser closed the connection"
            self._buffer += part
        content, self._buffer = self._buffer[:count], self._buffer[count:]
        return content
