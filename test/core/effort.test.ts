import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { type Effort, effortFor, effortNote, FULL, thinned } from '../../src/core/effort.ts';
import type { FittedLaw } from '../../src/core/law/law.ts';
import { lawById } from '../../src/core/law/registry.ts';
import { createRandom } from '../../src/core/stats/random.ts';
import type { StudySeries } from '../../src/core/study/study.ts';
import { makePoint, makeSeries, OPTIONS } from './law/series.ts';

/** Losses of a known surface, or scores of a known sigmoid, over `count` runs of random N and D, in order of compute. */
function study(kind: 'loss' | 'accuracy', count: number): StudySeries {
  const random = createRandom(4, kind);
  const points = Array.from({ length: count }, (_, row) => {
    const params = 10 ** (7.5 + 3 * random.uniform());
    const tokens = params * 10 ** (0.7 + 1.3 * random.uniform());
    const compute = 6 * params * tokens;
    const y =
      kind === 'loss'
        ? 1.7 + 400 / params ** 0.34 + 410 / tokens ** 0.28 + 0.01 * random.normal()
        : Math.min(1, 0.25 + 0.75 / (1 + Math.exp(20.5 - Math.log10(compute))) + 0.02 * random.normal());
    return makePoint(compute, y, row, { params, tokens, compute, stderr: 0.01 });
  }).sort((a, b) => a.x - b.x);
  return kind === 'loss'
    ? makeSeries(points)
    : makeSeries(points, { better: 'higher', isLoss: false, lower: 0, upper: 1, kind: 'discontinuous' });
}

const light = (): Effort => effortFor(Array.from({ length: 200 }, () => study('accuracy', 100)));

function fitted(law: string, series: StudySeries, near?: Readonly<Record<string, number | null>>): FittedLaw {
  const options = { ...OPTIONS, pointOnly: true, ...(near === undefined ? {} : { near }) };
  const outcome = lawById(law)?.fit({ series, points: [...series.points], study: null }, options);
  assert.ok(outcome?.ok, JSON.stringify(outcome));
  return outcome.value;
}

test('a small study is analysed in full, a large one says what was left out', () => {
  assert.equal(effortFor([study('loss', 40)]), FULL);
  assert.equal(effortNote(FULL, 40), null);
  const effort = light();
  assert.equal(effort.name, 'light');
  assert.match(effortNote(effort, 500) ?? '', /72 of 500 points.*--series/);
});

test('thinned points keep both ends and their order', () => {
  const points = [...study('loss', 500).points];
  const some = thinned(points, 72);
  assert.equal(some.length, 72);
  assert.equal(some[0], points[0]);
  assert.equal(some.at(-1), points.at(-1));
  assert.ok(some.every((p, i) => i === 0 || p.x >= (some[i - 1]?.x ?? 0)));
  assert.equal(thinned(points, 500), points);
});

test('a fit from the optimum of some of the points ends where a search on all of them does', () => {
  for (const [law, kind] of [
    ['chinchilla', 'loss'],
    ['power-offset', 'loss'],
    ['sigmoid', 'accuracy'],
  ] as const) {
    const series = study(kind, 400);
    const some = { ...series, points: thinned([...series.points], 72) };
    const near = fitted(law, some).fit.parameters;
    const searched = fitted(law, series).fit;
    const warm = fitted(law, series, near).fit;
    assert.ok(warm.converged, law);
    const ratio = (warm.objective.value ?? 0) / (searched.objective.value ?? 1);
    assert.ok(Math.abs(ratio - 1) < 1e-6, `${law}: objective ${warm.objective.value}, ${searched.objective.value}`);
    for (const [name, value] of Object.entries(searched.parameters)) {
      const size = Math.abs(value ?? 0) || 1;
      assert.ok(Math.abs((warm.parameters[name] ?? 0) - (value ?? 0)) < 1e-3 * size, `${law} ${name}`);
    }
  }
});

test('a start without all its parameters is no start: the law searches', () => {
  const series = study('accuracy', 60);
  const plain = fitted('sigmoid', series).fit;
  assert.deepEqual(fitted('sigmoid', series, { k: 2 }).fit.parameters, plain.parameters);
});

test('with the light effort the chosen law is fitted to every point and says how it was searched', () => {
  for (const kind of ['loss', 'accuracy'] as const) {
    const series = study(kind, 400);
    const report = analyseSeries(series, null, { ...DEFAULT_OPTIONS, effort: light() });
    const fit = report.fits.find((f) => f.law === report.chosen);
    assert.equal(fit?.n, 400);
    assert.ok((fit?.starts.tried ?? 0) > 1, 'the starts of the search on some of the points');
    assert.match((report.notes ?? []).join(' '), /72 of 400 points/);
  }
});
