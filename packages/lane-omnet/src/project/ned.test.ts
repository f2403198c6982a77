import { expect, it } from 'vitest';
import { generateIni } from './ini.js';
import { generateNetwork } from './ned.js';
import { configSchema } from '../config.js';

const TABLES = {
  nodes: [
    { node: '0', id: 'IR-1-1', role: 'satellite' },
    { node: '1', id: 'oslo', role: 'user_terminal' },
  ],
  links: [{ pair: '0', forward: '0', backward: '1', a: '0', b: '1', kind: 'gsl', forward_id: 'gsl:IR-1-1>oslo', backward_id: 'gsl:oslo>IR-1-1' }],
  flows: [
    {
      flow: '0',
      id: 'p',
      kind: 'ping',
      source: '1',
      target: '0',
      start_s: '0',
      stop_s: '60',
      interval_s: '0.5',
      rate_bps: '',
      pattern: '',
      packet_bytes: '84',
    },
    {
      flow: '1',
      id: 'v-1',
      kind: 'udp',
      source: '1',
      target: '0',
      start_s: '2.5',
      stop_s: '60',
      interval_s: '',
      rate_bps: '2400',
      pattern: 'poisson',
      packet_bytes: '60',
    },
    { flow: '2', id: 'd', kind: 'tcp', source: '1', target: '0', start_s: '0', stop_s: '60', interval_s: '', rate_bps: '', pattern: '', packet_bytes: '1500' },
  ],
};

it('a network has a module for each node and flow and a channel for each direction, with their ids', () => {
  const { ned, nodes, flows } = generateNetwork(TABLES, 1);
  expect(ned.split('\n').slice(1)).toEqual([
    'import satsim.*;',
    '',
    'network SatsimNetwork',
    '{',
    '    submodules:',
    '        controller: Controller;',
    '        IR_1_1: SatNode { number = 0; nodeId = "IR-1-1"; role = "satellite"; @display("i=device/satellite"); }',
    '        oslo: SatNode { number = 1; nodeId = "oslo"; role = "user_terminal"; @display("i=device/terminal"); }',
    '        flow_p: PingFlow { number = 0; flowId = "p"; source = 1; target = 0; start = 0s; stop = 60s; packetBytes = 84B; sampleInterval = 1s; interval = 0.5s; }',
    '        flow_v_1: UdpFlow { number = 1; flowId = "v-1"; source = 1; target = 0; start = 2.5s; stop = 60s; packetBytes = 60B; sampleInterval = 1s; rate = 2400bps; pattern = "poisson"; }',
    '        flow_d: TcpFlow { number = 2; flowId = "d"; source = 1; target = 0; start = 0s; stop = 60s; packetBytes = 1500B; sampleInterval = 1s; }',
    '    connections:',
    '        IR_1_1.out++ --> SatLink { number = 0; linkId = "gsl:IR-1-1>oslo"; } --> oslo.in++;',
    '        oslo.out++ --> SatLink { number = 1; linkId = "gsl:oslo>IR-1-1"; } --> IR_1_1.in++;',
    '}',
    '',
  ]);
  expect([nodes, flows]).toEqual([
    { 'IR-1-1': 'IR_1_1', oslo: 'oslo' },
    { p: 'flow_p', 'v-1': 'flow_v_1', d: 'flow_d' },
  ]);
});

it('the ini file has what the configuration says', () => {
  const facts = { seed: 7, endS: 62, reportTick: 59, traceFile: '../links.trace', routesFile: '../routes.trace' };
  const ini = generateIni(configSchema.parse({ in_flight: 'deliver', record_vectors: false }), facts);
  for (const line of [
    'seed-set = 7',
    'sim-time-limit = 62s',
    '*.controller.inFlight = "deliver"',
    '**.vector-recording = false',
    '*.controller.reportTick = 59',
  ])
    expect(ini.split('\n')).toContain(line);
  expect(ini).not.toContain('Sqlite');
  expect(generateIni(configSchema.parse({ result_format: 'sqlite' }), facts)).toContain(
    'outputscalarmanager-class = "omnetpp::envir::SqliteOutputScalarManager"',
  );
});
