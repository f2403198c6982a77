import { z } from 'zod';
import { altitudeM, count, duration, elevation, finite, latitude, longitude, nodeIdSchema, nonNegative, percent, positive, range } from './scenario-fields.js';

/** The sections of a scenario that say what network there is: constellation, ground, terminals, links. */

/** A zero too many would otherwise end in a lack of memory. */
const MOST_SATELLITES_OF_A_SHELL = 100_000;

const walker = z
  .strictObject({
    name: nodeIdSchema.describe('Satellites are called <name>-<plane>-<slot>, counted from 1'),
    pattern: z.enum(['star', 'delta']).default('delta').describe('Ascending nodes over half the equator, or all of it'),
    planes: z.int().positive().max(MOST_SATELLITES_OF_A_SHELL).describe('Orbital planes'),
    per_plane: z.int().positive().max(MOST_SATELLITES_OF_A_SHELL).describe('Satellites in a plane'),
    altitude_km: finite().min(100).max(400_000).describe('Above 6378.135 km'),
    inclination_deg: finite().min(0).max(180).describe('Of all planes'),
    phasing: count().default(0).describe('Walker F, 0 to planes - 1'),
    raan_spread_deg: positive().max(360).optional().describe('180 for star and 360 for delta by default'),
  })
  .refine(({ planes, per_plane }) => Math.max(planes, per_plane) > MOST_SATELLITES_OF_A_SHELL || planes * per_plane <= MOST_SATELLITES_OF_A_SHELL, {
    message: `a shell has at most ${MOST_SATELLITES_OF_A_SHELL} satellites, planes × per_plane`,
    path: ['per_plane'],
  });

const elements = z.strictObject({
  file: z.string().min(1).describe('OMM (JSON, XML, CSV, KVN), TLE or 3LE; or imported element sets: sha256:… or their name'),
  select: z
    .strictObject({
      name: z.string().optional().describe('Pattern with * and ?'),
      catalog: z.array(z.int().positive()).optional().describe('Catalogue numbers'),
      inclination_deg: range().optional().describe('[low, high]'),
      altitude_km: range().optional().describe('Mean altitude above 6378.135 km, [low, high]'),
    })
    .optional()
    .describe('Only satellites that meet every condition given'),
  limit: z.int().positive().optional().describe('The first n, after selection'),
});

export const constellationItem = z.union([
  z.strictObject({ walker: walker.describe('A Walker shell of circular orbits, epoch t0') }),
  z.strictObject({ elements: elements.describe('Satellites of an element file') }),
]);

const groundRole = z.enum(['ground_station', 'user_terminal']);
/** What a place on the ground may be, whether it is one of its own, of a file or a city. */
const ofGround = {
  relay: z.boolean().default(false).describe('May carry traffic of others'),
  min_elevation_deg: elevation().optional().describe('Least elevation of satellites, where it is above that of links.gsl'),
};
const ROLE = 'Which terminal profile applies';
const masked = {
  ...ofGround,
  elevation_mask: z
    .array(z.tuple([finite().min(0).lt(360), elevation()]))
    .min(1)
    .optional()
    .describe('[[azimuth_deg, elevation_deg], …]: least elevation by azimuth (clockwise from north, ascending), linear between the points and across north'),
};

const site = z.strictObject({
  id: nodeIdSchema.describe('Of the node'),
  lat: latitude().describe('WGS-84 geodetic latitude, degrees'),
  lon: longitude().describe('Degrees east'),
  alt_m: altitudeM().default(0).describe('Above the ellipsoid'),
  role: groundRole.default('ground_station').describe(ROLE),
  ...masked,
});
const waypoint = z.strictObject({
  at: duration().describe('After t0'),
  lat: latitude().describe('WGS-84 geodetic latitude, degrees'),
  lon: longitude().describe('Degrees east'),
  alt_m: altitudeM().default(0).describe('Above the ellipsoid'),
});
const movingSite = z.strictObject({
  id: nodeIdSchema.describe('Of the node'),
  role: groundRole.default('user_terminal').describe(ROLE),
  ...masked,
  waypoints: z
    .array(waypoint)
    .min(1)
    .describe('Where it is when: between two it goes along the great circle at constant speed; it stands at the first before and at the last afterwards'),
});
const csvSites = z.strictObject({
  csv: z
    .strictObject({
      file: z.string().min(1).describe('One site a row'),
      columns: z
        .strictObject({
          id: count().describe('The name; made an id'),
          lat: count().describe('Degrees'),
          lon: count().describe('Degrees east'),
          alt_m: count().optional().describe('Metres'),
        })
        .describe('Column numbers from 0'),
      role: groundRole.default('user_terminal').describe(ROLE),
      ...ofGround,
      limit: z.int().positive().optional().describe('The first n rows'),
    })
    .describe('Sites of a file'),
});
const citySites = z.strictObject({
  cities: z
    .strictObject({
      top: z.int().positive().describe('The n most populous cities of the world'),
      role: groundRole.default('user_terminal').describe(ROLE),
      ...ofGround,
    })
    .describe('Sites from the packaged city data, with ids such as tokyo, new-york'),
});
export const groundItem = z.union([site, movingSite, csvSites, citySites]);

