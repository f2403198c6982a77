import { durationMs, nodeIdSchema, type Scenario } from '@satsim/core';
import { z } from 'zod';

const duration = () => z.string().refine((text) => isDuration(text), 'a duration is a number and a unit: 100ms, 1s, 10m');
const isDuration = (text: string): boolean => {
  try {
    durationMs(text);
    return true;
  } catch {
    return false;
  }
};
/** A frame and some: tcpdump has a buffer for so many packets as fit, and would drop them sooner with its own 256 KiB a packet. */
export const SNAP_BYTES = 2_048;
const positive = () => z.int().positive();

const topo = z.strictObject({
  satellites: z
    .enum(['router', 'switch', 'host'])
    .default('router')
    .describe('A namespace that forwards, an Open vSwitch, or a namespace that does not forward. Ground nodes are hosts; those with `relay` forward'),
  datapath: z.enum(['kernel', 'user']).default('kernel').describe('switch: of Open vSwitch; `user` needs no kernel module, and is slow'),
  gsl_links: z.enum(['lazy', 'all']).default('lazy').describe('Pairs of ground node and satellite: made when a tick first names them, or all at the start'),
  ipv4_base: z.ipv4().default('10.0.0.0').describe('Node n has this address plus n, as /32'),
  ipv6_prefix: z
    .string()
    .regex(/^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}$/, 'four groups, such as fd5a:7351:0:1')
    .default('fd5a:7351:0:1')
    .describe("First 64 bits of the nodes' addresses; node n is n in the last 64"),
});

const shaping = z.strictObject({
  delay: z.enum(['netem', 'none']).default('netem').describe('`none`: no delay and no loss, for kernels without netem; rates and link state are real'),
  rate: z.enum(['netem', 'htb', 'tbf']).optional().describe('What limits the rate; netem by default, htb where delay is none'),
  down: z.enum(['carrier', 'drop']).default('carrier').describe('A link that is down: its interfaces are down, or it loses every packet'),
  queue_packets: positive().optional().describe('Queue of a link; computed from rate and delay without it'),
  burst_bytes: positive().optional().describe('htb and tbf: bytes sent at once; computed from the rate without it'),
  read_back_every: z
    .int()
    .nonnegative()
    .default(60)
    .describe('Ticks in which each interface is compared once with what the kernel has, a part of the nodes each tick; 0: at the end only'),
});

const controller = z.strictObject({
  type: z
    .enum(['builtin', 'external', 'launched', 'none'])
    .default('builtin')
    .describe('Who forwards: satsim, a controller that runs, one that satsim starts, nobody'),
  addr: z
    .string()
    .regex(/^(tcp|ssl):[^:]+:\d+$/, 'tcp:HOST:PORT')
    .nullable()
    .default(null)
    .describe('external, launched: tcp:HOST:PORT of the OpenFlow controller; tcp:127.0.0.1:6653 for a launched one'),
  protocols: z
    .array(z.enum(['OpenFlow10', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15']))
    .min(1)
    .default(['OpenFlow13'])
    .describe('external, launched: versions that the switches speak'),
  command: z.array(z.string().min(1)).min(1).optional().describe('launched: program and arguments'),
  version_args: z.array(z.string()).default(['--version']).describe('launched: asks the program for its version'),
});

const capture = z.strictObject({
  interfaces: z
    .union([z.enum(['none', 'ground', 'all']), z.array(z.string().regex(/^[^:]+:[^:]+$/, 'NODE:NEIGHBOUR')).min(1)])
    .default('none')
    .describe('Which: of ground nodes, all, or a list of NODE:NEIGHBOUR; `execution.record_pcap` makes `none` `ground`'),
  snap_bytes: positive().default(SNAP_BYTES).describe('Of each packet; the default is more than a link takes'),
  rotate_mib: positive().optional().describe('A new file after so many million bytes, which is how tcpdump counts'),
  rotate_every: duration().optional().describe('A new file after so long'),
});

const exec = z.strictObject({
  node: nodeIdSchema.describe('Node id'),
  at: duration().default('0s').describe('After t0'),
  command: z.array(z.string()).min(1).describe('Program and arguments, without a shell'),
});

/** The block `mininet:` of a scenario. */
export const configSchema = z
  .strictObject({
    python: z.string().startsWith('/', 'an absolute path').default('/usr/bin/python3').describe('The Python that has Mininet'),
    topo: topo.prefault({}).describe('What nodes are made of, and their addresses'),
    shaping: shaping.prefault({}).describe('How delay, loss and rate of links are put into force'),
    controller: controller.prefault({}).describe('Who tells switches where packets go'),
    routing: z.enum(['builtin', 'frr', 'bird']).default('builtin').describe('router: who computes routes; frr and bird run OSPF over the changing links'),
    capture: capture.prefault({}).describe('Packets that are kept as pcap files'),
    exec: z.array(exec).default([]).describe('Commands on nodes; what they print is kept'),
  })
  .prefault({})
  .superRefine(({ topo: { satellites }, controller: { type, addr, command }, routing, shaping: { delay, rate } }, context) => {
    const fault = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (type === 'external' && addr === null) fault(['controller', 'addr'], 'an external controller needs an address, such as tcp:127.0.0.1:6653');
    if (type === 'launched' && command === undefined) fault(['controller', 'command'], 'a launched controller needs a command');
    if ((type === 'external' || type === 'launched') && satellites !== 'switch')
      fault(['controller', 'type'], 'only switches have a controller: topo.satellites is not switch');
    if (routing !== 'builtin' && satellites !== 'router') fault(['routing'], 'only routers route: topo.satellites is not router');
    if (delay === 'none' && rate === 'netem') fault(['shaping', 'rate'], 'netem limits no rate when shaping.delay is none');
  });

export type MininetConfig = z.output<typeof configSchema>;

/** Whose packets are captured: as the block says; where it says none, those of ground nodes when the run asks for packets. */
export function capturedInterfaces({ capture }: Pick<MininetConfig, 'capture'>, scenario: Scenario | null): MininetConfig['capture']['interfaces'] {
  return capture.interfaces === 'none' && scenario?.execution.record_pcap ? 'ground' : capture.interfaces;
}
