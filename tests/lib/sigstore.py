"""A small Sigstore of one's own, by openssl: certificate authority, transparency log, time-stamping authority, bundles and trusted root."""
import base64
import datetime
import hashlib
import json
import os
import subprocess
import time

KIND = "application/vnd.in-toto+json"
GITHUB = "https://token.actions.githubusercontent.com"
FULCIO = "1.3.6.1.4.1.57264.1."


def b64(data):
    return base64.b64encode(data).decode()


def sha(data):
    return hashlib.sha256(data).digest()


def openssl(*args, stdin=b""):
    done = subprocess.run(["openssl", *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(args)}: {done.stderr.decode()}")
    return done.stdout


def zulu(seconds, form="%Y%m%d%H%M%SZ"):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(form)


class Key:
    def __init__(self, path, curve="prime256v1"):
        self.path = path
        openssl("ecparam", "-name", curve, "-genkey", "-noout", "-out", path)
        self.der = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
        self.pem = openssl("pkey", "-in", path, "-pubout")
        self.id = sha(self.der)

    def sign(self, data, digest="sha256"):
        return openssl("dgst", f"-{digest}", "-sign", self.path, stdin=data)


class Certificate:
    """Signed by `issuer` (itself: None); `extensions` are lines of openssl's configuration."""

    def __init__(self, folder, name, issuer=None, extensions=(), start=None, end=None, curve="prime256v1", subject=None, key=None, serial=None):
        os.makedirs(folder, exist_ok=True)
        base = f"{folder}/{name}"
        now = time.time()
        self.key = key or Key(base + ".key", curve)
        self.issuer = issuer
        with open(base + ".cnf", "w") as f:
            f.write("[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=" + (subject or name) + "\n[ca]\ndefault_ca=own\n[own]\ndatabase=" + base + ".index\n"
                    "new_certs_dir=" + folder + "\n" + (f"serial={base}.serial" if serial else "rand_serial=yes") + "\nunique_subject=no\ndefault_md=sha256\npolicy=any\nemail_in_dn=no\ncopy_extensions=none\n[any]\nCN=supplied\n"
                    "[ext]\n" + "".join(line + "\n" for line in extensions))
        open(base + ".index", "w").close()
        if serial:
            with open(base + ".serial", "w") as f:
                f.write(serial + "\n")
        openssl("req", "-new", "-key", self.key.path, "-config", base + ".cnf", "-out", base + ".csr")
        by = ["-cert", issuer.path, "-keyfile", issuer.key.path] if issuer else ["-selfsign", "-keyfile", self.key.path]
        self.path = base + ".pem"
        openssl("ca", "-batch", "-notext", "-config", base + ".cnf", "-extensions", "ext", "-startdate", zulu(start or now - 86400),
                "-enddate", zulu(end or now + 86400 * 365), *by, "-in", base + ".csr", "-out", self.path)
        self.pem = open(self.path, "rb").read()
        self.der = openssl("x509", "-in", self.path, "-outform", "DER")


def der_parts(der):
    """Content of the value at the start, and the length of the whole."""
    if der[1] < 0x80:
        return der[2:2 + der[1]], 2 + der[1]
    n = der[1] & 0x7f
    size = int.from_bytes(der[2:2 + n], "big")
    return der[2 + n:2 + n + size], 2 + n + size


def logged(folder, name, issuer, extensions, start, end, log, at=None, issuer_key=None):
    """A certificate with the timestamp of a log of certificates (RFC 6962), made as a CA makes it: first without, then with it."""
    serial = os.urandom(8).hex().upper().replace("F", "7", 1)
    serial = "4" + serial[1:]
    first = Certificate(folder, name, issuer, extensions, start, end, subject="sigstore", serial=serial)
    content, _ = der_parts(first.der)
    tbs = content[:der_parts(content)[1]]
    stamp = int((at or start) * 1000).to_bytes(8, "big")
    signed = b"\0\0" + stamp + b"\0\1" + sha((issuer_key or issuer.key).der) + len(tbs).to_bytes(3, "big") + tbs + b"\0\0"
    signature = log.sign(signed)
    one = b"\0" + log.id + stamp + b"\0\0\4\3" + len(signature).to_bytes(2, "big") + signature
    listed = (len(one) + 2).to_bytes(2, "big") + len(one).to_bytes(2, "big") + one
    line = "1.3.6.1.4.1.11129.2.4.2=DER:" + (b"\x04\x81" + bytes([len(listed)]) + listed if len(listed) > 127 else b"\x04" + bytes([len(listed)]) + listed).hex()
    return Certificate(folder, name, issuer, [*extensions, line], start, end, subject="sigstore", key=first.key, serial=serial)


CA = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign", "subjectKeyIdentifier=hash")


def signer_extensions(**over):
    """A certificate as Fulcio makes them for a job of GitHub Actions; None leaves one out."""
    v = {"identity": "https://github.com/acme/storefront/.github/workflows/ci.yml@refs/heads/main", "issuer": GITHUB, "repository": "https://github.com/acme/storefront",
         "commit": "0" * 40, "workflow": "https://github.com/acme/storefront/.github/workflows/ci.yml@refs/heads/main", "event": "push",
         "run": "https://github.com/acme/storefront/actions/runs/77/attempts/1", "usage": "codeSigning", **over}
    lines = ["keyUsage=critical,digitalSignature"]
    if v["usage"]:
        lines.append("extendedKeyUsage=" + v["usage"])
    if v["identity"]:
        lines.append("subjectAltName=critical,URI:" + v["identity"])
    for number, name in (("8", "issuer"), ("12", "repository"), ("13", "commit"), ("18", "workflow"), ("20", "event"), ("21", "run")):
        if v[name]:
            lines.append(f"{FULCIO}{number}=ASN1:UTF8String:{v[name]}")
    return lines


class Ed25519Key:
    def __init__(self, path):
        self.path = path
        openssl("genpkey", "-algorithm", "ed25519", "-out", path)
        self.der = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
        self.pem = openssl("pkey", "-in", path, "-pubout")
        self.id = sha(self.der)

    def sign(self, data):
        with open(self.path + ".message", "wb") as f:
            f.write(data)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", self.path + ".message")


class Log:
    """Rekor: a tree of `size` entries with ours at `index`. Its key is P-256 (v1), or Ed25519 (v2)."""

    def __init__(self, path, key=Key):
        self.key = key(path)
        if key is Ed25519Key:  # the checkpoint's key id (C2SP signed-note)
            self.key.id = sha(b"log.example\n\1" + self.key.der[-32:])

    def root_and_path(self, leaves, index):
        def tree(items):
            if len(items) == 1:
                return items[0]
            k = 1 << (len(items) - 1).bit_length() - 1
            return sha(b"\1" + tree(items[:k]) + tree(items[k:]))

        def path(items, i):
            if len(items) == 1:
                return []
            k = 1 << (len(items) - 1).bit_length() - 1
            return path(items[:k], i) + [tree(items[k:])] if i < k else path(items[k:], i - k) + [tree(items[:k])]
        return tree(leaves), path(leaves, index)

    def checkpoint(self, size, root):
        text = f"log.example - 1\n{size}\n{b64(root)}\n"
        return text + f"\n\u2014 log.example {b64(self.key.id[:4] + self.key.sign(text.encode()))}\n"

    def entry(self, body, at, index=5, size=7, promise=True, proof=True):
        raw = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
        leaves = [sha(b"\0" + (raw if i == index else b"other %d" % i)) for i in range(size)]
        root, path = self.root_and_path(leaves, index)
        signed = json.dumps({"body": b64(raw), "integratedTime": at, "logID": self.key.id.hex(), "logIndex": 1000 + index}, separators=(",", ":"), sort_keys=True)
        e = {"logIndex": str(1000 + index), "logId": {"keyId": b64(self.key.id)}, "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
             "integratedTime": str(at), "canonicalizedBody": b64(raw)}
        if promise:
            e["inclusionPromise"] = {"signedEntryTimestamp": b64(self.key.sign(signed.encode()))}
        if proof:
            e["inclusionProof"] = {"logIndex": str(index), "rootHash": b64(root), "treeSize": str(size), "hashes": [b64(h) for h in path],
                                   "checkpoint": {"envelope": self.checkpoint(size, root)}}
        return e


def dsse_body(payload, signature, signer_pem):
    return {"apiVersion": "0.0.1", "kind": "dsse", "spec": {"envelopeHash": {"algorithm": "sha256", "value": "0" * 64}, "payloadHash":
            {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}, "signatures": [{"signature": b64(signature), "verifier": b64(signer_pem)}]}}


def intoto_body(payload, signature, signer_pem):
    return {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {"envelope": {"payloadType": KIND, "signatures": [
        {"publicKey": b64(signer_pem), "sig": b64(b64(signature).encode())}]}, "hash": {"algorithm": "sha256", "value": "0" * 64},
        "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}}}}


def rekord_body(payload, signature, signer_pem):
    return {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {"data": {"hash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}},
            "signature": {"content": b64(signature), "publicKey": {"content": b64(signer_pem)}}}}


def verifier(pem):
    kind = "x509Certificate" if b"CERTIFICATE" in pem else "publicKey"
    return {"keyDetails": "PKIX_ECDSA_P256_SHA_256", kind: {"rawBytes": b64(base64.b64decode(b"".join(pem.strip().splitlines()[1:-1])))}}


def rekord2_body(payload, signature, signer_pem, kind=KIND):
    message = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    return {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {"data": {"algorithm": "SHA2_256", "digest": b64(sha(message))},
            "signature": {"content": b64(signature), "verifier": verifier(signer_pem)}}}}


def dsse2_body(payload, signature, signer_pem):
    return {"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": {"payloadHash": {"algorithm": "SHA2_256", "digest": b64(sha(payload))},
            "signatures": [{"content": b64(signature), "verifier": verifier(signer_pem)}]}}}


class Stamper:
    def __init__(self, folder, name, root):
        self.root = root
        self.certificate = Certificate(folder, name, root, ("keyUsage=critical,digitalSignature", "extendedKeyUsage=critical,timeStamping"))
        self.base = f"{folder}/{name}"
        with open(self.base + ".ts", "w") as f:
            f.write(f"[tsa]\ndefault_tsa=own\n[own]\nserial={self.base}.serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n")

    def stamp(self, data, certificate=True):
        query = openssl("ts", "-query", "-data", "/dev/stdin", "-sha256", *(["-cert"] if certificate else []), stdin=data)
        with open(self.base + ".tsq", "wb") as f:
            f.write(query)
        return openssl("ts", "-reply", "-config", self.base + ".ts", "-queryfile", self.base + ".tsq", "-signer", self.certificate.path, "-inkey", self.certificate.key.path)


def dsse(payload, *keys, kind=KIND):
    message = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    return {"payloadType": kind, "payload": b64(payload), "signatures": [{"sig": b64(k.sign(message))} for k in keys]}


def signature_of(envelope):
    return base64.b64decode(envelope["signatures"][0]["sig"])


def bundle(certificate, payload, log=None, at=None, stampers=(), body=dsse_body, between=(), **entry):
    envelope = dsse(payload, certificate.key)
    signature = signature_of(envelope)
    material = {"x509CertificateChain": {"certificates": [{"rawBytes": b64(c.der)} for c in (certificate, *between)]}} if between else \
        {"certificate": {"rawBytes": b64(certificate.der)}}
    if log:
        material["tlogEntries"] = [log.entry(body(payload, signature, certificate.pem), at, **entry)]
    if stampers:
        material["timestampVerificationData"] = {"rfc3161Timestamps": [{"signedTimestamp": b64(s.stamp(signature))} for s in stampers]}
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material, "dsseEnvelope": envelope}


def trusted_root(authorities=(), logs=(), stampers=(), start="2020-01-01T00:00:00Z", end=None, certificate_logs=()):
    valid = {"start": start, **({"end": end} if end else {})}
    chain = lambda certificates: {"uri": "https://ca.example", "certChain": {"certificates": [{"rawBytes": b64(c.der)} for c in certificates]}, "validFor": valid}
    return json.dumps({"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1", "certificateAuthorities": [chain(c) for c in authorities],
                       "tlogs": [{"baseUrl": "https://log.example", "hashAlgorithm": "SHA2_256", "publicKey": {"rawBytes": b64(l.key.der), "keyDetails":
                                  "PKIX_ECDSA_P256_SHA_256", "validFor": valid}, "logId": {"keyId": b64(l.key.id)}} for l in logs],
                       "timestampAuthorities": [chain([s.certificate, s.root]) for s in stampers], "ctlogs": [{"baseUrl": "https://ct.example",
                       "hashAlgorithm": "SHA2_256", "publicKey": {"rawBytes": b64(k.der), "validFor": valid}, "logId": {"keyId": b64(k.id)}} for k in certificate_logs]})
