"""A run as a step of a workflow has it: a pull request to judge, the runner's variables and files, the inputs; what it said and wrote."""
import json
import os

from harness import bomgate, check, clean_env, commit, git, repository, write


def pull_request(path, before, after):
    """A repository whose main has `before` and whose pull request 7 makes it `after`: (repository, base, head, merge)."""
    base = repository(path, before)
    git(path, "checkout", "-q", "-b", "topic")
    for name in set(before) - set(after):
        os.remove(f"{path}/{name}")
    head = commit(path, {**after, "note.txt": "a change\n"})
    git(path, "checkout", "-q", "main")
    git(path, "merge", "-q", "--no-ff", "-m", "Merge topic", "topic")
    return path, base, head, git(path, "rev-parse", "HEAD")


class Steps:
    """step = Steps(folder, database); step(fake, pull_request(…), ["sarif"], INPUT_NAME="x") is one step."""

    def __init__(self, tmp, db):
        self.tmp, self.db, self.n = tmp, db, 0

    def __call__(self, fake, where, want=(), event="pull_request", **more):
        self.n += 1
        work = f"{self.tmp}/step{self.n}"
        os.makedirs(f"{work}/temp")
        for name in ("output", "summary"):
            open(f"{work}/{name}", "w").close()
        path, base, head, merge = where
        payload = {"repository": {"default_branch": "main"}}
        if event == "pull_request":
            payload.update(number=7, pull_request={"number": 7, "base": {"sha": base, "ref": "main", "repo": {"full_name": "acme/storefront"}},
                                                   "head": {"sha": head, "ref": "topic", "repo": {"full_name": more.pop("head_repo", "acme/storefront")}}})
        payload.update(more.pop("payload", {}))
        write(f"{work}/event.json", json.dumps(payload))
        ref = {"pull_request": "refs/pull/7/merge", "release": "refs/tags/v1"}.get(event, "refs/heads/main")
        env = clean_env(GITHUB_ACTIONS="true", GITHUB_EVENT_NAME=event, GITHUB_SHA=merge, GITHUB_REF=ref, GITHUB_REPOSITORY="acme/storefront",
                        GITHUB_SERVER_URL="https://github.com", GITHUB_API_URL=fake.url, GITHUB_RUN_ID="77", GITHUB_RUN_ATTEMPT="1", GITHUB_JOB="gate",
                        GITHUB_WORKFLOW="ci", GITHUB_OUTPUT=f"{work}/output", GITHUB_STEP_SUMMARY=f"{work}/summary", GITHUB_EVENT_PATH=f"{work}/event.json",
                        GITHUB_BASE_REF="main", GITHUB_HEAD_REF="topic", GITHUB_WORKSPACE=path, RUNNER_TEMP=f"{work}/temp", INPUT_DATABASE=self.db,
                        INPUT_TOKEN=fake.api_token, INPUT_ARTIFACT="none")
        for name in want:
            env[f"INPUT_{name.upper()}"] = "true"
        for k, v in more.items():
            env[k.replace("__", "-")] = str(v)
        r = bomgate("run", cwd=path, env=env)
        r.outputs = dict(line.split("=", 1) for line in open(f"{work}/output").read().splitlines())
        r.summary = open(f"{work}/summary").read()
        r.notices = [line for line in r.out.splitlines() if line.startswith(("::notice", "::error title=bomgate::")) and "not published" in line]
        r.dir = os.path.dirname(r.outputs.get("provenance", work + "/x"))
        check("no token in what is said", fake.api_token not in r.all + r.summary)
        return r
