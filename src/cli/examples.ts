/** How each command is used: what stands below its flags in the help. A test runs them all. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  analyze: ['analyze evals.csv', "analyze evals.csv --where 'task != arithmetic' --html report.html"],
  describe: ['describe evals.csv'],
  fit: ['fit evals.csv --law chinchilla --series validation/loss'],
  forecast: [
    'forecast evals.csv --at 1e23,1e24 --series validation/loss',
    'forecast evals.csv --at held-out --fit-below 1e21',
    'forecast evals.csv --at 1e23 --log promises.jsonl',
  ],
  score: ['score promises.jsonl evals.csv'],
  backtest: ['backtest evals.csv --series reading/accuracy'],
  plan: ['plan evals.csv --target 1e23 --budget 1e22'],
  estimate: ['passuntil estimate counts.csv --at 1e10'],
  run: ['passuntil run sums.passuntil.yaml'],
};
