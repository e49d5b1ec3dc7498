// Draws the picture on every page of docs/findings: for trend.* and fit.* a small simulated study for which the analysis makes
// that very finding, drawn by the renderer of the charts; for the others a small file with the finding in it
// (findings/scenes.ts); then those of further-pictures.ts. Seeded: the same pictures every time.
// Run: npm run pictures (-- --check: nothing is written, stale pictures are named)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_OPTIONS } from '../src/core/analyse-series.ts';
import { readStudy } from '../src/core/read-study.ts';
import { svgChart, svgSheet } from '../src/core/render/svg.ts';
import { viewOf } from '../src/core/render/view.ts';
import type { FitView } from '../src/core/render/view-model.ts';
import { analyse } from '../src/core/report.ts';
import { createRandom } from '../src/core/stats/random.ts';
import { nodeReadPorts } from '../src/node/read-ports.ts';
import { excerptGist } from './findings/excerpt.ts';
import { drawFile, FILE_SCENES } from './findings/scenes.ts';
import { drawFurther, FURTHER, furtherPath, withPicture } from './further-pictures.ts';

interface Scene {
  /** What the reader sees, for those who cannot see it. */
  readonly alt: string;
  /** The study as CSV. */
  readonly csv: string;
  /** Scales of forecasts. */
  readonly at?: readonly number[];
  /** The law that a user asked for; else the analysis chooses. */
  readonly laws?: readonly string[];
  /** Both series side by side instead of the one with the finding. */
  readonly together?: true;
}

interface Curve {
  readonly task: string;
  readonly metric: string;
  readonly chance?: number;
  /** The truth as a function of log10 compute. */
  readonly truth: (u: number) => number;
  /** Standard deviation of the noise; binomial noise of 1,000 questions where it is not given. */
  readonly sd?: number;
}

const QUESTIONS = 1000;
const logistic = (t: number) => 1 / (1 + Math.exp(-t));

