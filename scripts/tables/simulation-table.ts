/** The table of docs/trust.md on simulated studies: how often each verdict is given, and how often it is wrong. */
import { REGIMES, type Regime } from '../../test/core/forecast/simulated.ts';
import { verdictRates } from '../../test/core/forecast/verdict-rates.ts';
import { percent } from './held-out.ts';

const STUDIES = process.env['SCALING_LENS_LONG'] === '1' ? 1000 : 100;
const HEAD = `| regime (${STUDIES} studies each) | forecasts | covered | \`tested\` | of these wrong | beyond tested range | no better than baseline | not identifiable | mean half-width |`;

export function simulationTable(): string {
  return [HEAD, '|---|---|---|---|---|---|---|---|---|', ...REGIMES.map(simulationRow)].join('\n');
}

export function simulationRow(regime: Regime): string {
  const r = verdictRates(regime, STUDIES);
  const loss = regime === 'smooth' || regime === 'saturating' || regime === 'broken';
  const width = loss ? `${(100 * r.halfWidth).toFixed(1)} %` : `${r.halfWidth.toFixed(0)} points`;
  return `| ${regime} | ${r.forecasts} | ${percent(r.covered)} | ${percent(r.tested)} | ${percent(r.testedWrong)} | ${percent(r.beyond)} | ${percent(r.baseline)} | ${percent(r.unidentified)} | ${width} |`;
}

/** The page with one row of the simulation replaced; the other rows must come from as many studies. */
export function withRegime(page: string, regime: Regime, row: string): string {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${regime} |`));
  if (at < 0 || !lines.includes(HEAD)) throw new Error(`docs/trust.md has no row '${regime}' of ${STUDIES} studies`);
  return lines.with(at, row).join('\n');
}
