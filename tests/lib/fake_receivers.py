"""Strict stand-ins for Threatconnectome and Dependency-Track on loopback: they check the credential of every call, the form, the names and
the content as the servers do, process uploads afterwards (a number of polls later), and can be told to fail.

    with FakeThreatconnectome() as server: ... server.url ... server.services ... server.complaints
"""
import email.parser
import email.policy
import http.server
import json
import re
import threading
import urllib.parse
import uuid


def parse_form(handler, body):
    """multipart/form-data to [(name, file name or None, bytes)]; raises ValueError where it is malformed."""
    kind = handler.headers.get("Content-Type", "")
    found = re.fullmatch(r"multipart/form-data; boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})", kind)
    if not found:
        raise ValueError(f"no form: {kind}")
    mark = b"--" + found.group(1).encode()
    if not body.startswith(mark + b"\r\n") or not body.endswith(b"\r\n" + mark + b"--\r\n"):
        raise ValueError("the form's ends are wrong")
    parts = []
    for piece in body[len(mark) + 2 : -(len(mark) + 6)].split(b"\r\n" + mark + b"\r\n"):
        head, _, data = piece.partition(b"\r\n\r\n")
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + b"\r\n\r\n")
        disposition = message["Content-Disposition"]
        if disposition is None or disposition.content_disposition != "form-data" or "name" not in disposition.params:
            raise ValueError("a part without a name")
        parts.append((disposition.params["name"], disposition.params.get("filename"), data))
    return parts


class Fake:
    def __init__(self):
        self.requests = []  # (method, path)
        self.complaints = []  # what the client did wrong: tests want it empty
        self.faults = []  # [substring of "METHOD path", status, body, times]
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                url = urllib.parse.urlsplit(self.path)
                fake.requests.append((self.command, url.path))
                status, answer = fake.fault(f"{self.command} {url.path}") or fake.answer(self, url, dict(urllib.parse.parse_qsl(url.query)), body)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def fault(self, what):
        for f in self.faults:
            if f[0] in what and f[3] > 0:
                f[3] -= 1
                return f[1], f[2]
        return None

    def count(self, method, part):
        return sum(1 for m, p in self.requests if m == method and part in p)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()


