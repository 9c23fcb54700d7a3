// `node table.mjs DIR` compares DIR/sanben.json with DIR/pouchdb.json: a Markdown table, PouchDB over Sanben.
import fs from 'node:fs';

const [dir] = process.argv.slice(2);
const [sanben, pouchdb] = ['sanben', 'pouchdb'].map((name) => JSON.parse(fs.readFileSync(`${dir}/${name}.json`)));
const count = (name) => fs.readFileSync(`${dir}/${name}.jsonl`, 'utf8').trim().split('\n').length.toLocaleString('en');
const names = {
  cold: `cold start, ${count('cases')} cases with 12 acts each`,
  nothing: 'nothing new',
  exchange: `${count('up-0')} new cases up and ${count('down-0')} down`,
  reconnect: `back after ${count('changed-0')} of ${count('cases')} cases changed`,
  pushed: `${count('offline-0')} cases recorded offline, pushed`,
};
// At least so many times as fast, at most so many of its bytes.
const goals = { cold: { times: 8 }, exchange: { times: 3, share: 0.1 } };
const time = (ms) => (ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`);
const bytes = (n) => (n < 1e4 ? `${n} B` : n < 1e6 ? `${(n / 1e3).toFixed(1)} KB` : `${(n / 1e6).toFixed(1)} MB`);
const cpu = ({ device_ms: device, server_ms: server }) => `${time(device)} + ${time(server)}`;
console.log('| work | faster | Sanben | PouchDB | bytes | Sanben | PouchDB | on processors: Sanben | PouchDB | goal | met |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const [key, name] of Object.entries(names)) {
  const [ours, theirs] = [sanben[key], pouchdb[key]];
  const times = theirs.ms / ours.ms;
  const share = (ours.up + ours.down) / (theirs.up + theirs.down);
  const goal = goals[key];
  const met = goal && (!goal.times || times >= goal.times) && (!goal.share || share <= goal.share);
  const wanted = goal ? [`≥ ${goal.times} × faster`, goal.share && `≤ ${goal.share} of its bytes`].filter(Boolean).join(', ') : '';
  console.log(`| ${name} | ${times.toFixed(1)} × | ${time(ours.ms)} | ${time(theirs.ms)} | ${share.toFixed(3)} × `
    + `| ${bytes(ours.up)} up, ${bytes(ours.down)} down | ${bytes(theirs.up)} up, ${bytes(theirs.down)} down `
    + `| ${cpu(ours)} | ${cpu(theirs)} | ${wanted} | ${goal ? (met ? 'yes' : '**no**') : ''} |`);
}
const held = (one) => `device ${bytes(one.memory.device)}, server ${bytes(one.memory.server)}`;
console.log(`\nMemory held at the end: Sanben ${held(sanben)}; PouchDB ${held(pouchdb)}.`);
