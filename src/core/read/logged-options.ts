/**
 * The options of a multiple-choice question in a sample log of lm-evaluation-harness: the log-likelihood of every
 * continuation (strings from 0.4.2 on, numbers before), and which of them is right.
 */
import type { Span } from '../table/span.ts';
import { at, entriesOf, has, itemsOf, type Node, numberOf, type ScalarNode, scalarOf } from './tree.ts';

export interface LoggedOptions {
  readonly options: readonly { readonly value: number; readonly span: Span }[];
  /** Number of the right option; null where the record does not say. */
  readonly target: number | null;
  readonly targetSpan: Span | null;
  /** Whether the harness counted the question as right by plain log-likelihood; null where it has no `acc`. */
  readonly scored: boolean | null;
  /** Whether `target` was stated, and not concluded from the score. */
  readonly stated: boolean;
}

/** Share of questions on which the log may contradict its own scores: rounding turns near ties. */
const TOLERATED = 0.02;

/** A log-likelihood: at most 0, or minus infinity. */
function logLikelihood(node: Node | undefined): { readonly value: number; readonly span: Span } | null {
  const scalar = scalarOf(node);
  if (scalar === undefined) return null;
  const value = /^\s*-inf(?:inity)?\s*$/i.test(scalar.raw) ? Number.NEGATIVE_INFINITY : numberOf(scalar);
  return value !== undefined && value <= 1e-6 ? { value: Math.min(0, value), span: scalar.span } : null;
}

/** `[ll, is_greedy]` pairs of `filtered_resps`, or of `resps`, where each stands in a list of its own. */
function pairs(record: Node): LoggedOptions['options'] {
  for (const [key, deep] of [
    ['filtered_resps', false],
    ['resps', true],
  ] as const) {
    const items = itemsOf(at(record, key)).map((item) => (deep ? itemsOf(item)[0] : item));
    const found = items.map((item) => (itemsOf(item).length === 2 ? logLikelihood(itemsOf(item)[0]) : null));
    if (found.length >= 2 && found.every((one) => one !== null)) return found as LoggedOptions['options'];
  }
  return [];
}

/** The continuations whose likelihoods were asked for; [] where the record does not keep its arguments. */
function continuations(record: Node): readonly string[] {
  const given = at(record, 'arguments');
  const named = entriesOf(given).map(({ value }) => at(value, 'arg_1'));
  const listed = itemsOf(given).map((item) => itemsOf(item)[1]);
  return (named.length > 0 ? named : listed).map((node) => scalarOf(node)?.raw ?? '');
}

/**
 * The options of one record; null where it is no multiple-choice question. A stated target is a number, or the text of one
 * option (as the harness itself reads it); where it is neither, the score settles it as far as it can.
 */
export function loggedOptions(record: Node): LoggedOptions | null {
  let options = pairs(record);
  if (options.length < 2) return null;
  let texts = continuations(record);
  // Mutual information asks for every option a second time, without its question.
  if (has(record, 'acc_mutual_info') && options.length % 2 === 0) {
    options = options.slice(0, options.length / 2);
    texts = texts.slice(0, options.length);
    if (options.length < 2) return null;
  }
  const acc = scalarOf(at(record, 'acc'));
  const value = typeof acc?.value === 'boolean' ? Number(acc.value) : numberOf(acc);
  const scored = value === 1 ? true : value === 0 ? false : null;
  const given = scalarOf(at(record, 'target'));
  const stated = given === undefined ? null : statedTarget(given, options.length, texts);
  return {
    options,
    target: stated ?? concluded(options, scored),
    targetSpan: (stated === null ? acc : given)?.span ?? null,
    scored,
    stated: stated !== null,
  };
}

function statedTarget(given: ScalarNode, count: number, texts: readonly string[]): number | null {
  const text = given.raw.trim();
  if (/^\d+$/.test(text) && Number(text) < count) return Number(text);
  const same = texts.flatMap((one, o) => (one.trim() === text ? [o] : []));
  return same.length === 1 && (same[0] as number) < count ? (same[0] as number) : null;
}

/** The first of the largest, as the harness takes it. */
function largest(options: LoggedOptions['options']): number {
  return options.reduce((best, { value }, o) => (value > (options[best]?.value ?? 0) ? o : best), 0);
}

/** A right answer is the most likely option; a wrong one of two leaves the other. */
function concluded(options: LoggedOptions['options'], scored: boolean | null): number | null {
  if (scored === null) return null;
  const top = largest(options);
  return scored ? top : options.length === 2 ? 1 - top : null;
}

/**
 * Holds the targets against the scores of the log itself: the question is right exactly when the right option is the most
 * likely one. Null when they agree, else one sentence: then the targets are misread or the scores are of something else.
 */
export function agreesWithScores(held: readonly LoggedOptions[]): string | null {
  const judged = held.filter((one) => one.stated && one.target !== null && one.scored !== null);
  const wrong = judged.filter(({ options, target, scored }) => (largest(options) === target) !== scored).length;
  return wrong > TOLERATED * judged.length
    ? `the log-likelihoods of the options are not used: with the stated targets ${wrong} of ${judged.length} questions contradict acc`
    : null;
}
