"""A PostgreSQL server of the tests' own: in a folder of its own, on a socket there and on 127.0.0.1 with a certificate for "localhost", as a user who is not root.

    with Postgres() as server: server.socket("db"), server.tcp("db", host="localhost"), server.psql("db", "select 1"); `Postgres.missing()` says what is not here.
"""
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time


def _program(name):
    found = shutil.which(name)
    return found or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)


class Postgres:
    @staticmethod
    def missing():
        for name in ("initdb", "postgres", "psql", "openssl"):
            if not _program(name):
                return f"{name} is not here (Debian package {'openssl' if name == 'openssl' else 'postgresql'})"
        if os.getuid() == 0 and not Postgres.user():
            return "there is no user but root to run the server as"
        return None

    @staticmethod
    def user():
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                pass
        return None

    def _run(self, *args, **more):
        if os.getuid() == 0:
            who = self.user()
            more.update(user=who.pw_uid, group=who.pw_gid, extra_groups=[])
        return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.dir, **more)

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="bomgate-pg-")
        self.ca = f"{self.dir}/ca.pem"
        if os.getuid() == 0:
            os.chown(self.dir, self.user().pw_uid, self.user().pw_gid)
        os.chmod(self.dir, 0o755)
        self._run(_program("initdb"), "-D", f"{self.dir}/data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.certificates()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        with open(f"{self.dir}/data/pg_hba.conf", "w") as f:
            f.write("local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\nhost plain all 127.0.0.1/32 trust\n")
        args = [_program("postgres"), "-D", f"{self.dir}/data", "-k", self.dir, "-p", str(self.port)]
        for k, v in {"listen_addresses": "127.0.0.1", "fsync": "off", "ssl": "on", "ssl_cert_file": f"{self.dir}/server.pem", "ssl_key_file": f"{self.dir}/server.key"}.items():
            args += ["-c", f"{k}={v}"]
        more = {}
        if os.getuid() == 0:
            more.update(user=self.user().pw_uid, group=self.user().pw_gid, extra_groups=[])
        self.process = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=open(f"{self.dir}/log", "w"), cwd=self.dir, **more)
        for _ in range(200):
            if subprocess.run([_program("psql"), "-h", self.dir, "-p", str(self.port), "-U", "tester", "-c", "select 1", "postgres"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                break
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            raise RuntimeError("the server does not answer: " + open(f"{self.dir}/log").read()[-500:])
        if self.process.poll() is not None:
            raise RuntimeError("the server ended: " + open(f"{self.dir}/log").read()[-500:])
        return self

    def __exit__(self, *args):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def certificates(self):
        for name in ("ca", "other"):
            self._run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN=tests {name}",
                      "-keyout", f"{self.dir}/{name}.key", "-out", f"{self.dir}/{name}.pem")
        self._run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
                  "-keyout", f"{self.dir}/server.key", "-out", f"{self.dir}/server.csr")
        with open(f"{self.dir}/ext", "w") as f:
            f.write("subjectAltName=DNS:localhost\n")
        self._run("openssl", "x509", "-req", "-in", f"{self.dir}/server.csr", "-CA", self.ca, "-CAkey", f"{self.dir}/ca.key", "-CAcreateserial", "-days", "30",
                  "-extfile", f"{self.dir}/ext", "-out", f"{self.dir}/server.pem")
        os.chmod(f"{self.dir}/server.key", 0o600)

    def socket(self, database, user="tester"):
        return f"postgresql://{user}@/{database}?host={self.dir}&port={self.port}"

    def tcp(self, database, user="writer", password="s3cret-word", host="localhost", **more):
        options = {"sslrootcert": self.ca, **more}
        return f"postgresql://{user}:{password}@{host}:{self.port}/{database}?" + "&".join(f"{k}={v}" for k, v in options.items() if v)

    def psql(self, database, statement=None, file=None):
        done = subprocess.run([_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.dir, "-p", str(self.port), "-U", "tester", "-At", "-F", "|", database]
                              + (["-c", statement] if statement else ["-f", file]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-500:])
        return [tuple(line.split("|")) for line in done.stdout.splitlines()]
