const COMMON = {
  Name: 'kit net',
  'Duration (s)': 120,
  'satellite link bandwidth ("X" Gbps)': 4.35,
  'sat-ground bandwidth ("X" Gbps)': 2,
  'satellite link loss ("X"% )': 0,
  'sat-ground loss ("X"% )': 1.5,
  'antenna number': 2,
  'IP version': 'IPv4',
  'Link policy': 'LeastDelay',
  'Handover policy': 'instant handover',
};
/** The older format, one shell. */
export const FLAT = {
  ...COMMON,
  'Altitude (km)': 550,
  'Cycle (s)': 5731,
  Inclination: 53,
  'Phase shift': 18,
  '# of orbit': 24,
  '# of satellites': 22,
  'update_time (s)': 0.5,
  'GS number': 2,
  antenna_inclination_angle: 25,
  remote_machine_IP: '192.0.2.1',
  remote_machine_username: 'root',
  remote_machine_password: 'never-to-be-copied',
  'Satellite link': 'grid',
  'Intra-AS routing': 'OSPF',
  'Inter-AS routing': 'BGP',
  'multi-machine ("0" for no, "1" for yes)': 0,
};
export const shell = (inclination: number) => ({ 'Altitude (km)': 560, Inclination: inclination, Orbits: 36, 'Satellites per orbit': 20, 'Phase shift': 18 });
/** The newer format. */
export const SHELLS = {
  ...COMMON,
  Shells: [shell(70), shell(97.6)],
  'step (s)': 1,
  'antenna elevation angle': 30,
  'Satellite link': 'Grid',
  Machines: [{ IP: '192.0.2.1', port: 22, username: 'root', password: 'never-to-be-copied' }],
};
/** A program as StarryNet's users write it. */
export const PROGRAM = `from starrynet.sn_synchronizer import *
if __name__ == "__main__":
    GS_lat_long = [[50.110924, 8.682127],  # Frankfurt
                   [-33.92, 18.42], [46.635700, 14.311817],
                   ]  # three of them
    sn = StarryNet("./config.json", GS_lat_long)
`;
