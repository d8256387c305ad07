const fs = require("fs");
const { INPUT_PATH: to, BOMGATE_TEST_STORE: store } = process.env;
const merge = process.env["INPUT_MERGE-MULTIPLE"] === "true";
for (const name of fs.readdirSync(store).sort()) {
  const folder = merge ? to : `${to}/${name}`;
  fs.mkdirSync(folder, { recursive: true });
  for (const file of fs.readdirSync(`${store}/${name}`)) fs.copyFileSync(`${store}/${name}/${file}`, `${folder}/${file}`);
}
