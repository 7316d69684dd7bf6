// A client of the service in plain JavaScript, written from its OpenAPI document alone: it knows the ids of the
// operations, and takes methods, paths and media types from the document.
//
//     node story.mjs URL TOKEN FILE FILE ...
//
// Makes a story of the files, follows its job, reads the brief, adds an article, and tells what changed.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { randomUUID } from "node:crypto";

const [url, token, ...paths] = process.argv.slice(2);
const authorised = { Authorization: `Bearer ${token}` };
const document = await (await fetch(`${url}/openapi.json`, { headers: authorised })).json();

const operations = {};
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) operations[operation.operationId] = { path, method, operation };
}

async function call(id, { path = {}, query = {}, headers = {}, body } = {}) {
  const { path: template, method, operation } = operations[id];
  const target = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
  const search = new URLSearchParams(query).toString();
  const sent = { ...authorised, ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const answer = await fetch(url + target + (search ? `?${search}` : ""), {
    method: method.toUpperCase(),
    headers: sent,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const known = operation.responses[String(answer.status)];
  if (!known) throw new Error(`${id}: ${answer.status} is not documented`);
  const media = (answer.headers.get("content-type") ?? "").split(";")[0];
  if (known.content && answer.status !== 304 && !(media in known.content)) throw new Error(`${id}: ${media} is not documented`);
  if (answer.status >= 400) throw new Error(`${id}: ${await answer.text()}`);
  return answer;
}

async function follow(job) {
  const events = [];
  let text = "";
  for await (const part of (await call("followJob", { path: { job } })).body) {
    text += new TextDecoder().decode(part);
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const name = block.split("\n").find((line) => line.startsWith("event: "));
      if (name) events.push(name.slice(7));
    }
  }
  return events;
}

async function brief(story) {
  const taken = await call("makeBrief", { path: { story }, headers: { "Idempotency-Key": randomUUID() } });
  const job = await taken.json();
  if (!taken.headers.get("location").endsWith(job.id)) throw new Error("Location names another job");
  const events = await follow(job.id);
  const done = await (await call("getJob", { path: { job: job.id } })).json();
  if (done.state !== "done") throw new Error(JSON.stringify(done));
  const answer = await call("getBrief", { path: { story } });
  return { events, version: done.result.version, etag: answer.headers.get("etag"), brief: await answer.json() };
}

const story = `node-${randomUUID()}`;
const files = await Promise.all(
  paths.map(async (path) => ({ name: basename(path), content_base64: (await readFile(path)).toString("base64") })),
);
await call("createStory", { body: { id: story, articles: files } });
const first = await brief(story);
for (const issue of first.brief.issues) {
  for (const { article, start, end, quote } of issue.positions.flatMap((position) => position.evidence)) {
    const text = await (await call("getText", { path: { story, text: article } })).text();
    const found = Array.from(text).slice(start, end).join(""); // code points, as the contract counts
    if (found !== quote) throw new Error(`a quotation is not in its text: ${quote}`);
  }
}
const unchanged = await call("getBrief", { path: { story }, headers: { "If-None-Match": first.etag } });
const text = "Moscow denies it will leave\n\nKremlin spokesman Dmitry Peskov said on Tuesday that Russia will keep its bases in Syria.";
await call("addArticles", { path: { story }, body: { articles: [{ name: "late.txt", text, outlet: "The Courier" }] } });
const second = await brief(story);
const changes = await (await call("getChanges", { path: { story }, query: { since: String(first.version) } })).json();
const history = await (await call("getHistory", { path: { story } })).json();
if (history.versions.length !== 2) throw new Error("the history has not two versions");
console.log(
  JSON.stringify({
    versions: [first.version, second.version],
    changes: changes.changes.map((change) => change.kind),
    unchanged: unchanged.status,
    events: first.events,
  }),
);