class FakeThreatconnectome(Fake):
    """Under /api: log-in with rotating refresh tokens, services, both upload routes, progress."""

    TEAM = "0d5aa5ee-7d1a-4ee6-9f1c-7f6f7a0c6a11"

    def __init__(self, refresh="refresh-1", rotate=False, polls=2, lives=10**6):
        super().__init__()
        self.url += "/api"
        self.refresh, self.rotate, self.polls, self.lives = refresh, rotate, polls, lives
        self.access, self.uses, self.logins = None, 0, 0
        self.users = {"robot@acme.example": 'p&=ss w"örd'}
        self.services = {}  # name -> {"at", "packages": set, "raw"}
        self.running = {}  # name -> [polls left, raw]
        self.clock = 0
        self.refused = {}  # Supabase's back end answers bad credentials with 500 (seen on a real server): refused["/auth/token"] = (500, {...})
        self.drop_row = True  # the row of progress vanishes at the end, whether it went well or not

    def log_in(self, token=None):
        self.logins += 1
        self.access, self.uses = f"access-{self.logins}", 0
        if self.rotate:
            self.refresh = f"refresh-{self.logins + 1}"
        return 200, {"access_token": self.access, "token_type": "bearer", "refresh_token": token if token and not self.rotate else self.refresh}

    def take(self, name, packages, raw):
        self.clock += 1
        self.services[name] = {"at": f"2026-11-27T12:00:{self.clock:02}.000001Z", "packages": packages, "raw": raw}

    @staticmethod
    def parse_sbom(text):
        """What its reader takes: Trivy 1.5, 1.6; Syft 1.4 to 1.6; SPDX 2.3 whose first tool is Syft."""
        d = json.loads(text)
        if d.get("bomFormat") == "CycloneDX":
            tools = d["metadata"]["tools"]
            names = sorted((c.get("group") or "", c["name"]) for c in tools["components"]) if isinstance(tools, dict) else sorted(("", t["name"]) for t in tools)
            name = names[0][1]
            if (name, d["specVersion"]) not in {("trivy", "1.5"), ("trivy", "1.6"), ("syft", "1.4"), ("syft", "1.5"), ("syft", "1.6")}:
                raise ValueError(f"Not supported: {name}")
            if name == "trivy":
                refs = {d["metadata"]["component"]["bom-ref"]}
                known = {x["ref"] for x in d["dependencies"]} | {y for x in d["dependencies"] for y in x.get("dependsOn", [])}
                for c in d["components"]:
                    if c["bom-ref"] not in known | refs:
                        raise KeyError(c["bom-ref"])
            return {(c["name"].lower(), c["version"]) for c in d["components"] if c.get("purl") and c.get("version")}
        if d["spdxVersion"] != "SPDX-2.3" or not next(c for c in d["creationInfo"]["creators"] if c.startswith("Tool:"))[5:].strip().startswith("syft-"):
            raise ValueError("Not supported")
        return {(p["name"].lower(), p.get("versionInfo")) for p in d["packages"]}

    def tick(self):
        for name in list(self.running):
            self.running[name][0] -= 1
            if self.running[name][0] <= 0:
                _, raw = self.running.pop(name)
                try:
                    self.take(name, self.parse_sbom(raw), raw)
                except Exception:
                    pass  # only mail, or the server's log

    def answer(self, h, url, query, body):
        path = url.path[len("/api"):]
        if path == "/auth/refresh":
            given = json.loads(body).get("refresh_token")
            return self.log_in(given) if given == self.refresh else self.refused.get(path, (401, {"detail": "Could not refresh token"}))
        if path == "/auth/token":
            form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
            if self.users.get(form.get("username")) == form.get("password") and form.get("password"):
                return self.log_in()
            return self.refused.get(path, (401, {"detail": "INVALID_LOGIN_CREDENTIALS"}))
        self.uses += 1
        if h.headers.get("Authorization") != f"Bearer {self.access}" or self.uses > self.lives:
            return 401, {"detail": "Token has expired"}
        if not path.startswith("/pteams/"):
            return 404, {"detail": "Not Found"}
        team, _, rest = path[len("/pteams/"):].partition("/")
        try:
            uuid.UUID(team)
        except ValueError:
            return 422, {"detail": [{"type": "uuid_parsing", "loc": ["path", "pteam_id"], "msg": "Input should be a valid UUID"}]}
        if team != self.TEAM:
            return 404, {"detail": "No such pteam"}
        if rest == "services":
            return 200, [{"service_name": n, "service_id": str(uuid.uuid4()), "sbom_uploaded_at": s["at"]} for n, s in self.services.items()]
        if rest == "sbom_upload_progress":
            rows = [{"sbom_upload_progress_id": "x", "service_name": n, "progress_rate": 0.5, "expected_finish_time": None} for n in self.running]
            self.tick()
            return 200, rows
        service = query.get("service", "").strip()
        if len(service) > 255:
            return 422, {"detail": "Length of Service name exceeds 255 characters"}
        if not service:
            return 400, {"detail": "Missing service_name"}
        parts = parse_form(h, body)
        if [p[0] for p in parts] != ["file"]:
            return 422, {"detail": [{"loc": ["body", "file"], "msg": "Field required"}]}
        name, data = parts[0][1] or "", parts[0][2]
        if rest == "upload_sbom_file":
            if service in self.running:
                self.tick()
                return 409, {"detail": "An SBOM upload for this service is already in progress"}
            if not name.endswith(".json"):
                return 400, {"detail": "Please upload a file with .json as extension"}
            if not data:
                return 400, {"detail": "Upload file is empty"}
            self.running[service] = [self.polls, data.decode("utf-8")]
            return 200, {"pteam_id": team, "service_name": service, "sbom_file_sha256": "0" * 64}
        if rest == "upload_packages_file":
            if not name.endswith(".jsonl"):
                return 400, {"detail": "Please upload a file with .jsonl as extension"}
            if not data:
                return 400, {"detail": "Upload file is empty"}
            packages = set()
            for line in data.splitlines():
                x = json.loads(line)
                for key in ("package_name", "ecosystem", "references"):
                    if not x.get(key):
                        return 400, {"detail": f"Missing {key}"}
                if x["package_name"] != x["package_name"].lower() or set(x) - {"package_name", "ecosystem", "references", "package_manager", "source_name"}:
                    self.complaints.append(x)
                for ref in x["references"]:
                    if ref.get("version") is None or ref.get("target") is None:
                        return 400, {"detail": "Missing target and|or version"}
                    if ref["target"].startswith("/"):
                        self.complaints.append(x)
                    packages.add((x["package_name"], x["ecosystem"], x.get("source_name"), x.get("package_manager", ""), ref["version"], ref["target"]))
            self.take(service, packages, data)
            return 200, [{"package_name": p[0]} for p in packages]
        return 404, {"detail": "Not Found"}


