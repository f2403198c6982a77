import { Session } from 'node:inspector/promises';

/** A function's own share of the time, without what it calls. */
export interface FunctionShare {
  readonly share: number;
  readonly name: string;
  /** File and line, from the package on. */
  readonly where: string;
}

/** Profiles this thread from now until the result is asked for. */
export async function profileFunctions(): Promise<() => Promise<readonly FunctionShare[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    const named = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    const spent = new Map<string, { us: number; name: string; where: string }>();
    let total = 0;
    profile.samples!.forEach((id, i) => {
      const { functionName, url, lineNumber } = named.get(id)!;
      if (functionName === '(idle)') return;
      const where = url === '' ? '' : `${url.replace(/^.*\/(?=(packages|plugins|node_modules|benchmarks)\/)/, '')}:${lineNumber + 1}`;
      const key = `${functionName} ${where}`;
      const entry = spent.get(key) ?? { us: 0, name: functionName === '' ? '(anonymous)' : functionName, where };
      entry.us += profile.timeDeltas![i]!;
      total += profile.timeDeltas![i]!;
      spent.set(key, entry);
    });
    return [...spent.values()]
      .toSorted((a, b) => b.us - a.us)
      .slice(0, 25)
      .map(({ us, name, where }) => ({ share: us / total, name, where }));
  };
}
