"""Addresses that publish a database, on loopback: a folder, and faults to answer instead.

    with Publication(folder) as site: site.url ... site.requests ... site.faults.append(Fault("manifest.json", status=429, times=1))
"""
import http.server
import json
import os
import shutil
import threading
import time
import urllib.parse


class Fault:
    """What a request whose path holds `part` gets instead, `times` times: a status, a body cut after `cut` bytes, other bytes, a closed line."""

    def __init__(self, part, status=None, times=1, headers=None, cut=None, data=None, close=False):
        self.part, self.status, self.times, self.headers, self.cut, self.data, self.close = part, status, times, headers or {}, cut, data, close


class Publication:
    def __init__(self, folder, ranges=True):
        self.folder, self.ranges, self.requests, self.faults, self.routes, self.lock = folder, ranges, [], [], {}, threading.Lock()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else b""
                path = self.path.lstrip("/")
                with site.lock:
                    site.requests.append({"method": self.command, "path": path, "range": self.headers.get("Range"), "headers": dict(self.headers), "body": body,
                                          "time": time.monotonic()})
                    fault = next((f for f in site.faults if f.part in path and f.times > 0), None)
                    if fault:
                        fault.times -= 1
                if fault and fault.close:
                    self.close_connection = True
                    return self.connection.close()
                if fault and fault.status:
                    return self.answer(fault.status, b"a fault", fault.headers)
                for prefix, function in site.routes.items():
                    if path.startswith(prefix):
                        return self.answer(*function(self.command, path, body), cut=fault.cut if fault else None)
                if self.command != "GET":
                    return self.answer(405, b"")
                name = os.path.join(site.folder, os.path.basename(path))
                if not os.path.isfile(name):
                    return self.answer(404, b"Not Found")
                with open(name, "rb") as f:
                    data = f.read()
                if fault and fault.data is not None:
                    data = fault.data
                status, headers = 200, {}
                if site.ranges and self.headers.get("Range", "").startswith("bytes="):
                    at = int(self.headers["Range"][6:].rstrip("-"))
                    if at >= len(data):
                        return self.answer(416, b"")
                    status, headers["Content-Range"], data = 206, f"bytes {at}-{len(data) - 1}/{len(data)}", data[at:]
                return self.answer(status, data, headers, fault.cut if fault else None)

            def answer(self, status, data, headers=None, cut=None):
                self.send_response(status)
                for k, v in (headers or {}).items():
                    self.send_header(k, v)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data if cut is None else data[:cut])
                if cut is not None:
                    self.close_connection = True
                    self.wfile.flush()
                    self.connection.close()

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()

    def paths(self):
        return [r["path"] for r in self.requests]


class ReleaseApi:
    """The API of one release and its assets, as a route of a Publication; `url` is that one's address."""

    def __init__(self):
        self.release, self.assets, self.calls, self.next, self.age = None, {}, [], 1, 0

    def asset(self, a):
        return {"id": a["id"], "name": a["name"], "size": len(a["data"]), "state": "uploaded",
                "updated_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(a["time"]))}

    def __call__(self, method, path, body):
        path, _, query = path.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        self.calls.append((method, path.split("/assets")[-1] if "assets" in path else path, query.get("name")))
        answer = lambda status, value=None: (status, json.dumps(value).encode() if value is not None else b"")
        if method == "GET" and path.endswith("/releases/tags/vulnerability-data"):
            return answer(200, self.release) if self.release else answer(404, {"message": "Not Found"})
        if method == "POST" and path.endswith("/releases"):
            self.release = {"id": 7, "upload_url": self.url + "/api/upload/7/assets{?name,label}", **json.loads(body)}
            return answer(201, self.release)
        if method == "GET" and path.endswith("/releases/7/assets"):
            items, page = sorted(self.assets.values(), key=lambda a: a["id"]), int(query["page"])
            return answer(200, [self.asset(a) for a in items[(page - 1) * 100:page * 100]])
        if method == "POST" and path.endswith("/upload/7/assets"):
            if any(a["name"] == query["name"] for a in self.assets.values()):
                return answer(422, {"message": "already_exists"})
            self.assets[self.next] = {"id": self.next, "name": query["name"], "data": body, "time": time.time() - self.age}
            self.next += 1
            return answer(201, {"id": self.next - 1})
        if "/releases/assets/" in path:
            a = self.assets.get(int(path.rsplit("/", 1)[1]))
            if not a:
                return answer(404, {})
            if method == "DELETE":
                del self.assets[a["id"]]
                return answer(204)
            if method == "PATCH":
                a["name"] = json.loads(body)["name"]
                return answer(200, self.asset(a))
            return 200, a["data"]
        return answer(500, {"message": f"{method} {path}"})

    def names(self):
        return sorted(a["name"] for a in self.assets.values())

    def folder(self, path):
        shutil.rmtree(path, ignore_errors=True)
        for a in self.assets.values():
            os.makedirs(path, exist_ok=True)
            with open(f"{path}/{a['name']}", "wb") as f:
                f.write(a["data"])
        return path
