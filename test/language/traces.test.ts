// Every derived value can be traced in a hover: the value, the rule, the cell it came from. Whole tables are read and the
// pointer put on a cell, as the language server does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStudy } from '../../src/core/read-study.ts';
import { hoverAt } from '../../src/language/hover.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';

type Hover = (file: string, needle: string) => string;

/** Reads files as one study; the hover answers for the first place of a text. */
async function hovers(files: Readonly<Record<string, string>>): Promise<Hover> {
  const { 'scaling.yaml': manifest, ...data } = files;
  const inputs = Object.entries(data).map(([name, text]) => ({ name, text }));
  const options = manifest === undefined ? {} : { manifest: { name: 'scaling.yaml', text: manifest } };
  const study = await readStudy(inputs, options, nodeReadPorts);
  return (file, needle) => {
    const at = (data[file] ?? '').indexOf(needle);
    assert.ok(at >= 0, `${needle} is in ${file}`);
    // Escapes and unbreakable spaces are for the editor.
    return (hoverAt({ study, file, outcome: null }, at)?.value ?? '').replaceAll('\\', '').replaceAll('\u00a0', ' ');
  };
}

const rows = (head: string, line: (i: number) => string, count = 8): string =>
  `${[head, ...Array.from({ length: count }, (_, i) => line(i))].join('\n')}\n`;
const score = (i: number): string => (0.25 + 0.06 * i).toFixed(3);

test('sizes: from a cell and its unit, from the name, by 6ND both ways', async () => {
  const cells = await hovers({
    'a.csv': rows('model,params (M),tokens (T),acc', (i) => `m${i},${10 * 2 ** i},${0.1 * 2 ** i},${score(i)}`),
  });
  const run = cells('a.csv', 'm3');
  assert.match(run, /N = 80M parameters: N = 8e7 from “80” × 1e6 in column “params \(M\)”/);
  assert.match(run, /D = 800B tokens: .* from “0.8” × 1e12 in column “tokens \(T\)”/);
  assert.match(run, /C = .* = 6·N·D, derived: the file states no compute/);

  const back = await hovers({
    'b.csv': rows('model,params,flops,acc', (i) => `m${i},${1e7 * 2 ** i},${1e18 * 4 ** i},${score(i)}`),
  });
  assert.match(back('b.csv', 'm3'), /D = .* = C\/\(6N\), derived: the file states no tokens/);

  const sizes = ['10m', '20m', '40m', '80m', '160m', '320m', '640m', '1.3b'];
  const named = await hovers({ 'c.csv': rows('model,acc', (i) => `mine-${sizes[i]},${score(i)}`) });
  assert.match(named('c.csv', 'mine-80m'), /N = 80M parameters: .*from “80m” in the name mine-80m \(.+\), nominal/);
  const published = await hovers({
    'd.csv': rows('model,acc', (i) => `pythia-${['14m', '70m', '160m', '410m'][i]},${score(i)}`, 4),
  });
  assert.match(published('d.csv', 'pythia-160m'), /the published exact count of pythia-160m/);
});

test('a joined size is traced to the cell of the other file', async () => {
  const hover = await hovers({
    'evals.csv': rows('model,task,metric,score', (i) => `M${i},arc_challenge,acc,${score(i)}`),
    'sizes/models.csv': rows('model,params (B),tokens (T)', (i) => `m${i},${0.007 * 2 ** i},${0.1 * 2 ** i}`),
  });
  assert.match(
    hover('evals.csv', 'M3'),
    /N = 5.6e7 from “0.056” × 1e9 in column “params \(B\)” of models.csv:5:4, joined on the model name “M3”/,
  );
  assert.match(hover('evals.csv', '0.430'), /x: C = .*6·N·D/);
});

test('a size that the manifest pins says so', async () => {
  const hover = await hovers({
    'a.csv': rows('model,acc', (i) => `m${i},${score(i)}`, 5),
    'scaling.yaml': `version: 1\nmodels:\n${[0, 1, 2, 3, 4].map((i) => `  m${i}: {N: ${10 * 2 ** i}M}`).join('\n')}\n`,
  });
  assert.match(hover('a.csv', 'm3'), /N = 8e7 pinned for m3 in scaling.yaml/);
  assert.match(hover('a.csv', '0.430'), /x: N = 8e7 pinned for m3/);
});

test('a standard error: the cell, the interval, the count, the spread of seeds', async () => {
  const stated = await hovers({
    'a.csv': rows('model,params,task,metric,score,stderr', (i) => {
      const p = Number(score(i));
      return `m${i},${1e7 * 2 ** i},arc_challenge,acc,${score(i)},${Math.sqrt((p * (1 - p)) / 999).toFixed(6)}`;
    }),
  });
  assert.match(stated('a.csv', '0.430'), /± .*: “0.015664” in column “stderr”/);
  assert.match(stated('a.csv', '0.430'), /n = 1000: from scores and standard errors, s² = p\(1 − p\)\/\(n − 1\)/);
  assert.match(stated('a.csv', '0.430'), /chance 0.25: task registry: arc_challenge/);

  const interval = await hovers({
    'b.csv': rows('model,params,low,high,acc', (i) => {
      const p = Number(score(i));
      return `m${i},${1e7 * 2 ** i},${(p - 0.05).toFixed(3)},${(p + 0.05).toFixed(3)},${score(i)}`;
    }),
  });
  assert.match(interval('b.csv', '0.430'), /± 0.0255: width of the 95 % interval from “low” to “high”/);

  const counted = await hovers({
    'c.csv': rows('model,params,task,acc,n', (i) => `m${i},${1e7 * 2 ** i},boolq,${45 + 3 * i},500`),
  });
  const percent = counted('c.csv', '54,');
  assert.match(percent, /unit %/);
  assert.match(percent, /± 2.23: √\(p\(1 − p\)\/n\) of p = 0.54 and n = 500; the file states none/);
  assert.match(percent, /n = 500: column “n”/);

  const seeds = await hovers({
    'd.csv': rows('model,params,seed,acc', (i) => `m${i >> 1},${1e7 * 2 ** (i >> 1)},${i % 2},${score(i)}`, 12),
    'scaling.yaml': 'version: 1\nselect: {seeds: mean}\n',
  });
  assert.match(seeds('d.csv', score(4)), /spread of this model's runs, of which the score is the mean/);
});

test('values that set series apart lead to their series, by name', async () => {
  const hover = await hovers({
    'a.csv': rows(
      'model,params,task,metric,dataset,score',
      (i) => `m${i >> 1},${1e7 * 2 ** (i >> 1)},boolq,acc,${i % 2 === 0 ? 'rpj' : 'c4'},${score(i >> 1)}`,
      16,
    ),
  });
  assert.match(hover('a.csv', 'c4'), /boolq/);
});
