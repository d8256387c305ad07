"""Whole processes, measured by the operating system: CPU seconds (user and system) and peak memory of each finished run, the commands in turn,
so that a machine whose speed drifts treats them alike. Medians, and ratios of medians."""
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.path.join(ROOT, os.environ.get("BUILD", "build")))
STATIC = os.path.join(BUILD, "static", "bomgate")


def _rusage():
    path = os.path.join(BUILD, "bench", "rusage")
    source = os.path.join(ROOT, "tests", "bench", "rusage.c")
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(source):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["cc", "-O2", "-o", path, source], check=True)
    return path


def once(command, cwd=None, env=None, stdin=None, ok=(0, 1, 3)):
    """(CPU seconds, peak memory in MB, wall seconds) of one run; ends the benchmark where it fails."""
    read, write = os.pipe()
    start = time.monotonic()
    with open(os.devnull, "w") as out, open(stdin or os.devnull) as given:
        process = subprocess.Popen(["sh", "-c", f'exec "$0" "$@" 3>&{write}', _rusage(), *map(str, command)], cwd=cwd, env=env, stdin=given, stdout=out,
                                   stderr=subprocess.PIPE, pass_fds=[write])
    os.close(write)
    err = process.stderr.read()
    process.wait()
    wall = time.monotonic() - start
    cpu, peak, code = os.read(read, 200).split()
    os.close(read)
    if int(code) not in ok:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with {int(code)}: {err.decode()[-500:]}")
    return float(cpu), int(peak) / 1024, wall


def many(commands, runs=5, **more):
    """{name: command} in turn, after one run each that does not count; {name: (median CPU, median memory)}."""
    found = {name: [] for name in commands}
    for i in range(runs + 1):
        for name, command in commands.items():
            r = once(command, **more)
            if i:
                found[name].append(r)
    return {name: (statistics.median(r[0] for r in rows), statistics.median(r[1] for r in rows)) for name, rows in found.items()}


_missed = []


def goal(text, got, want, at_least=True):
    good = got >= want if at_least else got <= want
    print(f"  {'reached' if good else 'MISSED '}  {text}: {got:.4g} ({'at least' if at_least else 'at most'} {want:g})", flush=True)
    if not good:
        _missed.append(text)
    return good


def finish():
    if _missed:
        print(f"bench: {len(_missed)} goals missed: " + "; ".join(_missed))
    sys.exit(1 if _missed else 0)


def tool(name):
    """A peer's program in build/bench/bin or on the PATH, or None."""
    import shutil
    return shutil.which(name, path=os.path.join(BUILD, "bench", "bin") + ":" + os.environ.get("PATH", "") + ":" + os.path.expanduser("~/go/bin"))
