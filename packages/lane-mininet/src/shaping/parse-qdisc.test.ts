import { expect, test } from 'vitest';
import { parseClassRate, parseQdiscs, type QdiscOutput } from './parse-qdisc.js';

// As iproute2 6.1 prints them.
const PRINTED = `[{"kind":"noqueue","handle":"0:","dev":"lo","root":true,"refcnt":2,"options":{}},
{"kind":"netem","handle":"1:","dev":"a","root":true,"refcnt":2,"options":{"limit":202,"delay":{"delay":0.036804,"jitter":0,"correlation":0},"loss-random":{"loss":0.00123457,"correlation":0},"rate":{"rate":1543209,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":0}},
{"kind":"netem","handle":"1:","dev":"b","root":true,"refcnt":2,"options":{"limit":0,"rate":{"rate":125000,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":0}},
{"kind":"htb","handle":"1:","dev":"c","root":true,"refcnt":3,"options":{"r2q":10,"default":"0x1","direct_packets_stat":0,"direct_qlen":1000}},
{"kind":"pfifo","handle":"10:","dev":"c","parent":"1:1","options":{"limit":926}},
{"kind":"tbf","handle":"1:","dev":"d","root":true,"refcnt":3,"options":{"rate":15432,"burst":5000,"limit":1514}},
{"kind":"netem","handle":"10:","dev":"d","parent":"1:1","options":{"limit":100,"ecn":false,"gap":0}}]`;

test('qdiscs, by interface', () => {
  const applied = parseQdiscs(JSON.parse(PRINTED) as QdiscOutput);
  expect(Object.fromEntries(applied)).toEqual({
    a: { rateBps: 12_345_672, delayUs: 36_804, lossPct: 0.123457, queuePackets: 202 },
    b: { rateBps: 1_000_000, delayUs: 0, lossPct: 0, queuePackets: 0 },
    c: { rateBps: null, delayUs: null, lossPct: null, queuePackets: 926 },
    d: { rateBps: 123_456, delayUs: 0, lossPct: 0, queuePackets: 100 },
  });
});

test.each([
  ['class htb 1:1 root leaf 10: prio 0 rate 123456Kbit ceil 123456Kbit burst 4984b cburst 1574b ', 123_456_000],
  ['class htb 1:1 root prio 0 rate 1Gbit ceil 1Gbit burst 4984b cburst 1574b ', 1e9],
  ['class htb 1:1 root leaf 10: prio 0 rate 12344bit ceil 12344bit burst 4984b cburst 1574b ', 12_344],
  ['[{"class":"htb","handle":"1:1","root":true,"leaf":"10:","prio":0,"rate":15432098,"ceil":15432098,"burst":4984,"cburst":1574}]', 123_456_784],
  ['class netem 10:1 parent 10: ', null],
  ['[]', null],
])('the rate of an htb class: %s', (line, rateBps) => {
  expect(parseClassRate([line])).toBe(rateBps);
});
