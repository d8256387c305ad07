"""For suites in Python: lines `ok`, `not ok`, `skip`; running the binary; small repositories with fixed dates."""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.path.join(ROOT, os.environ.get("BUILD", "build")))
BOMGATE = os.path.abspath(os.environ.get("BOMGATE", os.path.join(BUILD, "bomgate")))
BOMGATE_FAST = os.path.abspath(os.environ.get("BOMGATE_FAST", BOMGATE))
CORPUS = os.environ.get("BOMGATE_CORPUS") or None
_failed = 0


def check(name, good, why=""):
    global _failed
    if good:
        print(f"ok {name}", flush=True)
    else:
        _failed += 1
        print(f"not ok {name}: {str(why)[:600]}".replace("\n", " "), flush=True)
    return bool(good)


def equal(name, got, want):
    return check(name, got == want, f"got {got!r}, want {want!r}")


def contains(name, text, part):
    return check(name, part in text, f"{part!r} is not in {text[-400:]!r}")


def skip(name, why):
    print(f"skip {name}: {why}", flush=True)


def finish():
    sys.exit(1 if _failed else 0)


def scratch(name):
    path = os.path.join(BUILD, "tmp", name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def clean_env(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "INPUT_", "ACTIONS_", "RUNNER_")) and k != "SOURCE_DATE_EPOCH"}
    # A file that is not there, and no device: `git config --global` in a step under test renames a new file over it.
    env.update(GIT_CONFIG_GLOBAL=os.path.join(BUILD, "tmp", f"gitconfig-{os.getpid()}"), GIT_CONFIG_SYSTEM="/dev/null", BOMGATE_TEST_WAIT="0")
    if "BOMGATE_OSV_API" in more:  # the settings of whoever runs the tests keep names back
        for k in [k for k in env if k.startswith(("PIP_", "UV_", "NPM_", "npm_", "YARN_", "GOPRIVATE", "GONO", "CARGO_", "BUNDLE_", "HEX_", "PUB_"))]:
            del env[k]
        env["HOME"] = os.path.join(BUILD, "tmp", "no-home")
    env.update({k: str(v) for k, v in more.items()})
    return env


class Result:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        self.all = self.out + self.err


def bomgate(*args, cwd=None, env=None, stdin=b"", binary=None, timeout=120):
    done = subprocess.run([binary or BOMGATE, *map(str, args)], cwd=cwd, env=env or clean_env(), input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout)
    return Result(done)


def git(repo, *args, date="2026-11-20T12:00:00Z"):
    env = clean_env(GIT_AUTHOR_NAME="test", GIT_AUTHOR_EMAIL="test@acme.example", GIT_COMMITTER_NAME="test", GIT_COMMITTER_EMAIL="test@acme.example",
                    GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    return subprocess.run(["git", "-C", repo, *args], env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout.decode().strip()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    if isinstance(data, bytes) and data.startswith(b"\x7fELF"):
        os.chmod(path, 0o755)


def repository(path, files, message="first", origin="https://github.com/acme/storefront.git"):
    """A repository with one commit of the files ({path: text}); returns the commit's id."""
    os.makedirs(path, exist_ok=True)
    git(path, "init", "-q", "-b", "main", ".")
    if origin:
        git(path, "remote", "add", "origin", origin)
    return commit(path, files, message)


def commit(path, files, message="change", date="2026-11-20T12:00:00Z"):
    for name, text in files.items():
        full = os.path.join(path, name)
        if text is None:
            os.remove(full)
        else:
            write(full, text)
    git(path, "add", "-A", date=date)
    git(path, "commit", "-q", "-m", message, date=date)
    return git(path, "rev-parse", "HEAD")


def tree(folder):
    """{path: text} of a folder of the project."""
    found = {}
    for base, _, names in os.walk(folder):
        for n in names:
            full = os.path.join(base, n)
            with open(full, "rb") as f:
                found[os.path.relpath(full, folder)] = f.read()
    return found


def demo_database(path):
    """The examples' database, confirmed current now."""
    r = bomgate("db", "build", "--osv", f"{ROOT}/examples/data/osv", "--kev", f"{ROOT}/examples/data/kev.json", "--cve", f"{ROOT}/examples/data/cve",
                "-o", path)
    if r.code != 0:
        raise SystemExit(f"not ok database: {r.err}")
    return path
