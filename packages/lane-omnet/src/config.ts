import { z } from 'zod';

const path = () => z.string().min(1);

/** The block `omnet:` of a scenario. */
export const configSchema = z
  .strictObject({
    root: path()
      .nullable()
      .default(null)
      .describe('Folder of OMNeT++ on this machine, from the working directory; without it opp_run on PATH, $__omnetpp_root_dir or $OMNETPP_ROOT'),
    project_path: path().nullable().default(null).describe("Folder of a project of one's own, relative to the scenario's, that is compiled and run instead"),
    ini_path: path().nullable().default(null).describe('Its ini file, from project_path; simulations/omnetpp.ini, or omnetpp.ini, without it'),
    ini_config: z
      .string()
      .regex(/^[A-Za-z_][\w.-]*$/, 'the name of a section, such as General')
      .default('General')
      .describe('Section of the ini file'),
    run_args: z.array(z.string().min(1)).default([]).describe('More arguments for the simulation, one an item; no shell reads them'),
    trace_mode: z.enum(['file']).default('file').describe('How the ticks come to the simulation: in files, after the last tick'),
    in_flight: z
      .enum(['cut', 'deliver'])
      .default('cut')
      .describe('Packets on a link that goes down: lost, or still delivered (and those in its queue routed anew)'),
    record_vectors: z.boolean().default(true).describe('Write the .vec file: delays, round trips and congestion windows over time'),
    result_format: z.enum(['text', 'sqlite']).default('text').describe('Of the .sca and .vec files'),
  })
  .prefault({})
  .superRefine(({ project_path, ini_path }, context) => {
    if (ini_path !== null && project_path === null)
      context.addIssue({ code: 'custom', path: ['ini_path'], message: 'an ini file needs its project: give project_path too' });
  });

export type OmnetConfig = z.output<typeof configSchema>;
