// The action's entry (node24; runs on 20 as well): starts the binary with its own environment, forwards signals, and ends with its exit
// code. Only a node action receives the artifact service's token. No dependency.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

// Written by the release: the SHA-256 of each binary of this very commit. Empty in development.
const digests = {};

const fail = (text, code = 70) => {
  console.log(`::error title=bomgate::${text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A")}`);
  process.exit(code);
};

const root = realpathSync(join(dirname(fileURLToPath(import.meta.url)), ".."));
const arch = { x64: "x64", arm64: "arm64" }[process.arch];
if (process.platform !== "linux" || !arch) fail(`there is no binary for ${process.platform} ${process.arch}; bomgate runs on Linux x64 and arm64`);
const name = `bomgate-linux-${arch}`;
const binary = join(root, "bin", name);

let bytes;
try {
  bytes = readFileSync(binary);
} catch {
  fail(`bin/${name} is missing: use a released version of the action, or run \`make action\` in its folder`);
}
const found = createHash("sha256").update(bytes).digest("hex");
if (Object.keys(digests).length) {
  if (digests[name] !== found) fail(`bin/${name} is not the binary of this release: its SHA-256 is ${found}`);
} else {
  let workspace = "";
  try {
    workspace = realpathSync(process.env.GITHUB_WORKSPACE ?? "");
  } catch {}
  const inside = workspace && (root === workspace || root.startsWith(workspace + sep));
  if (!inside)
    fail("this commit of the action is no release: it records no digest of its binary, so it is only used from inside the workspace");
}

const child = spawn(binary, ["run"], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("error", (e) => fail(`bin/${name} could not be started: ${e.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + 15 : code));
