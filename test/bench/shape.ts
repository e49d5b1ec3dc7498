/** Measures the speed of shapes and slices on made-up data: seconds per task, with the counts behind them. */
import { classifyShape } from '../../src/core/shape/classify.ts';
import { sliceByDifficulty } from '../../src/core/slice/groups.ts';
import { groupsFromQuestions } from '../../src/core/slice/question-tables.ts';
import { createRandom } from '../../src/core/stats/random.ts';
import { parseCsv } from '../../src/core/table/csv.ts';

export interface Measured {
  readonly seconds: number;
  readonly count: number;
}

/** Classifies series of 12 models each, a quarter each flat, rising, late rising and U-shaped. */
export function measureShapes(count = 10_000): Measured {
  const random = createRandom(3, 'bench-shapes');
  const curves = [
    () => 0.3,
    (u: number) => 0.3 + 0.4 * u,
    (u: number) => 0.25 + Math.max(0, u - 0.6) * 1.2,
    (u: number) => 0.5 - 1.6 * u * (1 - u),
  ];
  const series = Array.from({ length: count }, (_, s) => {
    const curve = curves[s % curves.length] as (u: number) => number;
    const places = Array.from({ length: 12 }, (__, i) => i / 11);
    return {
      x: places.map((u) => 10 ** (18 + 6 * u)),
      y: places.map((u) => curve(u) + 0.03 * random.normal()),
      stderr: null,
      better: 'higher' as const,
      chance: 0.25,
      ceiling: null,
      lower: 0,
      upper: 1,
    };
  });
  const start = performance.now();
  for (const one of series) classifyShape(one);
  return { seconds: (performance.now() - start) / 1000, count };
}

/** From tables of option probabilities to groups: scoring, aligning and slicing 56 files of 14 000 rows; processor time. */
export function measureQuestionTables(models = 56, questions = 14_000): Measured {
  const random = createRandom(6, 'bench-questions');
  const tables = Array.from({ length: models }, (_, m) => {
    const lines = ['id,p_a,p_b,p_c,p_d,target'];
    for (let q = 0; q < questions; q++) {
      const raw = Array.from({ length: 4 }, () => random.uniform());
      const sum = raw.reduce((a, b) => a + b);
      lines.push(`q${q},${raw.map((value) => (value / sum).toFixed(6)).join(',')},${'abcd'[q % 4]}`);
    }
    const table = parseCsv(`${lines.join('\n')}\n`, { file: `model-${m}.csv` });
    return { ...table, layout: 'per-sample' as const };
  });
  const points = tables.map((_, m) => ({ x: 10 ** (20 + 0.05 * m), model: `model-${m}`, table: m, column: -1 }));
  const before = process.cpuUsage();
  const outcome = groupsFromQuestions(points, { tables });
  if (!outcome.ok) throw new Error(outcome.error.message);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, count: models * questions };
}

/** Slices questions by difficulty with cross-fitting: 56 models on 14 000 questions unless told otherwise. */
export function measureSlicing(models = 56, questions = 14_000): Measured {
  const random = createRandom(5, 'bench-slices');
  const data = {
    models: Array.from({ length: models }, (_, m) => `model-${m}`),
    questions,
    scores: Float64Array.from({ length: models * questions }, () => -random.uniform()),
    x: Array.from({ length: models }, (_, m) => 20 + 0.05 * m),
  };
  const start = performance.now();
  const outcome = sliceByDifficulty(data, { groups: 3 });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return { seconds: (performance.now() - start) / 1000, count: models * questions };
}
