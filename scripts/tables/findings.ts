/**
 * Measures how often every finding is made, on simulated studies without a fault and with one, and counts it over public
 * files; the tables go into docs/findings/<code>.md: `node scripts/tables/findings.ts` (or with codes to do only those).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FINDING_CODES } from '../../src/core/finding/codes.ts';
import { CURVE_TRIALS } from '../findings/curve-trials.ts';
import { DATA_TRIALS } from '../findings/data-trials.ts';
import { findingsOf, type Trial, told } from '../findings/trial.ts';
import { writeTables } from './page.ts';

export const TRIALS: Readonly<Record<string, readonly Trial[]>> = { ...CURVE_TRIALS, ...DATA_TRIALS };

/** One row of a page's table. */
export function rateRow(trial: Trial, found: number): string {
  return `| ${trial.says} | ${found} of ${trial.count} |`;
}

export const RATE_HEAD = '| simulated studies | told |\n|---|---|';

async function rateTable(code: string): Promise<string> {
  const rows: string[] = [];
  for (const trial of TRIALS[code] ?? []) rows.push(rateRow(trial, await told(code, trial)));
  return [RATE_HEAD, ...rows].join('\n');
}

const SHARED = '../shared/data';
const READ = /\.(?:csv|tsv|json|jsonl|ya?ml|md|txt|parquet|eval)$/;

/** Files of the public data that are results, settings or prose, by path; [] where they are not at hand. */
function publicFiles(): string[] {
  if (!existsSync(SHARED)) return [];
  return (readdirSync(SHARED, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile() && READ.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Public files on which each code is told when every file is read by itself, without fits. */
export async function publicCounts(): Promise<{
  readonly files: number;
  readonly told: ReadonlyMap<string, string[]>;
}> {
  const files = publicFiles();
  const found = new Map<string, string[]>();
  for (const file of files) {
    const findings = await findingsOf({ files: [{ name: relative(SHARED, file), bytes: readFileSync(file) }] }, false);
    for (const code of new Set(findings.map((one) => one.code))) {
      found.set(code, [...(found.get(code) ?? []), relative(SHARED, file)]);
    }
  }
  return { files: files.length, told: found };
}

function publicSentence(files: number, told: readonly string[]): string {
  const names = told.slice(0, 3).map((name) => `\`${name.split('/').slice(-2).join('/')}\``);
  const which = told.length === 0 ? '' : ` (${names.join(', ')}${told.length > 3 ? ' and others' : ''})`;
  return `Of the ${files} public files that the tests read, each by itself, ${told.length} ${told.length === 1 ? 'carries' : 'carry'} it${which}.`;
}

if (import.meta.main) {
  const asked = process.argv.slice(2).filter((word) => word !== '--print');
  const codes = Object.keys(FINDING_CODES).filter((code) => asked.length === 0 || asked.includes(code));
  const counted = codes.some((code) => code in DATA_TRIALS) ? await publicCounts() : null;
  for (const code of codes) {
    const tables = new Map([['rates', await rateTable(code)]]);
    if (code in DATA_TRIALS && code !== 'manifest.invalid' && counted !== null && counted.files > 0)
      tables.set('public', publicSentence(counted.files, counted.told.get(code) ?? []));
    console.log(`${code}\n${[...tables.values()].join('\n')}\n`);
    if (!process.argv.includes('--print')) writeTables(`findings/${code}.md`, tables);
  }
}
