// Does typing stay smooth? Runs the suite beside this file in a real VS Code and passes on what it says.
import { join } from 'node:path';
import { runHostSuites } from '../host/run.ts';

/** What the suite measured, line by line. @throws when it could not be run */
export async function measureTyping(): Promise<string> {
  const { results, output, failure } = await runHostSuites(join(import.meta.dirname, 'host'));
  const failed = results.find(({ outcome }) => outcome !== 'ok');
  if (failed !== undefined || failure !== null || results.length === 0)
    throw new Error(failed?.detail ?? `${failure}\n${output}`);
  return [...output.matchAll(/^# (.*)$/gm)].map(([, line]) => line).join('\n');
}
