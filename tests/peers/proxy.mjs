// Counts the bytes that go through it: `node proxy.mjs TARGET_PORT` prints the port it listens on; every line on
// its standard input is answered with the bytes sent to the target and back since the last one, headers and all.
import net from 'node:net';
import readline from 'node:readline';

const target = Number(process.argv[2]);
let up = 0;
let down = 0;
const server = net.createServer({ noDelay: true }, (near) => {
  const far = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
  near.on('data', (part) => { up += part.length; });
  far.on('data', (part) => { down += part.length; });
  near.pipe(far);
  far.pipe(near);
  for (const [one, other] of [[near, far], [far, near]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
readline.createInterface({ input: process.stdin })
  .on('line', () => { console.log(`${up} ${down}`); up = 0; down = 0; })
  .on('close', () => process.exit(0));
