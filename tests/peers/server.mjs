// express-pouchdb with PouchDB on LevelDB, in the mode with the least in it: `node server.mjs DIR` prints its port.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb').defaults({ prefix: `${process.argv[2]}/` });
const peer = require('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB', inMemoryConfig: true });
const app = require('express')();
app.use('/', peer);
// What the bench asks of the process itself: memory and time on a processor.
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage();
  console.log(`${process.memoryUsage.rss()} ${user + system}`);
}).on('end', () => process.exit(0));
