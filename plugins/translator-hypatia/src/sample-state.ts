import { formatTle, walkerShell } from '@satsim/elements';

const EPOCH = { unixSeconds: Date.UTC(2000, 0, 1) / 1_000, nanos: 0 };

function tles(planes: number, perPlane: number): string {
  const satellites = walkerShell({ name: 'x', pattern: 'delta', planes, perPlane, altitudeKm: 630, inclinationDeg: 51.9, phasing: 0 }, EPOCH);
  const sets = satellites.map(({ elements }, index) => ({ ...elements, objectName: `Kit-630 ${index}` }));
  return `${planes} ${perPlane}\n${formatTle(sets).replaceAll(/^0 /gm, '')}`;
}

/** Each satellite with the next one in its plane, and with the same one in the next plane. */
function isls(planes: number, perPlane: number): string {
  const pairs = Array.from({ length: planes * perPlane }, (_, index) => {
    const [plane, slot] = [Math.floor(index / perPlane), index % perPlane];
    return [plane * perPlane + ((slot + 1) % perPlane), ((plane + 1) % planes) * perPlane + slot].map((other) => [index, other].sort((a, b) => a - b));
  });
  return pairs
    .flat()
    .map((pair) => `${pair.join(' ')}\n`)
    .join('');
}

/** A small state in Hypatia's formats: 6 planes of 8, three stations. */
export const STATE: Readonly<Record<string, string>> = {
  'kit_630/tles.txt': tles(6, 8),
  'kit_630/isls.txt': isls(6, 8),
  'kit_630/ground_stations.txt':
    '0,Manila,14.604200,120.982200,0.000000,-3177879.424386,5292603.275242,1597759.166873\n1,São-Paulo,-23.5475,-46.63611,760.0,0,0,0\n2,Ťbilisi,41.69411,44.83368,400.5,0,0,0\n',
  'kit_630/description.txt': 'max_gsl_length_m=1260000.0000000000\nmax_isl_length_m=5014000.5000000000\n',
};
export const RUN =
  'simulation_end_time_ns=200000000000\nsimulation_seed=123456789\n\nsatellite_network_dir="../kit_630"\ndynamic_state_update_interval_ns=100000000\n\nisl_data_rate_megabit_per_s=20.5\ngsl_data_rate_megabit_per_s=8.0\n';