export const terminal = z.strictObject({
  frequency_ghz: positive().optional().describe('Transmit frequency'),
  bandwidth_mhz: positive().optional().describe('Transmit bandwidth'),
  eirp_dbw: finite().optional().describe('Transmit power times antenna gain'),
  g_over_t_db_per_k: finite().optional().describe('Receive gain over noise temperature, in clear sky'),
  polarization: z.enum(['circular', 'horizontal', 'vertical']).optional().describe('Transmit polarization, which rain cares about; circular by default'),
  noise_temperature_k: positive().optional().describe("On the ground; receive, clear sky: the atmosphere's own noise then lowers G/T; without it, it does not"),
  antennas: z.int().positive().optional().describe('On the ground: satellites that can be served at a time'),
  beams: z.int().positive().max(4096).optional().describe('Satellites: beams at a time; no limit by default'),
  terminals_per_beam: z.int().positive().max(65_535).optional().describe("Satellites: terminals that share a beam's capacity; 1 by default"),
});

const islBudget = z.strictObject({
  frequency_ghz: positive().describe('Of both ends'),
  bandwidth_mhz: positive().describe('Of both ends'),
  eirp_dbw: finite().describe('Of both ends'),
  g_over_t_db_per_k: finite().describe('Of both ends'),
});

const isl = z.strictObject({
  pattern: z.enum(['plus_grid', 'nearest', 'explicit', 'none']).default('plus_grid').describe('Who is linked to whom'),
  neighbors: z.int().positive().optional().describe('nearest: links per satellite, 4 by default'),
  pairs: z
    .array(z.tuple([nodeIdSchema, nodeIdSchema]))
    .optional()
    .describe('explicit: the pairs'),
  max_range_km: positive().optional().describe('Links that get longer are down'),
  min_altitude_km: nonNegative().default(80).describe('Atmosphere that a line of sight must clear'),
  polar_cutoff_lat_deg: elevation().optional().describe('Links between planes are down beyond this latitude'),
  seam: z.boolean().default(false).describe('Star patterns: link the counter-rotating planes too'),
  capacity_mbps: positive().optional().describe('Fixed; 10000 by default, unless there is a budget'),
  budget: islBudget.optional().describe('Radio links: capacity by SNR and links.adaptation, instead of capacity_mbps'),
  processing_delay_ms: nonNegative().default(0).describe('Added to range / c'),
});

const gsl = z.strictObject({
  min_elevation_deg: elevation().default(10).describe('Elevation mask'),
  policy: z
    .enum(['all_visible', 'max_elevation', 'longest_visible', 'max_snr', 'least_loaded', 'scheduled'])
    .default('max_elevation')
    .describe('Which visible satellites are used'),
  hysteresis_deg: nonNegative().default(0).describe('Elevation by which another satellite must be better'),
  schedule: z
    .strictObject({
      period: duration().default('15s').describe('Between reconfigurations'),
      offset: duration().default('12s').describe('Of them after the Unix epoch, modulo the period: 12, 27, 42 and 57 s of every UTC minute by default'),
    })
    .optional()
    .describe('scheduled: when all terminals are assigned anew'),
  handover_outage: duration().default('0s').describe('A link is down for so long after a handover to it; 0s is make before break'),
  processing_delay_ms: nonNegative().default(0).describe('Added to range / c'),
  gases: z.boolean().default(true).describe('Attenuation by oxygen and water vapour is in the link budget'),
  capacity_mbps: positive().optional().describe('Fixed, instead of the link budget; loss is then 0, unless loss_pct is given'),
  loss_pct: percent().optional().describe("Fixed, instead of the link budget's loss; its capacity stays"),
});

export const thresholds = z.strictObject({
  delay_ms: nonNegative().optional().describe('A link is sent again when it differs by more; 0.01 by default'),
  capacity_mbps: nonNegative().optional().describe('0.1 by default'),
  loss_pct: nonNegative().optional().describe('0.01 by default'),
});

const adaptation = z.strictObject({
  modcods: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Unique'),
        min_snr_db: finite().describe('Es/N0 from which it works'),
        spectral_efficiency: positive().describe('Bit per symbol; a symbol rate is the bandwidth / 1.2'),
      }),
    )
    .min(1)
    .optional()
    .describe('Instead of the DVB-S2X table; spectral efficiency in bit per symbol'),
  margin_db: nonNegative().default(0).describe("Kept above a step's SNR"),
  hysteresis_db: nonNegative().default(0).describe('By which the SNR must be better for a step up'),
});

const terrestrial = z.strictObject({
  a: nodeIdSchema.describe('Ground node'),
  b: nodeIdSchema.describe('Ground node'),
  delay_ms: nonNegative().describe('One way'),
  capacity_mbps: positive().default(1_000).describe('In each direction'),
  loss_pct: percent().default(0).describe('In each direction'),
});

export const links = z.strictObject({
  isl: isl.optional().describe('Inter-satellite links'),
  gsl: gsl.optional().describe('Links between satellites and ground nodes'),
  adaptation: adaptation.optional().describe('How the link budget becomes capacity'),
  thresholds: thresholds.optional().describe('A link is sent again when it differs by more from what was last sent'),
  terrestrial: z.array(terrestrial).optional().describe('Links between ground nodes, in both directions'),
});
