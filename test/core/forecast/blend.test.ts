import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { believe, blend } from '../../../src/core/forecast/blend.ts';
import { MEASURED } from '../../../src/core/forecast/calibration.ts';
import type { FittedLaw, Law } from '../../../src/core/law/law.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import type { Shape } from '../../../src/core/report-model.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { absent } from '../shape/reference-data.ts';
import { curveSeries } from './curves.ts';

const OPTIONS = { bootstrap: 0, seed: 1, level: 0.9 };
const TURN: Shape = { label: 'u-shaped', emergent: false, lateRise: false, method: 'test', p: null, detail: {} };

function fitAll(series: StudySeries, ids: readonly string[]) {
  const fitted = new Map<string, FittedLaw>();
  const laws = new Map<string, Law>();
  for (const id of ids) {
    const law = lawById(id) as Law;
    laws.set(id, law);
    const outcome = law.fit({ series, points: [...series.points], study: null }, OPTIONS);
    if (outcome.ok) fitted.set(id, outcome.value);
  }
  return { fitted, laws };
}

const losses = makeSeries(
  Array.from({ length: 14 }, (_, i) => {
    const x = 1e18 * 10 ** (i / 4);
    return makePoint(x, (1.8 + 800 * x ** -0.15) * (1 + 0.003 * Math.sin(5 * i)), i);
  }),
  { isLoss: true },
);

test('losses are blended: weights sum to one, a third or more on plain power laws, the mean lies between the members', () => {
  const { fitted, laws } = fitAll(losses, ['power', 'power-offset', 'shifted-power', 'log-linear']);
  const believed = believe(losses, fitted, laws, null);
  assert.ok(believed !== null);
  assert.equal(believed.chosen, 'power-offset');
  assert.ok(Math.abs(believed.members.reduce((s, m) => s + m.weight, 0) - 1) < 1e-12);
  const model = blend(losses, believed, fitted);
  const answers = model.answers({ x: 1e24 }).map((a) => a.y);
  const y = model.predict({ x: 1e24 });
  assert.ok(y >= Math.min(...answers) - 1e-12 && y <= Math.max(...answers) + 1e-12);
  assert.equal(model.fit.law, 'power-offset');
});

test('a series that turns is never given to a monotone law', () => {
  const { fitted, laws } = fitAll(losses, ['power', 'power-offset', 'log-linear']);
  assert.equal(believe(losses, fitted, laws, TURN), null);
});

test('a broken law that fits worse than the mean is not believed, whatever turns', () => {
  const turning = makeSeries(
    Array.from({ length: 20 }, (_, i) => makePoint(1e18 * 10 ** (i / 6), 0.3 + 0.004 * (i - 9) ** 2, i)),
    { isLoss: false, better: 'higher', lower: 0, upper: 1 },
  );
  const { fitted, laws } = fitAll(turning, ['bnsl1']);
  assert.equal(believe(turning, fitted, laws, TURN)?.chosen, 'bnsl1');
  const own = fitted.get('bnsl1') as FittedLaw;
  const worse = new Map([['bnsl1', { ...own, fit: { ...own.fit, r2: -0.01 } }]]);
  assert.equal(believe(turning, worse, laws, TURN), null);
});

test('a bounded score keeps its sigmoid unless a line is clearly better', () => {
  const at = (f: (i: number) => number) =>
    makeSeries(
      Array.from({ length: 16 }, (_, i) => makePoint(1e18 * 10 ** (i / 4), f(i), i)),
      { isLoss: false, better: 'higher', lower: 0, upper: 1 },
    );
  const rising = at((i) => 1 / (1 + Math.exp(-1.2 * (i / 4 - 2))) + 0.01 * Math.sin(9 * i));
  const falling = at((i) => 0.7 - 0.03 * i + 0.005 * Math.sin(9 * i));
  // A plateau that hardly rises, far from both ends: a sigmoid with a slope worth the name misses all of it.
  const plateau = at((i) => 0.25 + 0.0008 * i + 0.001 * Math.sin(9 * i));
  for (const [series, law] of [
    [rising, 'sigmoid'],
    [falling, 'log-linear'],
    [plateau, 'log-linear'],
  ] as const) {
    const { fitted, laws } = fitAll(series, ['sigmoid', 'log-linear']);
    assert.equal(believe(series, fitted, laws, null)?.chosen, law);
  }
});

test('on the 46 public curves auto beats every single law and its 90 % intervals cover 85 to 95 %', {
  skip: absent('revisiting'),
}, () => {
  let errors = 0;
  let covered = 0;
  const curves = curveSeries();
  for (const { series, cut } of curves) {
    const { forecast } = analyseSeries(series, null, {
      ...DEFAULT_OPTIONS,
      bootstrap: 0,
      shapes: false,
      fitBelow: cut,
      at: 'held-out',
    });
    let square = 0;
    let inside = 0;
    for (const f of forecast) {
      square += Math.log((f.y as number) / (f.actual as number)) ** 2;
      if ((f.actual as number) >= (f.low as number) && (f.actual as number) <= (f.high as number)) inside++;
    }
    errors += Math.sqrt(square / forecast.length);
    covered += inside / forecast.length;
  }
  // The best single law, bnsl1, has 0.0320.
  assert.ok(errors / curves.length < 0.0317, `mean RMSLE ${errors / curves.length}`);
  const share = covered / curves.length;
  assert.ok(share >= 0.85 && share <= 0.95, `covered ${share}`);
  assert.ok(Math.abs(share - MEASURED.curve.covered) < 0.02, `quoted ${MEASURED.curve.covered}, measured ${share}`);
});

test('a broken law whose last break has fewer than three points beyond it is not believed', () => {
  // A smooth power law whose last point happens to lie low: the broken law bends there and would fall off a cliff.
  const series = makeSeries(
    Array.from({ length: 20 }, (_, i) =>
      makePoint(1e18 * 10 ** (i / 6), 4 * 10 ** (-0.02 * i) * (1 + 0.002 * Math.sin(7 * i) - (i === 19 ? 0.02 : 0)), i),
    ),
    { isLoss: true },
  );
  const ids = ['power', 'bnsl1'];
  const laws = new Map(ids.map((id) => [id, lawById(id) as Law]));
  const fitted = new Map<string, FittedLaw>();
  for (const [id, law] of laws) {
    const outcome = law.fit({ series, points: [...series.points], study: null }, { bootstrap: 0, seed: 1, level: 0.9 });
    assert.ok(outcome.ok);
    fitted.set(id, outcome.value);
  }
  const place = fitted.get('bnsl1')?.fit.parameters['d1'] ?? 0;
  assert.ok(series.points.filter((p) => p.x > place).length < 3, `the break lies at ${place}`);
  assert.deepEqual(
    believe(series, fitted, laws, null)?.members.map((m) => m.law),
    ['power'],
  );
});
