"""A headless Chromium, driven over its own debugging protocol with the standard library alone.

The protocol needs a WebSocket; this holds just enough of one for text messages to a local browser.
"""

import base64
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 30.0
NONE = "no Chromium is installed, and HOLDFAST_TEST_BROWSER names none"


def installed() -> str | None:
    """The browser that HOLDFAST_TEST_BROWSER names, or the first of the usual names."""
    named = os.environ.get("HOLDFAST_TEST_BROWSER")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


class Tab:
    """One page of a running browser."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._socket.recv(1)
        assert b" 101 " in head.splitlines()[0]
        self._number = 0
        self.complaints: list[str] = []

    def close(self) -> None:
        self._socket.close()

    def call(self, method: str, **parameters: Any) -> Any:
        """Ask the browser something, and wait for its answer; notes what the page complains of meanwhile."""
        self._number += 1
        self._send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._receive())
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]
            self._note(message)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression comes to in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.value(f"Boolean({expression})"):
            assert time.monotonic() < end, f"never true: {expression}; {self.complaints}"

    def press(self, key: str, text: str = "") -> None:
        """Press a key as a keyboard does."""
        codes = {"Tab": 9, "Enter": 13}
        event = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, 0), "text": text}
        self.call("Input.dispatchKeyEvent", type="keyDown", **event)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.call("Input.insertText", text=text)

    def _note(self, message: dict[str, Any]) -> None:
        method, said = message.get("method"), message.get("params", {})
        is_error = method == "Runtime.consoleAPICalled" and said.get("type") in ("error", "assert")
        is_entry = method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning")
        if is_error or is_entry or method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(said)[:500])

    def _send(self, text: str) -> None:
        data = text.encode()
        mask = os.urandom(4)
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
        self._socket.sendall(head + mask + masked)

    def _receive(self) -> bytes:
        """One whole message; the browser sends them unmasked, perhaps in parts."""
        message = b""
        while True:
            first, second = self._exactly(2)
            size = second & 0x7F
            if size == 126:
                [size] = struct.unpack("!H", self._exactly(2))
            elif size == 127:
                [size] = struct.unpack("!Q", self._exactly(8))
            part = self._exactly(size)
            if first & 0x0F in (0, 1):
                message += part
                if first & 0x80:
                    return message

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            assert part, "the browser hung up"
            data += part
        return data


@contextmanager
def browsing(browser: str, profile: Path) -> Iterator[Tab]:
    """A tab of a browser with a profile of its own; ends with the block."""
    process = subprocess.Popen(
        [
            browser,
            "--headless=new",
            "--no-sandbox",  # CI runs as root
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        tab = Tab(_address_of_tab(process))
        for domain in ("Page", "Runtime", "Log"):
            tab.call(f"{domain}.enable")
        yield tab
        tab.close()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _address_of_tab(process: subprocess.Popen) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"DevTools listening on ws://([\d.]+:\d+)/", line)
        if found:
            with urllib.request.urlopen(f"http://{found[1]}/json/list", timeout=PATIENCE) as listed:
                pages = [target for target in json.load(listed) if target["type"] == "page"]
            return str(pages[0]["webSocketDebuggerUrl"])
    raise AssertionError("the browser said no address")
