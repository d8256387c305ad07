// A name is given once in a run, and what is not there is an error where the workflow asks for that.
const fs = require("fs");
const path = require("path");
const { INPUT_NAME: name, INPUT_PATH: from, BOMGATE_TEST_STORE: store } = process.env;
const die = (t) => { console.log(`::error::${t}`); process.exit(1); };
const file = path.resolve(process.env.GITHUB_WORKSPACE, from);
if (!fs.existsSync(file)) { if (process.env["INPUT_IF-NO-FILES-FOUND"] === "error") die(`no file ${from}`); else process.exit(0); }
if (/["<>|*?:\r\n\\/]/.test(name)) die(`${name} is no name of an artifact`);
try { fs.mkdirSync(`${store}/${name}`); } catch { die(`409: an artifact ${name} is there already`); }
fs.writeFileSync(`${store}/${name}/${path.basename(file)}`, fs.readFileSync(file), { mode: 0o644 }); // the service keeps no modes
