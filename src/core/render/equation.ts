/**
 * A fitted law as a line of text with its numbers filled in, for captions, hovers and exports: `y = 1.69 + 406·x^−0.34`.
 * Law ids and parameter names are those of the report; a law that is not listed here is shown as its list of parameters.
 */
import { formatNumber, MINUS } from './number.ts';

type Parameters = Readonly<Record<string, number | null>>;

const TITLES: Readonly<Record<string, string>> = {
  power: 'power law',
  'power-offset': 'power law with offset',
  'shifted-power': 'shifted power law',
  m4: 'M4 law',
  bnsl1: 'broken power law, one break',
  bnsl2: 'broken power law, two breaks',
  chinchilla: 'Chinchilla law',
  'over-training': 'over-training law',
  'loss-to-error': 'loss to error',
  'over-training-chain': 'over-training law, then loss to error',
  sigmoid: 'sigmoid in log scale',
  'two-step': 'two-step law',
  isoflop: 'isoFLOP parabolas',
  kaplan: 'Kaplan law',
  'slice-and-sandwich': 'slice and sandwich',
  'pass-until': 'PassUntil task law',
  last: 'last value',
  'mean-3': 'mean of the last three',
  mean: 'mean',
  'log-linear': 'straight line in log scale',
  custom: 'custom formula',
};

const FORMULAS: Readonly<Record<string, (p: (name: string) => number) => string>> = {
  power: (p) => `y = ${num(p('b'))}·x^${num(-p('c'))}`,
  'power-offset': (p) => `y = ${num(p('e'))} ${term(p('b'))}·x^${num(-p('c'))}`,
  'shifted-power': (p) => `y = ${num(p('b'))}·(1/x ${term(p('g'))})^${num(p('c'))}`,
  chinchilla: (p) => `L = ${num(p('E'))} ${term(p('A'))}·N^${num(-p('alpha'))} ${term(p('B'))}·D^${num(-p('beta'))}`,
  'over-training': (p) =>
    `L = ${num(p('E'))} + (${num(p('a'))}·M^${num(p('eta'))} ${term(p('b'))}·M^${num(-p('eta'))})·C^${num(-p('eta'))}`,
  'loss-to-error': (p) => `error = ${num(p('epsilon'))} ${term(-p('k'))}·exp(${num(-p('gamma'))}·L)`,
  sigmoid: (p) =>
    `y = ${num(p('floor'))} ${term(p('top') - p('floor'))}/(1 + exp(${num(-p('k'))}·(log₁₀ x ${term(-p('x0'))})))`,
  'log-linear': (p) => `y = ${num(p('intercept'))} ${term(p('slope'))}·log₁₀ x`,
  bnsl1: (p) => `y = ${num(p('a'))} ${term(p('b'))}·x^${num(-p('c0'))}${breakFactor(p, 1)}`,
  bnsl2: (p) => `y = ${num(p('a'))} ${term(p('b'))}·x^${num(-p('c0'))}${breakFactor(p, 1)}${breakFactor(p, 2)}`,
  kaplan: (p) => `L = ((${num(p('Nc'))}/N)^${num(p('aN') / p('aD'))} + ${num(p('Dc'))}/D)^${num(p('aD'))}`,
  'pass-until': (p) => `y = exp(${num(-p('c'))}·N^${num(-p('alpha'))})`,
};

/** One break of a broken law: ·(1 + (x/d)^(1/f))^(−c·f). */
function breakFactor(p: (name: string) => number, i: 1 | 2): string {
  return `·(1 + (x/${num(p(`d${i}`))})^${num(1 / p(`f${i}`))})^${num(-p(`c${i}`) * p(`f${i}`))}`;
}

/** The law's name in words: 'power law with offset'. */
export function lawTitle(law: string): string {
  return Object.hasOwn(TITLES, law) ? (TITLES[law] as string) : law;
}

/** The law with its numbers filled in; its parameters as a list where no formula is known or a value is missing. */
export function equation(law: string, parameters: Parameters): string {
  const formula = Object.hasOwn(FORMULAS, law) ? FORMULAS[law] : undefined;
  if (formula !== undefined) {
    const missing = new Error('missing');
    try {
      return formula((name) => {
        const value = parameters[name];
        if (typeof value !== 'number' || !Number.isFinite(value)) throw missing;
        return value;
      });
    } catch (error) {
      if (error !== missing) throw error;
    }
  }
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${formatNumber(value)}`)
    .join(', ');
}

function num(value: number): string {
  return formatNumber(value);
}

/** A signed summand: '+ 0.3', '− 0.3'. */
function term(value: number): string {
  return value < 0 ? `${MINUS} ${formatNumber(-value)}` : `+ ${formatNumber(value)}`;
}
