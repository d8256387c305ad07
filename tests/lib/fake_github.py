"""A strict stand-in for what bomgate speaks to on GitHub, on loopback: the artifact service with its blob store, and the REST API.

It checks what GitHub and Azure check and act's own server does not: the bearer token, the ids in it, unknown and missing fields, names,
duplicate names (409), block ids of one length, the block list against what was uploaded, size and digest at the end.

    server = FakeGithub(); server.start(); ... server.requests ... server.artifacts ... server.stop()

`faults` is a list of (method-or-path substring, status, times, headers): answers given instead, first match first.
"""
import base64
import hashlib
import http.server
import json
import re
import subprocess
import threading
import time
import urllib.parse
import uuid

RUN_ID = "ce7f54c7-61c7-4aae-887f-30da475f5f1a"
JOB_ID = "ca395085-040a-526b-2ce8-bdc85f692774"


def make_token(run_id=RUN_ID, job_id=JOB_ID):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"scp": f"Actions.ExampleScope Actions.Results:{run_id}:{job_id}", "iss": "fake"}
    return f"{part({'alg': 'none'})}.{part(claims)}.c2lnbmF0dXJl"


class FakeGithub:
    def __init__(self, token=None, api_token="api-token"):
        self.runtime_token = token or make_token()
        self.api_token = api_token
        self.artifacts = {}  # name -> {"bytes", "id", "finalized", "expires_at"}
        self.blobs = {}  # id -> {"blocks": {}, "list": None, "name"}
        self.prefix = ""  # "/api/v3" on GitHub Enterprise Server, which takes uploads below /api/uploads
        self.repositories = {}  # owner/repo -> folder of a git repository, for its trees and blobs
        self.tree_limit = 100000
        self.tamper = lambda data: data  # what blobs are answered as
        self.permissions = {"contents: write", "pull-requests: write", "checks: write", "security-events: write"}
        self.sarifs, self.sarif_status = [], {"processing_status": "complete"}
        self.comments, self.check_runs, self.snapshots = [], [], []
        self.issues = {}  # owner/repo -> [{"number", "title", "body", "state", "state_reason", "user", ...}]
        self.repos = {}  # owner/repo -> what GET /repos/… answers
        self.releases = []  # {"id", "tag_name", "draft", "immutable", "assets": [...]}
        self.asset_ids = 0
        self.files = {}  # (owner/repo, path, ref) -> bytes
        self.routes = {}  # (method, path) -> function(handler, query, body) -> (status, headers, bytes)
        self.requests = []
        self.faults = []
        self.lock = threading.Lock()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def handle_any(self):
                length = self.headers.get("Content-Length")
                body = b""
                if self.headers.get("Transfer-Encoding"):
                    return self.answer(411, b"length required")
                if length:
                    body = self.rfile.read(int(length))
                path, _, query = self.path.partition("?")
                with fake.lock:
                    fake.requests.append({"method": self.command, "path": path, "query": query, "headers": dict(self.headers), "body": body,
                                          "time": time.time()})
                    for fault in fake.faults:
                        if fault[0] in f"{self.command} {self.path}" and fault[2] > 0:
                            fault[2] -= 1
                            if fault[1] == 0:
                                self.close_connection = True
                                self.connection.close()
                                return None
                            return self.answer(fault[1], fault[4] if len(fault) > 4 else b'{"code":"internal","msg":"a fault"}', fault[3] if len(fault) > 3 else {})
                    try:
                        status, headers, data = fake.dispatch(self, path, query, body)
                    except Exception as e:  # a bug of the fake must not look like a pass
                        status, headers, data = 599, {}, repr(e).encode()
                return self.answer(status, data, headers)

            def answer(self, status, data, headers=None):
                self.send_response(status)
                for k, v in (headers or {}).items():
                    self.send_header(k, v)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def keep_artifacts(self, repo, artifacts, zips, id=5, branch="main"):
        """The artifacts of a repository's runs as GitHub lists them: newest first, pages of at most 100, no filter but by name (another is 422);
        the zip behind a redirect that must not get the token, 410 once it has expired. Each artifact: (id, name, head SHA, and what differs)."""
        for path in [p for p in self.routes if p[1].startswith((f"/repos/{repo}/actions/artifacts", "/signed/"))]:
            del self.routes[path]

        def full(number, name, sha, **more):
            run = {"id": 77, "repository_id": id, "head_repository_id": id, "head_branch": branch, "head_sha": sha, **more.pop("run", {})}
            data = zips.get(number, b"")
            return {"id": number, "name": name, "size_in_bytes": len(data), "expired": False, "created_at": "2026-11-20T12:00:00Z", "expires_at": "2027-02-18T12:00:00Z",
                    "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "workflow_run": run, **more}

        listed = sorted((full(*a[:3], **(a[3] if len(a) > 3 else {})) for a in artifacts), key=lambda a: (a["created_at"], a["id"]), reverse=True)

        def answer(handler, value, **headers):
            if handler.headers.get("Authorization") != f"Bearer {self.api_token}":
                return 401, {}, b'{"message":"Bad credentials"}'
            return 200, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()

        def list_them(handler, query, body):
            q = dict(urllib.parse.parse_qsl(query))
            if set(q) - {"per_page", "page", "name"} or not 1 <= int(q.get("per_page", 30)) <= 100:
                return 422, {}, b'{"message":"Validation Failed"}'
            size, page = int(q.get("per_page", 30)), int(q.get("page", 1))
            some = [a for a in listed if q.get("name", a["name"]) == a["name"]]
            more = {"Link": f'<{self.url}/repos/{repo}/actions/artifacts?per_page={size}&page={page + 1}>; rel="next"'} if page * size < len(some) else {}
            return answer(handler, {"total_count": len(some), "artifacts": some[(page - 1) * size:page * size]}, **more)

        def zip_route(a):
            def send(handler, query, body):
                if a["expired"]:
                    return 410, {}, b'{"message":"Artifact has expired"}'
                status, headers, data = answer(handler, {})
                return (302, {"Location": f"http://localhost:{self.port}/signed/{a['id']}?sig=x"}, b"") if status == 200 else (status, headers, data)
            return send

        def signed(a):
            return lambda handler, query, body: (200, {"Content-Type": "application/zip"}, zips.get(a["id"], b"")) if "Authorization" not in handler.headers else (400, {}, b"")

        self.routes[("GET", f"/repos/{repo}/actions/artifacts")] = list_them
        for a in listed:
            self.routes[("GET", f"/repos/{repo}/actions/artifacts/{a['id']}/zip")] = zip_route(a)
            self.routes[("GET", f"/signed/{a['id']}")] = signed(a)

    # ---- dispatch

    def dispatch(self, handler, path, query, body):
        for (method, prefix), function in self.routes.items():
            if handler.command == method and path == prefix:
                return function(handler, query, body)
        if self.prefix:
            if not path.startswith((self.prefix + "/", "/api/uploads/")):
                return 404, {}, b'{"message":"no such page of the server"}'
            upload = path.startswith("/api/uploads/")
            path = path[len("/api/uploads" if upload else self.prefix):]
            if upload != (handler.command == "POST" and path.endswith("/assets")):
                return 404, {}, b'{"message":"uploads go to the address of uploads, all else to the API"}'
        if path.startswith("/twirp/"):
            return self.twirp(handler, path, body)
        if path.startswith("/blob/"):
            return self.blob(handler, path, query, body)
        if path.startswith("/repos/"):
            return self.rest(handler, path, query, body)
        if path == "/user":
            return 403, {}, b'{"message":"Resource not accessible by integration"}'
        return 404, {}, b'{"message":"Not Found"}'

    @staticmethod
    def twirp_error(status, code, msg):
        return status, {"Content-Type": "application/json"}, json.dumps({"code": code, "msg": msg}).encode()

    def twirp(self, handler, path, body):
        method = path.rsplit("/", 1)[1]
        if handler.command != "POST" or not path.startswith("/twirp/github.actions.results.api.v1.ArtifactService/"):
            return self.twirp_error(404, "bad_route", "no such route")
        if handler.headers.get("Authorization") != f"Bearer {self.runtime_token}":
            return self.twirp_error(401, "unauthenticated", "the token is not valid")
        if handler.headers.get("Content-Type") != "application/json":
            return self.twirp_error(400, "malformed", "content type")
        try:
            request = json.loads(body)
        except ValueError:
            return self.twirp_error(400, "malformed", "no JSON")
        allowed = {
            "CreateArtifact": ({"workflow_run_backend_id", "workflow_job_run_backend_id", "name", "version"}, {"expires_at"}),
            "FinalizeArtifact": ({"workflow_run_backend_id", "workflow_job_run_backend_id", "name", "size", "hash"}, set()),
        }.get(method)
        if not allowed:
            return self.twirp_error(404, "bad_route", "no such method")
        required, optional = allowed
        if not required <= set(request) or set(request) - required - optional:
            return self.twirp_error(400, "malformed", f"fields {sorted(request)}")
        if request["workflow_run_backend_id"] != RUN_ID or request["workflow_job_run_backend_id"] != JOB_ID:
            return self.twirp_error(403, "permission_denied", "ids of another run")
        return getattr(self, method)(request)

    def CreateArtifact(self, request):
        name = request["name"]
        if not name or re.search(r'["\:<>|*?\r\n\\/]', name):
            return self.twirp_error(400, "invalid_argument", "the name is not valid")
        if request["version"] != 4:
            return self.twirp_error(400, "invalid_argument", "version")
        if "expires_at" in request and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", request["expires_at"]):
            return self.twirp_error(400, "invalid_argument", "expires_at")
        if name in self.artifacts:
            return self.twirp_error(409, "already_exists", "an artifact with this name already exists on the workflow run")
        blob = str(uuid.uuid4())
        self.artifacts[name] = {"blob": blob, "finalized": False, "bytes": None, "id": None, "expires_at": request.get("expires_at")}
        self.blobs[blob] = {"blocks": {}, "committed": None, "sig": "s3cr+t/" + blob}
        url = f"{self.url}/blob/{blob}?sv=2025&sig={urllib.parse.quote(self.blobs[blob]['sig'], safe='')}"
        return 200, {"Content-Type": "application/json"}, json.dumps({"ok": True, "signed_upload_url": url}).encode()

    def FinalizeArtifact(self, request):
        artifact = self.artifacts.get(request["name"])
        if not artifact:
            return self.twirp_error(404, "not_found", "no such artifact")
        data = self.blobs[artifact["blob"]]["committed"]
        if data is None:
            return self.twirp_error(400, "failed_precondition", "nothing was uploaded")
        if request["size"] != str(len(data)) or request["hash"] != "sha256:" + hashlib.sha256(data).hexdigest():
            return self.twirp_error(400, "invalid_argument", "size or hash differ")
        artifact.update(finalized=True, bytes=data, id=str(1000 + len(self.artifacts)))
        return 200, {"Content-Type": "application/json"}, json.dumps({"ok": True, "artifact_id": artifact["id"]}).encode()

    def blob(self, handler, path, query, body):
        blob = self.blobs.get(path[len("/blob/"):])
        values = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if not blob or values.get("sig") != blob["sig"]:
            return 403, {}, b"signature"
        if handler.command != "PUT" or handler.headers.get("Authorization"):
            return 400, {}, b"PUT without authorization"
        if not handler.headers.get("x-ms-version"):
            return 400, {}, b"x-ms-version"
        if values.get("comp") == "block":
            raw = base64.b64decode(values["blockid"], validate=True)
            if len(raw) > 64 or any(len(base64.b64decode(k)) != len(raw) for k in blob["blocks"]) or not body:
                return 400, {}, b"block id"
            blob["blocks"][values["blockid"]] = body
            return 201, {}, b""
        if values.get("comp") == "blocklist":
            ids = re.findall(r"<Latest>([^<]*)</Latest>", body.decode())
            if not ids or any(i not in blob["blocks"] for i in ids):
                return 400, {}, b"block list"
            blob["committed"] = b"".join(blob["blocks"][i] for i in ids)
            return 201, {}, b""
        return 400, {}, b"a single put is not taken"

    def git_object(self, repo, kind, sha, query):
        """Trees and blobs of a real repository, as the Git database API gives them; trees larger than `tree_limit` entries are cut."""
        def git(*args):
            return subprocess.run(["git", "-C", repo, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if kind == "blobs":
            done = git("cat-file", "blob", sha)
            return (404, {}, b"{}") if done.returncode else (200, {}, self.tamper(done.stdout))
        recursive = "recursive=1" in query
        done = git("ls-tree", "-z", *(["-r", "-t"] if recursive else []), sha)
        if done.returncode:
            return 404, {}, b"{}"
        entries = []
        for line in done.stdout.split(b"\0"):
            if line:
                head, name = line.split(b"\t", 1)
                mode, type_, id_ = head.decode().split()
                entries.append({"path": name.decode(), "mode": mode, "type": type_, "sha": id_})
        cut = recursive and len(entries) > self.tree_limit
        return 200, {}, json.dumps({"sha": sha, "tree": entries[:self.tree_limit] if cut else entries, "truncated": cut}).encode()

    def rest(self, handler, path, query, body=b""):
        if handler.headers.get("Authorization") not in (f"Bearer {self.api_token}", f"token {self.api_token}"):
            return 401, {}, b'{"message":"Bad credentials"}'
        if not handler.headers.get("User-Agent"):
            return 403, {}, b'{"message":"User-Agent"}'
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)/contents/(.+)", path)
        if match:
            ref = dict(urllib.parse.parse_qsl(query)).get("ref", "")
            data = self.files.get((match[1], urllib.parse.unquote(match[2]), ref))
            if data is None:
                return 404, {}, b'{"message":"Not Found"}'
            return 200, {"Content-Type": "application/vnd.github.raw+json"}, data
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)/git/(trees|blobs)/([0-9a-f]{40})", path)
        if match and match[1] in self.repositories:
            return self.git_object(self.repositories[match[1]], match[2], match[3], query)
        return self.rest_write(handler, path, query, body)

    # ---- what publishers speak to

    def json(self, status, value, **headers):
        return status, {"Content-Type": "application/json; charset=utf-8", **headers}, json.dumps(value).encode()

    def refuse(self, permission):
        if permission not in self.permissions:
            return self.json(403, {"message": "Resource not accessible by integration", "status": "403"})
        return None

    def invalid(self, why):
        return self.json(422, {"message": "Validation Failed", "errors": [why]})

    def rest_write(self, handler, path, query, body):
        if handler.headers.get("X-GitHub-Api-Version") != "2022-11-28" or handler.headers.get("Accept") not in ("application/vnd.github+json", "application/octet-stream"):
            return self.json(400, {"message": "headers"})
        for pattern, method in [
            (r"/repos/[^/]+/[^/]+/code-scanning/sarifs", self.post_sarif),
            (r"/repos/[^/]+/[^/]+/code-scanning/sarifs/([^/]+)", self.get_sarif),
            (r"/repos/[^/]+/[^/]+/issues/(\d+)/comments", self.issue_comments),
            (r"/repos/[^/]+/[^/]+/issues/comments/(\d+)", self.issue_comment),
            (r"/repos/([^/]+/[^/]+)", self.get_repo),
            (r"/repos/([^/]+/[^/]+)/issues", self.repo_issues),
            (r"/repos/([^/]+/[^/]+)/issues/(\d+)", self.repo_issue),
            (r"/repos/[^/]+/[^/]+/check-runs", self.post_check),
            (r"/repos/[^/]+/[^/]+/check-runs/(\d+)", self.patch_check),
            (r"/repos/[^/]+/[^/]+/dependency-graph/snapshots", self.post_snapshot),
            (r"/repos/[^/]+/[^/]+/releases/tags/(.+)", self.get_release),
            (r"/repos/[^/]+/[^/]+/releases", self.list_releases),
            (r"/repos/[^/]+/[^/]+/releases/(\d+)", self.edit_release),
            (r"/repos/[^/]+/[^/]+/releases/(\d+)/assets", self.release_assets),
            (r"/repos/[^/]+/[^/]+/releases/assets/(\d+)", self.delete_asset),
        ]:
            match = re.fullmatch(pattern, path)
            if match:
                return method(handler, dict(urllib.parse.parse_qsl(query)), body, *[urllib.parse.unquote(g) for g in match.groups()])
        return self.json(404, {"message": "Not Found"})

    def body(self, body, required, optional=()):
        value = json.loads(body)
        missing, unknown = set(required) - set(value), set(value) - set(required) - set(optional)
        if missing or unknown:
            raise ValueError(f"missing {missing}, unknown {unknown}")
        return value

    def post_sarif(self, handler, query, body):
        import gzip
        if handler.command != "POST":
            return self.json(404, {"message": "Not Found"})
        refused = self.refuse("security-events: write")
        if refused:
            return refused
        try:
            value = self.body(body, ["commit_sha", "ref", "sarif"], ["checkout_uri", "started_at", "tool_name", "validate"])
            packed = base64.b64decode(value["sarif"], validate=True)
            sarif = json.loads(gzip.decompress(packed))
        except (ValueError, OSError) as e:
            return self.invalid(str(e))
        if not re.fullmatch(r"[0-9a-f]{40}", value["commit_sha"]) or not re.fullmatch(r"refs/(heads|tags|pull)/.+", value["ref"]):
            return self.invalid("commit_sha or ref")
        if len(packed) > 10 << 20:
            return self.json(413, {"message": "Payload Too Large"})
        self.sarifs.append({**value, "json": sarif})
        return self.json(202, {"id": "47177e22-5596-11eb-80a1-c1e54ef945c6", "url": f"{self.url}/x"})

    def get_sarif(self, handler, query, body, ident):
        if ident != "47177e22-5596-11eb-80a1-c1e54ef945c6":
            return self.json(404, {"message": "Not Found"})
        status = self.sarif_status  # or a list: what each look in turn sees, the last one from then on
        return self.json(200, (status.pop(0) if len(status) > 1 else status[0]) if isinstance(status, list) else status)

    def issue_comments(self, handler, query, body, number):
        repo = "/".join(handler.path.split("?")[0].split("/")[2:4])
        if handler.command == "GET":
            size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
            part = self.comments[(page - 1) * size:page * size]
            headers = {}
            if page * size < len(self.comments):
                headers["Link"] = f'<{self.url}/repos/{repo}/issues/{number}/comments?per_page={size}&page={page + 1}>; rel="next", <{self.url}/x>; rel="last"'
            return self.json(200, part, **headers)
        refused = self.refuse("pull-requests: write")
        if refused:
            return refused
        value = self.body(body, ["body"])
        if len(value["body"]) > 65536 or not value["body"].strip():
            return self.invalid("body")
        self.comments.append({"id": 5000 + len(self.comments), "body": value["body"], "user": {"login": "github-actions[bot]", "type": "Bot"}})
        return self.json(201, self.comments[-1])

    def issue_comment(self, handler, query, body, ident):
        refused = self.refuse("pull-requests: write")
        if refused or handler.command != "PATCH":
            return refused or self.json(404, {"message": "Not Found"})
        for comment in self.comments:
            if comment["id"] == int(ident):
                if comment["user"]["type"] != "Bot":
                    return self.json(403, {"message": "Resource not accessible by integration"})
                comment["body"] = self.body(body, ["body"])["body"]
                if len(comment["body"]) > 65536:
                    return self.invalid("body")
                return self.json(200, comment)
        return self.json(404, {"message": "Not Found"})

    def get_repo(self, handler, query, body, repo):
        return self.json(200, self.repos[repo]) if repo in self.repos and handler.command == "GET" else self.json(404, {"message": "Not Found"})

    def issue_fields(self, value):
        """None, or why GitHub would not take it."""
        if "title" in value and (not isinstance(value["title"], str) or not value["title"].strip() or len(value["title"]) > 256):
            return "title"
        if "body" in value and (not isinstance(value["body"], str) or len(value["body"]) > 65536):
            return "body"
        if value.get("state", "open") not in ("open", "closed") or value.get("state_reason") not in (None, "completed", "not_planned", "reopened", "duplicate"):
            return "state"
        return None

    def repo_issues(self, handler, query, body, repo):
        if repo not in self.repos:
            return self.json(404, {"message": "Not Found"})
        if not self.repos[repo].get("has_issues", True):
            return self.json(410, {"message": "Issues has been disabled in this repository."})
        issues = self.issues.setdefault(repo, [])
        if handler.command == "GET":
            size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
            if not 1 <= size <= 100 or query.get("state", "open") not in ("open", "closed", "all"):
                return self.invalid("query")
            fit = [i for i in reversed(issues) if query.get("state", "open") in ("all", i["state"])]
            headers = {}
            if page * size < len(fit):
                more = "&".join(f"{k}={v}" for k, v in {**query, "page": page + 1}.items())
                headers["Link"] = f'<{self.url}/repos/{repo}/issues?{more}>; rel="next", <{self.url}/x>; rel="last"'
            return self.json(200, fit[(page - 1) * size:page * size], **headers)
        refused = self.refuse("issues: write")
        if refused or handler.command != "POST":
            return refused or self.json(404, {"message": "Not Found"})
        value = self.body(body, ["title"], ["body", "labels", "assignees", "milestone"])
        wrong = self.issue_fields(value)
        if wrong:
            return self.invalid(wrong)
        issues.append({"number": 1 + max([i["number"] for i in issues], default=0), "title": value["title"], "body": value.get("body", "").replace("\n", "\r\n"),
                       "state": "open", "state_reason": None, "user": {"login": "github-actions[bot]", "type": "Bot"}})
        return self.json(201, issues[-1])

    def repo_issue(self, handler, query, body, repo, number):
        refused = self.refuse("issues: write")
        if refused or handler.command != "PATCH":
            return refused or self.json(404, {"message": "Not Found"})
        for issue in self.issues.get(repo, []):
            if issue["number"] == int(number):
                value = self.body(body, [], ["title", "body", "state", "state_reason", "labels", "assignees"])
                wrong = self.issue_fields(value)
                if wrong:
                    return self.invalid(wrong)
                issue.update({k: v.replace("\n", "\r\n") if k == "body" else v for k, v in value.items()})
                return self.json(200, issue)
        return self.json(404, {"message": "Not Found"})

    def check_output(self, value):
        output = value["output"]
        if set(output) - {"title", "summary", "text", "annotations"} or len(output["summary"]) > 65535 or len(output["annotations"]) > 50:
            raise ValueError("output")
        for a in output["annotations"]:
            if {"path", "start_line", "end_line", "annotation_level", "message"} - set(a) or a["annotation_level"] not in ("notice", "warning", "failure"):
                raise ValueError("annotation")
            if len(a["message"]) > 65536 or len(a.get("title", "")) > 255 or a["path"].startswith("/") or a["start_line"] < 1:
                raise ValueError("annotation")
        return output

    def post_check(self, handler, query, body):
        refused = self.refuse("checks: write")
        if refused or handler.command != "POST":
            return refused or self.json(404, {"message": "Not Found"})
        try:
            value = self.body(body, ["name", "head_sha"], ["details_url", "external_id", "status", "started_at", "conclusion", "completed_at", "output"])
            self.check_output(value)
        except (ValueError, KeyError) as e:
            return self.invalid(repr(e))
        if not re.fullmatch(r"[0-9a-f]{40}", value["head_sha"]) or value["conclusion"] not in ("success", "failure", "neutral"):
            return self.invalid("head_sha or conclusion")
        self.check_runs.append({**value, "id": 9000 + len(self.check_runs)})
        return self.json(201, {"id": self.check_runs[-1]["id"]})

    def patch_check(self, handler, query, body, ident):
        refused = self.refuse("checks: write")
        if refused or handler.command != "PATCH":
            return refused or self.json(404, {"message": "Not Found"})
        try:
            output = self.check_output(self.body(body, ["output"]))
        except (ValueError, KeyError) as e:
            return self.invalid(repr(e))
        run = [r for r in self.check_runs if r["id"] == int(ident)][0]
        run["output"]["annotations"] += output["annotations"]
        return self.json(200, {"id": run["id"]})

    def post_snapshot(self, handler, query, body):
        refused = self.refuse("contents: write")
        if refused or handler.command != "POST":
            return refused or self.json(404, {"message": "Not Found"})
        try:
            value = self.body(body, ["version", "sha", "ref", "job", "detector", "scanned"], ["manifests", "metadata"])
            if value["version"] != 0 or not re.fullmatch(r"[0-9a-f]{40}", value["sha"]) or not value["ref"].startswith("refs/"):
                raise ValueError("version, sha or ref")
            if {"id", "correlator"} - set(value["job"]) or set(value["detector"]) != {"name", "version", "url"}:
                raise ValueError("job or detector")
            for manifest in value["manifests"].values():
                for dependency in manifest["resolved"].values():
                    if set(dependency) - {"package_url", "relationship", "scope", "dependencies", "metadata"} or not dependency["package_url"].startswith("pkg:"):
                        raise ValueError("dependency")
                    if dependency.get("relationship") not in (None, "direct", "indirect") or dependency.get("scope") not in (None, "runtime", "development"):
                        raise ValueError("relationship or scope")
        except (ValueError, KeyError) as e:
            return self.invalid(repr(e))
        self.snapshots.append(value)
        return self.json(201, {"id": 1, "created_at": "2026-11-27T00:00:00Z", "result": "ACCEPTED", "message": "taken"})

    def release_json(self, release, all_assets=False):
        return {**{k: v for k, v in release.items() if k != "assets"}, "assets": [{k: v for k, v in a.items() if k != "bytes"} for a in release["assets"][:None if all_assets else 30]],
                "upload_url": f"{self.url}{'/api/uploads' if self.prefix else ''}/repos/acme/storefront/releases/{release['id']}/assets{{?name,label}}"}

    def get_release(self, handler, query, body, tag):
        for release in self.releases:  # a draft is not found by its tag
            if release["tag_name"] == tag and not release["draft"]:
                return self.json(200, self.release_json(release))
        return self.json(404, {"message": "Not Found"})

    def list_releases(self, handler, query, body):
        if handler.command == "POST":
            refused = self.refuse("contents: write")
            if refused:
                return refused
            value = self.body(body, ["tag_name"], ["draft", "name", "body"])
            self.releases.append({"id": 50 + len(self.releases), "tag_name": value["tag_name"], "draft": value.get("draft", False), "immutable": True, "assets": []})
            return self.json(201, self.release_json(self.releases[-1]))
        return self.json(200, [self.release_json(r) for r in self.releases if not r["draft"] or "contents: write" in self.permissions])

    def edit_release(self, handler, query, body, ident):
        refused = self.refuse("contents: write")
        if refused or handler.command != "PATCH":
            return refused or self.json(404, {"message": "Not Found"})
        release = [r for r in self.releases if r["id"] == int(ident)][0]
        release.update(self.body(body, ["draft"]))
        return self.json(200, self.release_json(release))

    def release_assets(self, handler, query, body, ident):
        release = [r for r in self.releases if r["id"] == int(ident)][0]
        if handler.command == "GET":
            size, page = min(100, int(query.get("per_page", 30))), int(query.get("page", 1))
            part = self.release_json(release, all_assets=True)["assets"]
            more = {"Link": f'<{self.url}{self.prefix}/repos/acme/storefront/releases/{ident}/assets?per_page={size}&page={page + 1}>; rel="next"'} if page * size < len(part) else {}
            return self.json(200, part[(page - 1) * size:page * size], **more)
        refused = self.refuse("contents: write")
        if refused:
            return refused
        if release["immutable"] and not release["draft"]:
            return self.json(422, {"message": "Cannot upload assets to an immutable release."})
        name = re.sub(r"[^A-Za-z0-9_-]+", ".", query["name"]).strip(".")  # as GitHub renames them
        if any(a["name"] == name for a in release["assets"]):
            return self.json(422, {"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "name"}]})
        self.asset_ids += 1  # an id is never given twice
        release["assets"].append({"id": 700 + self.asset_ids, "name": name, "state": "uploaded", "size": len(body), "bytes": body,
                                  "digest": "sha256:" + hashlib.sha256(body).hexdigest()})
        return self.json(201, {"id": 1, "state": "uploaded"})

    def delete_asset(self, handler, query, body, ident):
        if handler.command == "GET":
            for release in self.releases:
                for a in release["assets"]:
                    if a["id"] == int(ident):
                        return 200, {"Content-Type": "application/octet-stream"}, a["bytes"]
            return self.json(404, {"message": "Not Found"})
        refused = self.refuse("contents: write")
        if refused or handler.command != "DELETE":
            return refused or self.json(404, {"message": "Not Found"})
        for release in self.releases:
            for a in release["assets"]:
                if a["id"] == int(ident):
                    release["assets"].remove(a)
                    return 204, {}, b""
        return self.json(404, {"message": "Not Found"})
