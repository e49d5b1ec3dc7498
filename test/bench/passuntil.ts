/** Measures PassUntil on made-up data: estimating ten million trials from counts, and reading them out of a journal. */
import { type Counts, type InstanceCount } from '../../src/core/passuntil/counts.ts';
import { estimateCounts } from '../../src/core/passuntil/estimate.ts';
import { encodeLine, runLine } from '../../src/core/passuntil/journal.ts';
import { readJournalCounts } from '../../src/core/passuntil/journal-counts.ts';
import { createRandom } from '../../src/core/stats/random.ts';

export interface Measured {
  /** On the processors. */
  readonly seconds: number;
  /** Trials behind the estimate. */
  readonly count: number;
}

const PIECE = 1 << 20;

/** Seconds of this process on the processors: other work on the machine does not lengthen them. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const SIZES = [3e7, 1e8, 3e8, 5e8, 8e8, 1.5e9, 2.4e9];

/** Draws of `instances` prompts at seven sizes, r = 5, until about `trials` trials are there. */
function draws(trials: number, instances: number): { rows: InstanceCount[]; total: number } {
  const random = createRandom(9, 'bench-passuntil');
  const rows: InstanceCount[] = [];
  const cap = Math.round((6 * trials) / (instances * SIZES.length));
  let total = 0;
  for (let i = 0; i < instances; i++) {
    const lnC = 1.2 + 0.7 * random.normal();
    const alpha = 0.45 + 0.08 * random.normal();
    for (const params of SIZES) {
      const p = Math.exp(-Math.exp(lnC - alpha * Math.log(params / 1e9)));
      let k = 0;
      let passes = 0;
      while (passes < 5) {
        const step = Math.max(1, Math.ceil(Math.log1p(-random.uniform()) / Math.log1p(-p)));
        if (k + step > cap) {
          k = cap;
          break;
        }
        k += step;
        passes++;
      }
      total += k;
      const draw = { wanted: 5, passes, trials: k, capped: passes < 5 };
      rows.push({
        ...draw,
        instance: `q${i}`,
        task: 'bench',
        model: `m${params}`,
        params,
        loss: null,
        table: 0,
        row: rows.length,
      });
    }
  }
  return { rows, total };
}

/** The whole report (sizes, laws, hierarchy, bend, intervals) from counts of about ten million trials. */
export function measurePassUntil(trials = 10_000_000, instances = 300): Measured {
  const { rows, total } = draws(trials, instances);
  const counts: Counts = { rows, findings: [], notes: [] };
  const start = cpuSeconds();
  estimateCounts([{ file: 'bench', format: 'bench', rowCount: rows.length }], counts, {
    fitBelow: 2e9,
    level: 0.9,
    bootstrap: 200,
    seed: 1,
  });
  return { seconds: cpuSeconds() - start, count: total };
}

/** Reading a journal of ten million trials, eight to a line as the sampler asks for them, into counts. */
export function measurePassUntilJournal(trials = 10_000_000, batch = 8): Measured & { readonly megabytes: number } {
  const random = createRandom(3, 'bench-journal');
  const instances = 300;
  const models = SIZES.map((params) => ({ name: `m${params}`, params, model: 'm', api: 'completions' }));
  const perDraw = Math.ceil(trials / batch / instances / models.length);
  const lines = [
    encodeLine(
      runLine({
        task: 'bench',
        r: 1e6,
        kMax: perDraw * batch,
        prompts: { count: instances, hash: 'h' },
        checker: 'exact',
        sampling: 's',
        models,
      }),
    ),
  ];
  let count = 0;
  for (let i = 0; i < instances; i++) {
    for (const { name } of models) {
      for (let k = 0; k < perDraw; k++) {
        const outcomes = random.bits().toString(2).padStart(batch, '0').slice(0, batch);
        count += batch;
        lines.push(
          encodeLine({
            kind: 'trials',
            id: lines.length,
            model: name,
            instance: `q${i}`,
            first: k * batch,
            outcomes,
            response: null,
            tokens: [9, 9],
          }),
        );
      }
    }
  }
  const bytes = new TextEncoder().encode(lines.join(''));
  lines.length = 0;
  // As it comes from a file: in pieces of a megabyte.
  const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, i) =>
    bytes.subarray(i * PIECE, (i + 1) * PIECE),
  );
  // The best of three: the first also pays for the garbage of making the journal.
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = cpuSeconds();
    const read = readJournalCounts(pieces, 0);
    if (!read.ok || read.value === null) throw new Error('the journal of the bench cannot be read');
    seconds = Math.min(seconds, cpuSeconds() - start);
  }
  return { seconds, count, megabytes: bytes.length / 1e6 };
}
