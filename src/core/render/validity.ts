/**
 * The validity checklist: what a reader must know to judge a fit, with what the file and the fit say about each point.
 * What a results file cannot say (how the runs were trained) is listed as open, for the reader to check.
 */
import type { LawBacktest } from '../forecast/backtest.ts';
import type { Fit, Forecast, Report, SeriesReport } from '../report-model.ts';
import { lawTitle } from './equation.ts';
import { formatNumber, formatPercent, formatScaleInterval, scaleTitle } from './number.ts';
import { chosenFit } from './view.ts';

export interface Check {
  readonly topic: 'Law' | 'Counts' | 'Runs' | 'Points' | 'Coverage' | 'Fit' | 'Evidence';
  /** 'known': stated by file or fit. 'look': something here needs a second look. 'open': the file does not say. */
  readonly state: 'known' | 'look' | 'open';
  /** Sentences. */
  readonly text: string;
}

/**
 * How often intervals like this one held the truth where it was known: nominal levels mean little alone. Null where the
 * forecast carries no measurement.
 * @param withOwn also on the held-out points of the series itself
 */
export function coverageOf(forecast: Forecast, withOwn = true): string | null {
  const measured = forecast['measuredCoverage'] as Measured | null | undefined;
  if (typeof measured?.covered !== 'number' || typeof measured.on !== 'string') return null;
  const { own } = measured;
  const here =
    !withOwn || typeof own?.covered !== 'number' || typeof own.count !== 'number'
      ? ''
      : `; here ${Math.round(own.covered * own.count)} of ${own.count} held-out points`;
  return `nominal ${formatPercent(forecast.level, 2)}, measured ${formatPercent(measured.covered, 2)} on ${measured.on}${here}`;
}

interface Measured {
  readonly covered?: number;
  readonly on?: string;
  readonly own?: { readonly covered?: number; readonly count?: number } | null;
}

/** Seven checks on one series of a report, always in the same order. */
export function validityOf(series: SeriesReport, report: Report): readonly Check[] {
  const fit = chosenFit(series);
  return [
    law(series, fit),
    counts(series, report),
    {
      topic: 'Runs',
      state: 'open',
      text: 'A results file does not say it: learning rate and batch tuned at every size? Warm-up short against the small runs? Decay matched to the tokens?',
    },
    points(series, fit),
    coverage(series),
    optimiser(fit),
    evidence(series, fit, report),
  ];
}

function law(series: SeriesReport, fit: Fit | null): Check {
  const metric = `${series.metric} in the file’s own unit (${series.better} is better)`;
  if (fit === null) {
    const why = series.refused?.[0]?.message ?? 'a turning or unreadable trend has no law here';
    return { topic: 'Law', state: 'look', text: `No law chosen: ${why.replace(/\.$/, '')}; y is ${metric}.` };
  }
  return {
    topic: 'Law',
    state: 'known',
    text: `${capital(lawTitle(fit.law))} (${fit.law}); x is ${uncapital(scaleTitle(series.scale))}, y ${metric}. Logarithms are to base 10 where written log₁₀, else natural.`,
  };
}

function counts(series: SeriesReport, report: Report): Check {
  const columns = report.sources.flatMap((s) => s.columns);
  const sized = columns.filter((c) => c.role !== null && /^(params|tokens|compute)/.test(c.role));
  const doubts = report.findings.filter((f) => /^data\.(compute-mismatch|mixed-params|unit)$/.test(f.code));
  const stated = sized.map((c) => `${c.role} from “${c.header}”${c.unit === null ? '' : ` (unit ${String(c.unit)})`}`);
  const text = [
    stated.length === 0
      ? `No size column: ${series.scale} comes from model names or another file.`
      : `${[...new Set(stated)].slice(0, 6).join('; ')}.`,
    ...(doubts.length > 0 ? [`${doubts[0]?.code}: ${doubts[0]?.message ?? ''}`] : []),
    columns.some((c) => c.role === 'params-non-embedding')
      ? 'Parameters exclude embeddings.'
      : 'Whether N counts embeddings and output head, and FLOP the head and attention, is not stated.',
  ];
  return {
    topic: 'Counts',
    state: doubts.length > 0 || stated.length === 0 ? 'look' : 'known',
    text: text.join(' '),
  };
}

function points(series: SeriesReport, fit: Fit | null): Check {
  const names = series.models.filter((m) => m !== '');
  const models = new Set(names).size;
  const families = new Set((series.families ?? []).filter((f) => f !== null)).size;
  const repeated = models > 0 && models < names.length;
  const excluded = fit?.excluded ?? [];
  const why = [...new Set(excluded.map((e) => e.why))];
  const text = [
    `${many(series.x.length, 'point')}${models === 0 ? '' : ` from ${many(models, 'model')}`}${families === 0 ? '' : ` of ${many(families, 'family', 'families')}`}.`,
    repeated ? 'Several points per model: checkpoints or repeats are not independent.' : '',
    excluded.length === 0
      ? 'No row left out.'
      : `${many(excluded.length, 'row')} left out: ${why.slice(0, 3).join('; ')}.`,
    series.stderr === null ? 'No standard errors.' : '',
    ...(series.notes ?? []),
  ];
  const small = models > 0 && models < 4;
  return { topic: 'Points', state: repeated || small ? 'look' : 'known', text: sentence(text) };
}