class FakeDependencyTrack(Fake):
    """API keys with permissions, projects by UUID or name and version, parents, the queue with its tokens."""

    def __init__(self, polls=2, permissions=("BOM_UPLOAD", "VIEW_PORTFOLIO", "PROJECT_CREATION_UPLOAD"), old=False):
        super().__init__()
        self.key, self.permissions, self.polls, self.old = "odt_key", set(permissions), polls, old
        self.projects = {}  # (name, version) -> {"uuid", "lastBomImport", "parent", "bom", "tags", "latest"}
        self.queue = {}  # token -> [polls left, project, bom]
        self.broken = False  # processing fails, silently for the uploader
        self.clock = 1700000000000

    def project(self, ident):
        return next((p for p in self.projects.values() if p["uuid"] == ident), None)

    def add(self, name, version):
        return self.projects.setdefault((name, version), {"uuid": str(uuid.uuid4()), "name": name, "version": version, "bom": None})

    def shown(self, p):
        if p is None:
            return 404, b"The project could not be found."
        return 200, {k: v for k, v in p.items() if k not in ("bom", "parent", "tags", "latest")}

    def answer(self, h, url, query, body):
        path = url.path
        if h.headers.get("X-Api-Key") != self.key:
            return 401, b""
        if path == "/api/v1/project/lookup":
            if "VIEW_PORTFOLIO" not in self.permissions:
                return 403, b""
            return self.shown(self.projects.get((query["name"], query["version"])))
        if path.startswith("/api/v1/project/"):
            if "VIEW_PORTFOLIO" not in self.permissions:
                return 403, b""
            return self.shown(self.project(path.rsplit("/", 1)[1]))
        if path.startswith("/api/v1/event/token/" if not self.old else "/api/v1/bom/token/"):
            token = path.rsplit("/", 1)[1]
            entry = self.queue.get(token)
            if entry:
                entry[0] -= 1
                if entry[0] <= 0:
                    _, project, bom = self.queue.pop(token)
                    if not self.broken:
                        self.clock += 1000
                        project.update(bom=bom, lastBomImport=self.clock)
                    return 200, {"processing": False}
            return 200, {"processing": entry is not None}  # false for unknown tokens too
        if path == "/api/v1/bom" and h.command == "POST":
            if "BOM_UPLOAD" not in self.permissions:
                return 403, b""
            form, fields = parse_form(h, body), {}
            for name, file_name, data in form:
                if name in fields or (file_name is not None) != (name == "bom"):
                    self.complaints.append(name)
                fields[name] = data if name == "bom" else data.decode()
            unknown = set(fields) - {"bom", "project", "projectName", "projectVersion", "projectTags", "autoCreate", "parentUUID", "parentName", "parentVersion", "isLatest"}
            if unknown or ("project" in fields and "projectName" in fields):
                self.complaints.append(sorted(fields))
            try:
                bom = json.loads(fields["bom"])
                good = bom["bomFormat"] == "CycloneDX"
            except ValueError:
                good = fields["bom"].startswith(b"<?xml")
            if not good:
                return 400, {"status": 400, "title": "The uploaded BOM is invalid", "detail": "Schema validation failed", "errors": ["$.x: unknown"]}
            if "project" in fields:
                project = self.project(fields["project"])
            else:
                project = self.projects.get((fields["projectName"], fields["projectVersion"]))
                if project is None and fields.get("autoCreate") == "true":
                    if "PROJECT_CREATION_UPLOAD" not in self.permissions:
                        return 401, b"The principal does not have permission to create project."
                    parent = self.project(fields["parentUUID"]) if "parentUUID" in fields else self.projects.get((fields.get("parentName"), fields.get("parentVersion")))
                    if parent is None and ("parentUUID" in fields or "parentName" in fields):
                        return 404, b"The parent component could not be found."
                    project = self.add(fields["projectName"], fields["projectVersion"])
                    project.update(parent=parent and parent["uuid"], tags=fields.get("projectTags"), latest=fields.get("isLatest"))
            if project is None:
                return 404, b"The project could not be found."
            token = str(uuid.uuid4())
            self.queue[token] = [self.polls, project, fields["bom"]]
            return 200, {"token": token}
        return 404, b""
