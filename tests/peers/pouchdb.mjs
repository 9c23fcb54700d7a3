// PouchDB doing the work that `sanben-bench --peer DIR` writes down and does itself: the same cases, real HTTP to
// another process, bytes counted by a proxy between. Writes DIR/pouchdb.json: time (ms), bytes, requests are not told.
//
// A case is one document with its events in it, as an app on CouchDB would keep it; it has as many revisions as it
// has events, of which replication carries the last one and the names of the others. Best case for the peer:
// LevelDB that is never synced, the smallest mode of the server, gzip, batches of 500, no attachments.
import { createRequire } from 'node:module';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import readline from 'node:readline';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
const [dir, runs = '3'] = process.argv.slice(2);
const scratch = `${dir}/pouchdb`;
const OPTIONS = { batch_size: 500, batches_limit: 10 };

class Child {
  constructor(script, argument) {
    this.process = spawn(process.execPath, [new URL(script, import.meta.url).pathname, String(argument)],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }
  async line() { return (await this.lines.next()).value; }
  async ask() { this.process.stdin.write('\n'); return (await this.line()).split(' ').map(Number); }
  stop() { this.process.stdin.end(); }
}

const hash = (text) => createHash('md5').update(text).digest('hex');
const read = (name) => fs.readFileSync(`${dir}/${name}.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
// The case as it is after all its events, with the names of its revisions.
const whole = ({ _id, fields, photos, events }) => {
  const ids = events.map((event, at) => hash(`${_id}${at}${JSON.stringify(event)}`)).reverse();
  return { _id, ...fields, photos, events, _rev: `${ids.length}-${ids[0]}`, _revisions: { start: ids.length, ids } };
};
const fresh = ({ _id, fields, photos, events }) => ({ _id, ...fields, photos, events });
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function load(database, documents, make, options) {
  for (let at = 0; at < documents.length; at += 1000) {
    const answers = await database.bulkDocs(documents.slice(at, at + 1000).map(make), options);
    const failed = answers.find((answer) => answer.error);
    if (failed) throw new Error(JSON.stringify(failed));
  }
}

async function act(database, changes) {
  for (const { _id, event } of changes) {
    const held = await database.get(_id);
    held.events.push(event);
    await database.put(held);
  }
}

fs.mkdirSync(`${scratch}/server`, { recursive: true });
const server = new Child('server.mjs', `${scratch}/server`);
const port = await server.line();
const proxy = new Child('proxy.mjs', port);
const url = (through) => `http://127.0.0.1:${through}/cases`;
const seen = await proxy.line();
const direct = new PouchDB(url(port));
const cases = read('cases');
await load(direct, cases, whole, { new_edits: false });

const results = {};
async function measure(name, local, work) {
  await proxy.ask();
  const [, before] = await server.ask();
  const own = process.cpuUsage();
  const begun = performance.now();
  await work(local);
  const ms = performance.now() - begun;
  const spent = process.cpuUsage(own);
  const [, after] = await server.ask();
  const [up, down] = await proxy.ask();
  (results[name] ??= []).push({
    ms, up, down, device_ms: (spent.user + spent.system) / 1e3, server_ms: (after - before) / 1e3,
  });
}
const both = async (local) => {
  // Out, then in, as PouchDB.sync does, without waiting for two timers.
  const remote = new PouchDB(url(seen));
  await local.replicate.to(remote, OPTIONS);
  await local.replicate.from(remote, OPTIONS);
};

let local;
for (let run = 0; run < Number(runs); run += 1) {
  if (local) await local.close();
  local = new PouchDB(`${scratch}/device-${run}`);
  await measure('cold', local, both);
  const { doc_count: held } = await local.info();
  if (held < cases.length) throw new Error(`only ${held} documents arrived`);
}
// What came in has to be looked at by the next way out once; that is not counted against anything.
const settle = () => both(local);
for (let run = 0; run < Number(runs); run += 1) {
  await settle();
  await measure('nothing', local, both);
  await load(local, read(`up-${run}`), fresh);
  await load(direct, read(`down-${run}`), fresh);
  await measure('exchange', local, both);
  await settle();
  await act(direct, read(`changed-${run}`));
  await measure('reconnect', local, both);
  await settle();
  await load(local, read(`offline-${run}`), fresh);
  await measure('pushed', local, both);
}
const [rss] = await server.ask();
const told = Object.fromEntries(Object.entries(results).map(([name, all]) =>
  [name, Object.fromEntries(Object.keys(all[0]).map((key) => [key, middle(all.map((one) => one[key]))]))]));
told.memory = { device: process.memoryUsage.rss(), server: rss };
fs.writeFileSync(`${dir}/pouchdb.json`, JSON.stringify(told, null, 1));
proxy.stop();
server.stop();
await local.close();
process.exit(0);
