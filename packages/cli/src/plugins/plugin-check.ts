import { join } from 'node:path';
import { CORE_VERSION, isSatsimError, loadHarnesses, messageOf, missingDependency, missingRequirements, SatsimError } from '@satsim/core';
import type { Contribution, MissingDependencyError, PluginRegistry } from '@satsim/core';
import { pluginContract } from '@satsim/core/testing';
import type { ContractCase, ContributionContract, PluginHarness } from '@satsim/core/testing';

export interface Verdict {
  /** `package`, or the contribution: `lane flow`. */
  readonly about: string;
  readonly rule: string;
  readonly verdict: 'ok' | 'fails' | 'skipped';
  /** Why it fails or is skipped. */
  readonly why: string | null;
}

type Tell = (verdict: Verdict) => Promise<void>;

/**
 * Judges one plugin: its manifest, its module and harness, what it requires of the machine, then its contract by the kit.
 * Without a sound manifest nothing is imported; without what it requires its contract is skipped.
 * @param registry with this plugin alone
 * @param tell hears each verdict as it falls
 * @returns what is wrong: PLUGIN_INVALID, CONTRACT_BROKEN or DEPENDENCY_MISSING, the first of these that applies; or `null`
 */
export async function checkPlugin(registry: PluginRegistry, tell: Tell): Promise<SatsimError | null> {
  const { packageName, contributes } = registry.candidates[0]!;
  let contracts: readonly ContributionContract[];
  try {
    contracts = await judgePackage(registry, tell);
  } catch (error) {
    if (isSatsimError(error)) return error;
    throw error;
  }
  const broken: string[] = [];
  let missing: MissingDependencyError | null = null;
  for (const { kind, name, cases } of contracts) {
    const about = `${kind} ${name}`;
    const lacking = await judgeMachine(
      about,
      contributes.find((one) => one.kind === kind && one.name === name)!,
      tell,
    );
    missing ??= lacking;
    for (const one of cases) {
      const verdict = await judgeCase(about, lacking === null ? one : { ...one, skip: 'this machine lacks what it requires' });
      await tell(verdict);
      if (verdict.verdict === 'fails') broken.push(`${about}: ${one.rule}`);
    }
  }
  if (broken.length === 0) return missing;
  return new SatsimError(
    'CONTRACT_BROKEN',
    `plugin ${packageName} breaks ${broken.length === 1 ? 'a rule' : `${broken.length} rules`} of its contract: ${broken.join('; ')}`,
    {
      hint: 'The report says for each rule what happened',
    },
  );
}

/** @throws SatsimError PLUGIN_INVALID once a rule fails, after the verdict was told */
async function judgePackage(registry: PluginRegistry, tell: Tell): Promise<readonly ContributionContract[]> {
  const candidate = registry.candidates[0]!;
  const { packageName, contributes } = candidate;
  const prefix = `plugin ${packageName}: `;
  const judge = async <Result>(rule: string, work: () => Promise<Result>, skipped: (result: Result) => string | null = () => null): Promise<Result> => {
    try {
      const result = await work();
      const why = skipped(result);
      await tell({ about: 'package', rule, verdict: why === null ? 'ok' : 'skipped', why });
      return result;
    } catch (error) {
      const why = messageOf(error).replace(prefix, '');
      await tell({ about: 'package', rule, verdict: 'fails', why });
      throw isSatsimError(error) ? error : new SatsimError('PLUGIN_INVALID', prefix + why, { cause: error });
    }
  };
  await judge(`the manifest is sound, and its peer range takes in core ${CORE_VERSION}`, async () => {
    if (registry.faults.length > 0) throw new SatsimError('PLUGIN_INVALID', prefix + registry.faults.map(({ message }) => message).join('; '));
  });
  const definitions = await judge('the module can be loaded and exports what the manifest says', () =>
    Promise.all(contributes.map(async ({ kind, name }) => (await registry.load(kind, name)).definition)),
  );
  const contractsBy = (harnesses: readonly unknown[]) =>
    pluginContract({ definitions }, harnesses as readonly PluginHarness[], join(candidate.dir, 'package.json'));
  const contracts = await judge(
    'the harness can be loaded, and is for what the manifest says',
    async () => {
      const harnesses = await loadHarnesses(candidate);
      return harnesses === null ? null : contractsBy(harnesses);
    },
    (found) => (found === null ? 'the package exports no ./harness' : null),
  );
  return contracts ?? contractsBy([]);
}

async function judgeMachine(about: string, contribution: Contribution, tell: Tell): Promise<MissingDependencyError | null> {
  const missing = missingRequirements(contribution);
  const error = missing === null ? null : missingDependency(missing);
  await tell({ about, rule: 'this machine has what it requires', verdict: error === null ? 'ok' : 'fails', why: error?.message ?? null });
  return error;
}

async function judgeCase(about: string, one: ContractCase): Promise<Verdict> {
  const { rule, skip } = one;
  if (skip !== false) return { about, rule, verdict: 'skipped', why: skip };
  try {
    await one.run();
    return { about, rule, verdict: 'ok', why: null };
  } catch (error) {
    return { about, rule, verdict: 'fails', why: messageOf(error) };
  }
}
