// What actions/attest checks before it signs; then one request instead of a signature.
const fs = require("fs");
const crypto = require("crypto");
const input = (n) => (process.env[`INPUT_${n.toUpperCase()}`] || "").trim();
const die = (t) => { console.log(`::error::${t}`); process.exit(1); };
const post = (body) => fetch(`${process.env.GITHUB_API_URL}/repos/${process.env.GITHUB_REPOSITORY}/attestations`, {
  method: "POST",
  headers: { Authorization: `Bearer ${input("github-token")}` },
  body: JSON.stringify(body),
}).then((a) => { if (a.status !== 201) die(`the attestation was refused: ${a.status}`); });
if (input("subject-checksums")) { // the lines of sha256sum; without a predicate it is the build's provenance
  if (input("subject-path")) die("one of subject-path and subject-checksums");
  const lines = fs.readFileSync(input("subject-checksums"), "utf8").split("\n").filter(Boolean).map((l) => /^([0-9a-f]{64}) [ *](.+)$/.exec(l) || die(`no checksum: ${l}`));
  post({ subject: lines.map((l) => ({ name: l[2], digest: { sha256: l[1] } })), predicateType: "https://slsa.dev/provenance/v1" });
  return;
}
const subject = input("subject-path");
if (!subject || !fs.existsSync(subject)) die(`subject-path: no file ${subject}`);
let type, predicate;
if (input("sbom-path")) {
  if (input("predicate-path") || input("predicate-type")) die("sbom-path together with a predicate");
  const file = input("sbom-path");
  if (fs.statSync(file).size > 16 * 1024 * 1024) die("the SBOM is larger than 16 MB");
  predicate = JSON.parse(fs.readFileSync(file, "utf8"));
  if (predicate.spdxVersion && predicate.SPDXID) type = `https://spdx.dev/Document/v${predicate.spdxVersion.split("-")[1]}`;
  else if (predicate.bomFormat && predicate.serialNumber && predicate.specVersion) type = "https://cyclonedx.org/bom";
  else die("unsupported SBOM format");
} else {
  type = input("predicate-type");
  if (!type || !input("predicate-path")) die("predicate-type and predicate-path are needed");
  predicate = JSON.parse(fs.readFileSync(input("predicate-path"), "utf8"));
}
const sha256 = crypto.createHash("sha256").update(fs.readFileSync(subject)).digest("hex");
post({ subject: [{ name: subject, digest: { sha256 } }], predicateType: type, predicate });