/** Models evenly spaced in log compute. */
function study(from: number, to: number, count: number, curves: readonly Curve[], seed = 1): string {
  const lines = ['model,compute,task,metric,score,n,chance'];
  for (const { task, metric, truth, chance, sd } of curves) {
    const random = createRandom(seed, `${task}/${metric}`);
    for (let i = 0; i < count; i++) {
      const u = from + ((to - from) * i) / (count - 1);
      let y = truth(u);
      if (sd === undefined) {
        let correct = 0;
        for (let q = 0; q < QUESTIONS; q++) if (random.uniform() < y) correct++;
        y = correct / QUESTIONS;
      } else y += sd * random.normal();
      const compute = (10 ** u).toExponential(4);
      lines.push(
        `m${i + 1},${compute},${task},${metric},${y.toFixed(4)},${sd === undefined ? QUESTIONS : ''},${chance ?? ''}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A table of N, D and loss from a surface, with a few runs that broke. */
function surface(broken: readonly number[], seed: number): string {
  const random = createRandom(seed, 'surface');
  const lines = ['model,params,tokens,loss'];
  let at = 0;
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 5; j++) {
      const [n, d] = [5e7 * 2.5 ** i, 1e9 * 3.2 ** j];
      const loss = (1.69 + 406.4 * n ** -0.34 + 410.7 * d ** -0.28) * Math.exp(0.004 * random.normal());
      lines.push(`m${at},${n},${d},${(loss * (broken.includes(at) ? 1.1 : 1)).toFixed(4)}`);
      at += 1;
    }
  }
  return `${lines.join('\n')}\n`;
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'trend.inverse': {
    alt: 'Accuracy falls steadily over five decades of compute, from above to far below chance',
    csv: study(18, 23, 11, [
      { task: 'negation', metric: 'accuracy', chance: 0.5, truth: (u) => 0.58 - 0.07 * (u - 18) },
    ]),
  },
  'trend.u-shaped': {
    alt: 'Accuracy falls over the smaller models and rises again over the larger ones',
    csv: study(18, 23, 12, [
      { task: 'hindsight', metric: 'accuracy', chance: 0.25, truth: (u) => 0.32 + 0.13 * Math.abs(u - 20.7) },
    ]),
  },
  'trend.inverted-u': {
    alt: 'Accuracy rises over the smaller models and falls again over the larger ones',
    csv: study(18, 23, 12, [
      { task: 'repetition', metric: 'accuracy', chance: 0.25, truth: (u) => 0.72 - 0.13 * Math.abs(u - 20.3) },
    ]),
  },
  'trend.emergent': {
    alt: 'Accuracy is flat at zero until a threshold near 2e20 FLOP, marked with its interval, and rises beyond it',
    csv: study(18, 23, 16, [
      { task: 'arithmetic', metric: 'accuracy', chance: 0, truth: (u) => 0.004 + 0.28 * Math.max(u - 20.3, 0) },
    ]),
  },
  'trend.mirage': {
    alt: 'Two panels of one task: exact match looks like a sudden jump, the Brier score improves steadily',
    csv: study(18, 23, 14, [
      { task: 'addition', metric: 'exact_match', chance: 0, truth: (u) => logistic(1.25 * (u - 19.2)) ** 12 },
      { task: 'addition', metric: 'brier_score', truth: (u) => 0.75 - 0.115 * (u - 18), sd: 0.008 },
    ]),
    together: true,
  },
  'trend.below-chance': {
    alt: 'Scores of the middle models lie well below the dashed line of chance',
    csv: study(18, 22, 10, [
      {
        task: 'misconceptions',
        metric: 'accuracy',
        chance: 0.25,
        truth: (u) => 0.25 - 0.09 * Math.exp(-(((u - 20.2) / 0.9) ** 2)) + 0.05 * Math.max(0, u - 21),
      },
    ]),
  },
  'fit.extrapolated': {
    alt: 'A loss curve over little more than a decade; the forecast one decade further out lies beyond what backtests reached',
    csv: study(19, 20.3, 7, [
      { task: 'validation', metric: 'loss', truth: (u) => 1.7 + 1.1 * 10 ** (-0.16 * (u - 19)), sd: 0.008 },
    ]),
    at: [1.8e21],
  },
  'fit.at-bound': {
    alt: 'A loss with no plateau in sight: the irreducible value of the fitted curve ends on its bound',
    csv: study(18, 22, 12, [
      {
        task: 'validation',
        metric: 'loss',
        truth: (u) => 4.2 * 10 ** (-0.075 * (u - 18) - 0.006 * (u - 18) ** 2),
        sd: 0.004,
      },
    ]),
  },
  'fit.ill-determined': {
    alt: 'A straight power law fitted with a break that the data do not have: the curve is good, its parameters are anything',
    csv: study(18, 22, 14, [
      { task: 'validation', metric: 'loss', truth: (u) => 4.2 * 10 ** (-0.075 * (u - 18)), sd: 0.01 },
    ]),
    laws: ['bnsl1'],
  },
  'fit.objectives-disagree': {
    alt: 'Loss over compute for a grid of sizes and token counts; the two smallest runs ended a tenth too high',
    csv: surface([0, 1], 1),
  },
  'fit.no-better-than-baseline': {
    alt: 'Accuracy that wanders without a trend: no curve predicts it better than its last value',
    csv: study(18, 22, 12, [
      { task: 'riddles', metric: 'accuracy', chance: 0.25, truth: (u) => 0.5 + 0.03 * Math.sin(2.4 * u), sd: 0.012 },
    ]),
  },
  'fit.too-few': {
    alt: 'Three points and no curve',
    csv: study(19, 21, 3, [{ task: 'reading', metric: 'accuracy', chance: 0.25, truth: (u) => 0.2 * (u - 17) }]),
  },
};

export interface Picture {
  readonly code: string;
  readonly alt: string;
  readonly message: string;
  readonly svg: string;
}

/** The codes that have a picture. */
export const PICTURED: readonly string[] = [...Object.keys(SCENES), ...Object.keys(FILE_SCENES)];

/**
 * One scene through the whole analysis.
 * @throws when the analysis does not make the finding that the scene is for
 */
export async function draw(code: string): Promise<Picture> {
  if (code in FILE_SCENES) return drawFile(code);
  const scene = SCENES[code];
  if (scene === undefined) throw new Error(`no scene for ${code}`);
  const input = { name: `${code}.csv`, bytes: new TextEncoder().encode(scene.csv) };
  const read = await readStudy([input], { assume: true }, nodeReadPorts);
  const { at, laws } = scene;
  const options = { ...DEFAULT_OPTIONS, ...(at === undefined ? {} : { at }), ...(laws === undefined ? {} : { laws }) };
  const report = await analyse(read, options);
  const finding = report.findings.find((f) => f.code === code);
  if (finding === undefined) {
    const made = report.findings.map((f) => f.code).join(', ');
    const laws = report.series.map((s) => `${s.id} ${s.chosen ?? 'no law'} ${s.shape?.label ?? ''}`).join('; ');
    throw new Error(`the scene for ${code} makes ${made === '' ? 'no finding' : made} (${laws})`);
  }
  const view: FitView = viewOf({ uri: code, title: code, version: 0, state: 'ready', message: null, report });
  const series = view.series.find((s) => s.id === finding.series);
  if (series === undefined) throw new Error(`${code} is about no series`);
  const svg =
    scene.together === true
      ? svgSheet(view, { width: 430, height: 330, columns: 2, title: series.task })
      : svgChart(series, { width: 720, height: 400 });
  return { code, alt: scene.alt, message: finding.message, svg };
}

/**
 * What must not change unseen: series, shape and axes in words, and how many points there are. Which law was chosen and how
 * wide its band is may move with the analysis; `npm run pictures` draws them anew.
 */
export function gist(svg: string): string {
  const excerpt = excerptGist(svg);
  if (excerpt !== null) return excerpt;
  const words = [...svg.matchAll(/<text[^>]*(?:font-weight="600"|font-size="12")[^>]*>([^<]*)<\/text>/g)].map(
    ([, text]) => text ?? '',
  );
  const points = svg.match(/a3\.8 3\.8/g)?.length ?? 0;
  return `${[...new Set(words)].sort().join(' | ')} · ${points}`;
}

const page = (code: string) => `docs/findings/${code}.md`;
export const picturePath = (code: string) => `docs/pictures/${code}.svg`;
export const pictureLine = ({ code, alt }: { readonly code: string; readonly alt: string }) =>
  `![${alt}](../pictures/${code}.svg)`;

async function main(check: boolean): Promise<void> {
  mkdirSync('docs/pictures', { recursive: true });
  const troubles: string[] = [];
  for (const code of PICTURED) {
    try {
      const picture = await draw(code);
      if (check) {
        if (gist(readFileSync(picturePath(code), 'utf8')) !== gist(picture.svg)) troubles.push(`${code} is stale`);
        continue;
      }
      writeFileSync(picturePath(code), `${picture.svg}\n`);
      const text = readFileSync(page(code), 'utf8');
      const without = text.replace(/!\[[^\]]*\]\(\.\.\/pictures\/[^)]*\)\n\n/, '');
      writeFileSync(page(code), without.replace(/^## Rule/m, `${pictureLine(picture)}\n\n## Rule`));
      console.log(`${code}: ${picture.message}`);
    } catch (error) {
      troubles.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (const name of Object.keys(FURTHER)) {
    const svg = await drawFurther(name);
    if (check) {
      if (gist(readFileSync(furtherPath(name), 'utf8')) !== gist(svg)) troubles.push(`${name} is stale`);
      continue;
    }
    writeFileSync(furtherPath(name), `${svg}\n`);
    const { page: file } = FURTHER[name] as (typeof FURTHER)[string];
    writeFileSync(file, withPicture(readFileSync(file, 'utf8'), name));
  }
  for (const trouble of troubles) console.error(trouble);
  if (troubles.length > 0) process.exitCode = 1;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  await main(process.argv.includes('--check'));
}
