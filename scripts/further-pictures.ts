// The pictures of docs/slices.md and docs/passuntil.md: the further charts of a sliced task and of a pass rate, drawn by the
// renderer of the panel. Written by `npm run pictures` together with those of the findings.
import { readFileSync } from 'node:fs';
import { DEFAULT_OPTIONS } from '../src/core/analyse-series.ts';
import { readStudy } from '../src/core/read-study.ts';
import { svgPicture } from '../src/core/render/svg-picture.ts';
import { viewOf } from '../src/core/render/view.ts';
import type { PictureView } from '../src/core/render/view-model.ts';
import { analyse } from '../src/core/report.ts';
import { createRandom } from '../src/core/stats/random.ts';
import { nodeReadPorts } from '../src/node/read-ports.ts';

interface Further {
  readonly picture: PictureView['id'];
  /** The page, and the heading before which the picture stands. */
  readonly page: string;
  readonly before: string;
  readonly alt: string;
  /** A file of the project, or a study as CSV. */
  readonly study: () => string;
}

/**
 * A task that begins to rise at 10²² FLOP: its easy questions get worse before, its hard ones better, so that their mean,
 * and with it accuracy, stays flat.
 */
function sliced(): string {
  const random = createRandom(4, 'slices');
  const lines = ['task,model,flop,accuracy,tc_brier,g1_tc,g2_tc,g3_tc'];
  for (let i = 0; i < 36; i++) {
    const u = 20 + (3.4 * i) / 35;
    const rise = Math.max(0, u - 22);
    const noise = () => 0.012 * random.normal();
    const easy = -0.4 - 0.06 * (u - 20) + 0.03 * Math.max(0, u - 21.2) ** 2 + 0.2 * rise + noise();
    const medium = -0.6 + 0.16 * rise + noise();
    const hard = -0.78 + 0.055 * (u - 20) + 0.12 * rise + noise();
    const accuracy = 0.25 + 0.32 * rise + 0.006 * random.normal();
    const tc = (easy + medium + hard) / 3;
    lines.push(
      `arithmetic,m${i + 1},${[10 ** u, accuracy, tc, easy, medium, hard].map((v) => v.toPrecision(5)).join(',')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const FURTHER: Readonly<Record<string, Further>> = {
  slices: {
    picture: 'slices',
    page: 'docs/slices.md',
    before: '## Making groups from per-question files',
    alt: 'Easy questions get worse with scale and turn before the threshold, hard ones improve throughout; beyond the threshold all groups rise, but the degree-5 fit of the easy group bends down within half a decade, and the mean of both fits with it',
    study: sliced,
  },
  'slice-forecast': {
    picture: 'slice-forecast',
    page: 'docs/slices.md',
    before: '## Making groups from per-question files',
    alt: 'Accuracy is flat below the threshold; beyond it the published route turns down where the models rise, and the slice ensemble turns up, too little, with a wide band that holds the larger models',
    study: sliced,
  },
  'pass-until': {
    picture: 'pass-until',
    page: 'docs/passuntil.md',
    before: '### Accelerated emergence, and what only looks like it',
    alt: 'log of minus log of the pass rate falls along a line over model size; the mean over instances bends slightly below it',
    study: () => readFileSync('examples/passuntil/coins-counts.csv', 'utf8'),
  },
};

export const furtherPath = (name: string) => `docs/pictures/${name}.svg`;
export const furtherLine = (name: string) => `![${FURTHER[name]?.alt ?? ''}](pictures/${name}.svg)`;

/** Draws one; an error when the analysis gives no such picture. */
export async function drawFurther(name: string): Promise<string> {
  const further = FURTHER[name] as Further;
  const study = await readStudy([{ name: 'coins.csv', text: further.study() }], {}, nodeReadPorts);
  const report = await analyse(study, { ...DEFAULT_OPTIONS });
  const { series } = viewOf({ uri: '', title: '', version: 0, state: 'ready', message: null, report });
  for (const one of series) {
    const picture = one.pictures.find(({ id }) => id === further.picture);
    if (picture !== undefined) return svgPicture(one, picture, { width: 720, height: 400 });
  }
  throw new Error(`${name}: the analysis gives no such picture`);
}

/** The page with the picture before its heading, wherever it stood. */
export function withPicture(text: string, name: string): string {
  const { before } = FURTHER[name] as Further;
  const own = new RegExp(`!\\[[^\\]]*\\]\\(pictures/${name}\\.svg\\)\\n\\n`);
  return text.replace(own, '').replace(`\n${before}`, `\n${furtherLine(name)}\n\n${before}`);
}
