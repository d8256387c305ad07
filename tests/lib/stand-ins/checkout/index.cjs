const fs = require("fs");
const { INPUT_REPOSITORY: repository, INPUT_REF: ref, INPUT_PATH: path, BOMGATE_TEST_RELEASE: release } = process.env;
if (repository !== "bomgate/bomgate" || !/^v\d/.test(ref)) throw new Error(`not here: ${repository} ${ref}`);
fs.cpSync(release, `${process.env.GITHUB_WORKSPACE}/${path}`, { recursive: true });
