import type { InputFiles } from '@satsim/core/testing';

const link = (endpoint1: string, endpoint2: string, delay: string, rate: string | undefined = '20mbit', loss: number | string = 0) => ({
  endpoint1,
  endpoint2,
  ...(rate === undefined ? {} : { rate }),
  loss,
  delay,
});
const file = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** Two satellites, a gateway and a user, as NetSatBench describes them. */
const SAT_CONFIG = file({
  'node-config-common': { type: 'undefined', n_antennas: 2, image: 'example/node:latest', 'L3-config': { 'enable-netem': true } },
  'epoch-config': { 'epoch-dir': 'epochs', 'file-pattern': 'NetSatBench-epoch*.json' },
  nodes: {
    sat1: { type: 'satellite', n_antennas: 5 },
    sat2: { type: 'satellite', n_antennas: 5 },
    grd1: { type: 'gateway', metadata: { location: { latitude: 59.9, longitude: 10.7, altitude: 30 } } },
    usr1: { type: 'user', metadata: { location: { latitude: 41.9, longitude: 12.5 } } },
  },
});

export const EPOCHS: InputFiles = {
  'epochs/NetSatBench-epoch0.json': file({
    time: '2024-06-01T12:00:00Z',
    'links-add': [link('sat1', 'sat2', '5ms', '1gbit'), link('grd1', 'sat1', '3.5ms', '20mbit', '0.5'), link('usr1', 'sat2', '4000us')],
  }),
  'epochs/NetSatBench-epoch2.json': file({
    time: '2024-06-01T12:00:05Z',
    'links-add': [link('sat1', 'usr1', '6ms', '500kbit')],
    'links-del': [{ endpoint1: 'sat2', endpoint2: 'usr1', rate: '20mbit' }],
  }),
  'epochs/NetSatBench-epoch10.json': file({
    time: '2024-06-01T12:00:08Z',
    'links-del': [],
    'links-update': [{ endpoint1: 'sat1', endpoint2: 'grd1', delay: '7ms' }, link('usr1', 'grd1', '1ms')],
    run: { 'type:user': ['ping grd1'] },
  }),
};

export const SYSTEM: InputFiles = { 'sat-config.json': SAT_CONFIG, ...EPOCHS };

/** As a generator writes epochs, with positions and texts for numbers; nothing says what the nodes are. */
export const BARE: InputFiles = {
  'NetSatBench-epoch1.json': file({
    time: '2024-06-01T00:00:00Z',
    'links-add': [{ ...link('sat14', 'grd2', '5.0ms', '200.0mbit', '0.0'), pos1: '29.2,67.9,785.0', pos2: '15.4,78.2,0.06' }],
  }),
};

/** With one field of one epoch set to something else. */
export function withField(path: string, value: unknown): InputFiles {
  const name = 'epochs/NetSatBench-epoch0.json';
  const epoch = JSON.parse(EPOCHS[name] as string) as { 'links-add': Record<string, unknown>[]; [key: string]: unknown };
  if (path in epoch) epoch[path] = value;
  else epoch['links-add'][0]![path] = value;
  return { ...SYSTEM, [name]: file(epoch) };
}
