/** Labels and every intermediate number against 106 real series, and what bad input does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShapeResult } from '../../../src/core/shape/classify.ts';
import { classifyShape } from '../../../src/core/shape/classify.ts';
import type { ShapeInput } from '../../../src/core/shape/orient.ts';
import { absent, column, type Row, referenceCsv } from './reference-data.ts';

const NAMES: Readonly<Record<string, string>> = { 'u-shaped': 'U-shaped', 'inverted-u': 'inverted-U' };

const NUMBERS: Readonly<Record<string, string>> = {
  slope: 'slope',
  slope_p: 'slopeP',
  quad_p: 'quadraticP',
  breakpoint: 'breakpoint',
  p_low: 'pLow',
  p_high: 'pHigh',
  b_low: 'slopeLow',
  b_high: 'slopeHigh',
  hinge_tau: 'hingeTau',
  daicc: 'deltaAiccLinear',
  z_last_first: 'zLastFirst',
  dip_z: 'dipZ',
  bump_z: 'bumpZ',
};

function compare(reference: Row, result: ShapeResult): void {
  const name = `${reference.source} ${reference.series}`;
  const { shape } = result;
  const label = shape.emergent ? 'emergent' : (NAMES[shape.label] ?? shape.label);
  assert.equal(label, reference.label, name);
  assert.equal(String(shape.detail.models), reference.n_points, name);
  assert.equal(shape.method, reference.mode, name);
  for (const [theirs, ours] of Object.entries(NUMBERS)) {
    const text = reference[theirs] ?? '';
    if (text === '') continue;
    const value = shape.detail[ours];
    assert.equal(typeof value, 'number', `${name} ${theirs}`);
    assert.ok(Math.abs((value as number) - Number(text)) <= 1e-6, `${name} ${theirs}: ${String(value)} for ${text}`);
  }
  if (reference.late_rise) assert.equal(String(shape.lateRise), reference.late_rise.toLowerCase(), name);
}

const CHANCE: Readonly<Record<string, number>> = {
  analogical_similarity: 0.145,
  abstract_narrative_understanding: 0.1,
};
const SLICE: Readonly<Record<string, string>> = {
  accuracy: 'acc',
  tc_brier: 'tc_brier',
  easy_tc: 'g1_tc',
  medium_tc: 'g2_tc',
  hard_tc: 'g3_tc',
};

function inputOf(reference: Row): ShapeInput {
  const [task = '', metric = '', family = ''] = (reference.series ?? '').split('|');
  const source = reference.source ?? '';
  const none = { stderr: null, ceiling: null, better: 'higher' } as const;
  const accuracy = metric === 'accuracy';
  if (source.startsWith('ExpEmergence')) {
    const below = source.includes('below T');
    const rows = referenceCsv(`slice-and-sandwich/tidy/${task}_g3.csv`).filter(
      (row) => row.excluded === '' && (!below || row.split === 'train'),
    );
    return {
      ...none,
      x: column(rows, 'log10_flop_1e21').map((x) => 10 ** x),
      y: column(rows, SLICE[metric] ?? ''),
      chance: accuracy ? (CHANCE[task] ?? 0.25) : null,
      lower: accuracy ? 0 : -1,
      upper: accuracy ? 1 : 0,
    };
  }
  if (source.startsWith('ObsScaling')) {
    const rows = referenceCsv('emergent/obsscaling_bigbench_emergent.csv').filter(
      (row) => row[task] !== '' && row.log10_flop_1e21 !== '',
    );
    const x = column(rows, 'log10_flop_1e21').map((value) => 10 ** value);
    return { ...none, x, y: column(rows, task), chance: 0, lower: 0, upper: task.endsWith('bleu') ? 100 : 1 };
  }
  if (source === 'prize OPT') {
    const rows = referenceCsv('inverse-scaling/prize_opt_read.csv').filter(
      (row) => row.task === task && row.metric === metric && row.status === 'read',
    );
    return {
      ...none,
      x: column(rows, 'params'),
      y: column(rows, 'value'),
      n: column(rows, 'n'),
      chance: null,
      lower: 0,
      upper: 1,
    };
  }
  const names = metric === 'logodds' ? ['logodds', 'logodds_difference'] : [metric];
  const rows = referenceCsv('inverse-scaling/all_results.csv').filter(
    (row) =>
      row.experiment === task &&
      names.includes(row.metric ?? '') &&
      row.family === family &&
      row.mean !== '' &&
      row.sem_pop !== '',
  );
  return {
    x: column(rows, 'params'),
    y: column(rows, 'mean'),
    stderr: column(rows, 'sem_pop'),
    n: column(rows, 'n_valid'),
    better: accuracy ? 'higher' : 'lower',
    chance: null,
    ceiling: null,
    lower: accuracy ? 0 : null,
    upper: accuracy ? 1 : null,
  };
}

test('labels, slopes, p values, breaks and z values of the real reference', { skip: absent('shape') }, () => {
  const rows = referenceCsv('shape/real_reference.csv');
  assert.equal(rows.length, 106);
  for (const row of rows) compare(row, classifyShape(inputOf(row), { resamples: 0 }));
});

function ladder(y: readonly number[], more: Partial<ShapeInput> = {}): ShapeInput {
  return {
    x: y.map((_, i) => 10 ** (20 + i * 0.4)),
    y,
    stderr: null,
    better: 'higher',
    chance: null,
    ceiling: null,
    lower: 0,
    upper: 1,
    ...more,
  };
}

test('too few models or distinct scales: inconclusive with the reason, nothing thrown', () => {
  for (const y of [[], [0.3], [0.3, 0.4]]) {
    const { shape, threshold } = classifyShape(ladder(y));
    assert.equal(shape.label, 'inconclusive');
    assert.equal(threshold, null);
    assert.match(String(shape.detail.why), /at least three/);
  }
  const equal = classifyShape(ladder([0.1, 0.2, 0.3, 0.4], { x: [1e20, 1e20, 1e20, 1e20] }));
  assert.equal(equal.shape.label, 'inconclusive');
  assert.match(String(equal.shape.detail.why), /same scale/);
  const two = classifyShape(ladder([0.1, 0.2, 0.3, 0.4], { x: [1e20, 1e20, 1e22, 1e22] }));
  assert.match(String(two.shape.detail.why), /two distinct/);
});

test('a result never holds NaN or Infinity', () => {
  const series = [
    ladder([0.5, 0.5, 0.5, 0.5], { stderr: [0, 0, 0, 0] }),
    ladder([0, 0.5, 1, 1], { stderr: [0, 0, 0, 0] }),
    ladder(Array.from({ length: 10 }, () => 0.5)),
    ladder(Array.from({ length: 10 }, (_, i) => 0.05 * i)),
    ladder(Array.from({ length: 10 }, (_, i) => 0.1 + Math.max(0, i - 5) * 0.1)),
    ladder([0.1, Number.NaN, 0.2, Number.POSITIVE_INFINITY, 0.4, 0.2, 0.1, 0.3, 0.2, 0.1], { chance: 0.1 }),
    ladder([0.1, 0.2, 0.3, 0.4], { x: [-1, 0, 1e20, 1e21] }),
  ];
  for (const input of series) {
    const result = classifyShape(input);
    const walk = (value: unknown, path: string): void => {
      if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`);
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`);
    };
    walk(result, 'result');
  }
});

test('a constant series is flat, an exact line positive, an exact hinge a late rise with its threshold', () => {
  assert.equal(classifyShape(ladder(Array.from({ length: 10 }, () => 0.5))).shape.label, 'flat');
  const line = classifyShape(ladder(Array.from({ length: 10 }, (_, i) => 0.05 * i))).shape;
  assert.deepEqual([line.label, line.lateRise], ['positive', false]);
  const y = Array.from({ length: 12 }, (_, i) => 0.25 + Math.max(0, i - 5.5) * 0.08);
  const hinge = classifyShape(ladder(y, { chance: 0.25 }));
  assert.deepEqual([hinge.shape.label, hinge.shape.emergent], ['positive', true]);
  assert.ok(Math.abs(Math.log10(hinge.threshold?.x ?? 1) - (20 + 5.5 * 0.4)) < 1e-9);
});

test('percent and fraction, order of rows and direction make no difference', () => {
  const y = [0.25, 0.26, 0.24, 0.27, 0.25, 0.31, 0.36, 0.43, 0.5, 0.55];
  const one = classifyShape(ladder(y, { chance: 0.25 }));
  const percent = classifyShape(
    ladder(
      y.map((v) => 100 * v),
      { upper: 100, chance: 25 },
    ),
  );
  assert.equal(percent.shape.label, one.shape.label);
  assert.ok(Math.abs((percent.shape.detail.slope as number) - (one.shape.detail.slope as number)) < 1e-12);
  const input = ladder(y, { chance: 0.25 });
  const reversed = classifyShape({ ...input, x: Array.from(input.x).reverse(), y: [...y].reverse() });
  assert.deepEqual(reversed.shape, one.shape);
  const lower = classifyShape(
    ladder(
      y.map((v) => -v),
      { better: 'lower', lower: null, upper: null },
    ),
  );
  assert.equal(lower.shape.label, one.shape.label);
});

test('partial runs are dropped and said', () => {
  const input = ladder([0.2, 0.9, 0.3, 0.4], { n: [1000, 100, 1000, 1000] });
  const { shape } = classifyShape(input);
  assert.equal(shape.detail.models, 3);
  assert.match(String((shape.detail.notes as string[])[0]), /partial run: 100 of 1000/);
});

test('flat over less than half a decade is inconclusive', () => {
  const x = Array.from({ length: 10 }, (_, i) => 10 ** (20 + 0.03 * i));
  const { shape } = classifyShape(
    ladder(
      Array.from({ length: 10 }, () => 0.5),
      { x },
    ),
  );
  assert.equal(shape.label, 'inconclusive');
  assert.match((shape.detail.notes as string[]).join(' '), /half a decade/);
});

test('few models without errors: trend by exact rank test, never a turn', () => {
  const falling = classifyShape(ladder([0.5, 0.45, 0.4, 0.35, 0.3]));
  assert.deepEqual([falling.shape.label, falling.shape.method], ['inverse', 'rank']);
  assert.equal(classifyShape(ladder([0.5, 0.3, 0.2, 0.3, 0.5])).shape.label, 'inconclusive');
});

test('with many questions the scatter between models guards the label, and the plain label is told', () => {
  const y = [0.5, 0.465, 0.5];
  const { shape } = classifyShape(ladder(y, { n: [5000, 5000, 5000] }), { betweenModelSd: 0.02 });
  assert.equal(shape.label, 'inconclusive');
  assert.equal(shape.detail.labelWithoutScatter, 'u-shaped');
  assert.equal(classifyShape(ladder(y, { n: [5000, 5000, 5000] }), { betweenModelSd: 0 }).shape.label, 'u-shaped');
});
