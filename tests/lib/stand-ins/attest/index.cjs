// What actions/attest checks before it signs; then one request instead of a signature.
const fs = require("fs");
const crypto = require("crypto");
const input = (n) => (process.env[`INPUT_${n.toUpperCase()}`] || "").trim();
const die = (t) => { console.log(`::error::${t}`); process.exit(1); };
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
fetch(`${process.env.GITHUB_API_URL}/repos/${process.env.GITHUB_REPOSITORY}/attestations`, {
  method: "POST",
  headers: { Authorization: `Bearer ${input("github-token")}` },
  body: JSON.stringify({ subject: [{ name: subject, digest: { sha256 } }], predicateType: type, predicate }),
}).then((a) => { if (a.status !== 201) die(`the attestation was refused: ${a.status}`); });
