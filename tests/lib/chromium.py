"""A headless Chromium, spoken to over its debugging pipe (Chrome DevTools Protocol, messages end with a NUL): no other program needed.

    page = Chromium(folder); page.open("/path/report.html"); page.run("document.title"); page.shot("x.png"); page.close()
"""
import base64
import json
import os
import shutil
import subprocess
import threading


def find():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


class Chromium:
    def __init__(self, folder, width=1400, height=1000):
        down_r, down_w = os.pipe()
        up_r, up_w = os.pipe()

        def place():  # the browser reads from 3 and writes to 4
            os.dup2(down_r, 203)
            os.dup2(up_w, 204)
            os.dup2(203, 3)
            os.dup2(204, 4)

        env = {k: v for k, v in os.environ.items() if "ASAN" not in k}
        self.process = subprocess.Popen(
            [find(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={folder}/chromium", f"--window-size={width},{height}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place, env=env)
        os.close(down_r)
        os.close(up_w)
        self.down, self.up = os.fdopen(down_w, "wb", 0), os.fdopen(up_r, "rb")
        self.n, self.events, self.session = 0, [], None
        self.timer = threading.Timer(100, self.process.kill)
        self.timer.start()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Page.bringToFront")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def read(self):
        data = bytearray()
        while True:
            c = self.up.read(1) if not hasattr(self.up, "peek") else None
            if c is None:
                part = self.up.peek()
                if not part:
                    raise SystemExit("not ok chromium: it ended")
                end = part.find(b"\0")
                data += self.up.read(end + 1 if end >= 0 else len(part))
                if end >= 0:
                    return json.loads(bytes(data[:-1]))

    def call(self, method, **params):
        self.n += 1
        message = {"id": self.n, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.down.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        while not any(e.get("method") == event for e in self.events):
            self.events.append(self.read())

    def open(self, path):
        self.events = []
        self.call("Page.navigate", url=f"file://{path}")
        self.wait("Page.loadEventFired")

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def key(self, key, code=None, text=None):
        for kind in ("keyDown", "keyUp"):
            params = {"type": kind, "key": key, "code": code or key, "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13}.get(key, 0)}
            if text and kind == "keyDown":
                params["text"] = text
            self.call("Input.dispatchKeyEvent", **params)

    def problems(self):
        """What the page's console, its errors and its policy said, and every request but the file itself."""
        said = []
        for e in self.events:
            if e.get("method") == "Runtime.exceptionThrown":
                said.append(e["params"]["exceptionDetails"].get("text", "exception"))
            elif e.get("method") == "Log.entryAdded":
                said.append(e["params"]["entry"]["text"])
            elif e.get("method") == "Page.javascriptDialogOpening":
                said.append("a dialogue: " + e["params"]["message"])
            elif e.get("method") == "Network.requestWillBeSent" and not e["params"]["request"]["url"].startswith(("file://", "about:")):
                said.append("a request to " + e["params"]["request"]["url"])
        return said

    def media(self, scheme=None, medium=""):
        self.call("Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": scheme}] if scheme else [])

    def shot(self, path, full=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        with open(path, "wb") as f:
            f.write(base64.b64decode(data["data"]))

    def close(self):
        self.timer.cancel()
        self.session = None
        try:
            self.call("Browser.close")
        except (SystemExit, OSError, ValueError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
