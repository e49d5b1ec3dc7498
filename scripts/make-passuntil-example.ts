// Makes examples/passuntil: prompts about coins, and counts as a sampler with r = 5 and a cap of 20 000 would find them for
// six made-up models. Every question follows its own task law, so the counts have a known truth. Seeded: the same files
// every time. `node scripts/make-passuntil-example.ts`
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRandom } from '../src/core/stats/random.ts';

const SIZES = [10e6, 30e6, 100e6, 300e6, 1e9, 3e9];
const NAMES = ['lens-10m', 'lens-30m', 'lens-100m', 'lens-300m', 'lens-1b', 'lens-3b'];
const R = 5;
const K_MAX = 20_000;
const COINS = [1, 5, 10, 25] as const;

/** Trials until a coin of probability p has passed r times, by geometric steps. */
function draw(p: number, uniform: () => number): { passes: number; trials: number } {
  let trials = 0;
  for (let passes = 0; passes < R; passes++) {
    const step = Math.max(1, Math.ceil(Math.log1p(-uniform()) / Math.log1p(-p)));
    if (trials + step > K_MAX) return { passes, trials: K_MAX };
    trials += step;
  }
  return { passes: R, trials };
}

const random = createRandom(20_240_501, 'coins');
const questions: string[] = [];
const rows = ['instance,model,params,r,k_max,trials,passes,capped'];
for (let i = 1; i <= 24; i++) {
  const coins = Array.from(
    { length: 2 + random.integer(4) },
    () => [1 + random.integer(9), COINS[random.integer(4)] as number] as const,
  );
  const id = `coins-${String(i).padStart(2, '0')}`;
  const asked = coins.map(([count, value]) => `${count} coins of ${value}`).join(', ');
  questions.push(
    JSON.stringify({
      id,
      question: `How much is ${asked} together?`,
      answer: coins.reduce((s, [count, value]) => s + count * value, 0),
    }),
  );
  // ln c at one billion parameters, and the exponent: harder with more kinds of coins.
  const lnC = 0.2 + 0.25 * coins.length + 0.5 * random.normal();
  const alpha = Math.min(0.7, Math.max(0.2, 0.4 + 0.06 * random.normal()));
  for (const [at, params] of SIZES.entries()) {
    const p = Math.exp(-Math.exp(lnC - alpha * Math.log(params / 1e9)));
    const { passes, trials } = draw(p, random.uniform);
    rows.push([id, NAMES[at], params, R, K_MAX, trials, passes, passes < R ? 1 : 0].join(','));
  }
}
mkdirSync('examples/passuntil', { recursive: true });
writeFileSync('examples/passuntil/coins.jsonl', `${questions.join('\n')}\n`);
writeFileSync('examples/passuntil/coins-counts.csv', `${rows.join('\n')}\n`);
