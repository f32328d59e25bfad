// Carries out calls with the vendor's Node client; runs where that client is installed.
//
// Standard input: {"baseUrl", "token", "calls": [{"call": "aiTalkingPhoto.generate", "arguments": [...]}]}.
// Standard output: a list with {"answer": ...} or {"status": ..., "body": ...} for each, after a mark,
// since the client writes its own lines there as well.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { default: Client } = require("magic-hour");

const task = JSON.parse(readFileSync(0, "utf8"));
const client = new Client({ token: task.token, baseUrl: task.baseUrl });
const results = [];
for (const { call, arguments: given } of task.calls) {
  const parts = call.split(".");
  const method = parts.pop();
  const resource = parts.reduce((found, part) => found[part], client.v1);
  try {
    results.push({ answer: (await resource[method](...given)) ?? null });
  } catch (error) {
    if (!error.response) throw error;
    results.push({ status: error.response.status, body: await error.response.json() });
  }
}
process.stdout.write(`\nRESULTS ${JSON.stringify(results)}\n`);