function coverage(series: SeriesReport): Check {
  const [first, last] = [series.x[0] ?? null, series.x.at(-1) ?? null];
  const decades = first !== null && last !== null && first > 0 ? Math.log10(last / first) : null;
  const furthest = Math.max(0, ...series.forecast.map((f) => f.horizon));
  const text = [
    `${formatScaleInterval(first, last, series.scale)}${decades === null ? '' : `, ${formatNumber(decades, 2)} decades`}.`,
    furthest > 0 ? `Asked for up to ${formatNumber(furthest, 2)} decades beyond the data.` : '',
    decades !== null && decades < 1 ? 'Under a decade: exponents are poorly determined.' : '',
    series.chance === null ? 'Chance level not known.' : `Chance ${formatNumber(series.chance)}.`,
  ];
  const thin = decades === null || decades < 1 || (decades > 0 && furthest > decades);
  return { topic: 'Coverage', state: thin ? 'look' : 'known', text: sentence(text) };
}

function optimiser(fit: Fit | null): Check {
  if (fit === null) return { topic: 'Fit', state: 'open', text: 'No fit to judge.' };
  const { objective, starts } = fit;
  const text = [
    `Objective ${objective.name}${objective.delta === null ? '' : ` (delta ${formatNumber(objective.delta)})`}.`,
    fit.converged ? '' : 'The optimiser did NOT converge.',
    starts.tried === 1
      ? 'One start (closed form or convex).'
      : `${starts.atOptimum} of ${starts.tried} starts ended at the optimum.`,
    fit.atBound.length === 0 ? 'No parameter on a bound.' : `On a bound: ${fit.atBound.join(', ')}.`,
    ...(fit.notes ?? []),
  ];
  const doubtful = !fit.converged || fit.atBound.length > 0;
  return { topic: 'Fit', state: doubtful ? 'look' : 'known', text: sentence(text) };
}

function evidence(series: SeriesReport, fit: Fit | null, report: Report): Check {
  const methods = new Set(Object.values(fit?.intervals ?? {}).flatMap((i) => (i === null ? [] : [i.method])));
  const backtest = series.backtest;
  const horizon = backtest?.['longestHorizon'];
  const origins = backtest?.['origins'];
  const laws = (backtest?.['laws'] ?? []) as readonly LawBacktest[];
  const chosen = laws.find((l) => l.law === series.chosen);
  const own = report.findings.filter((f) => f.series === series.id && f.code.startsWith('fit.'));
  const text = [
    methods.size === 0 ? 'No parameter intervals.' : `Parameter intervals by ${[...methods].join(', ')}.`,
    backtest === null
      ? 'No backtest: too few points.'
      : `Backtest: ${typeof origins === 'number' ? many(origins, 'origin') : 'done'}${chosen === undefined ? '' : `, ${chosen.count} held-out predictions`}${typeof horizon === 'number' ? `, up to ${formatNumber(horizon, 2)} decades ahead` : ''}.`,
    chosen === undefined ? '' : beside(chosen, laws, backtest?.['errorScale'] === 'ln y'),
    ...[...new Set(series.forecast.map((f) => `Forecast at ${formatPercent(f.level)}: ${f.verdict}.`))].slice(0, 3),
    ...[...new Set(series.forecast.map((f) => coverageOf(f)))]
      .slice(0, 2)
      .map((c) => (c === null ? '' : `Intervals: ${c}.`)),
    ...own.slice(0, 2).map((f) => `${f.code}: ${f.message}`),
  ];
  return { topic: 'Evidence', state: backtest === null || own.length > 0 ? 'look' : 'known', text: sentence(text) };
}

const BASELINES: readonly string[] = ['last', 'mean-3', 'mean'];

/** The chosen law's mean error beside the best baseline's. */
function beside(chosen: LawBacktest, laws: readonly LawBacktest[], relative: boolean): string {
  const error = (value: number) => (relative ? formatPercent(value, 2) : formatNumber(value, 2));
  const best = laws
    .filter((l) => BASELINES.includes(l.law) && l.meanAbsolute !== null)
    .sort((a, b) => (a.meanAbsolute as number) - (b.meanAbsolute as number))[0];
  if (chosen.meanAbsolute === null || best === undefined || best.meanAbsolute === null) return '';
  const better = chosen.meanAbsolute < best.meanAbsolute ? 'better than' : 'NO better than';
  return `It misses by ${error(chosen.meanAbsolute)} on average, ${better} the best baseline (${lawTitle(best.law)}: ${error(best.meanAbsolute)}).`;
}

function sentence(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
