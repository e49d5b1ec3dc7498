/**
 * scaling.yaml in, rules and findings out. Every fault stands at the characters it is about, and a manifest with faults
 * still gives the rules of what is sound in it.
 */
import { decodeText } from '../read/decode.ts';
import type { Node } from '../read/tree.ts';
import { parseYaml } from '../read/yaml-tree.ts';
import type { Finding } from '../report-model.ts';
import type { ManifestRules } from '../study/manifest-rules.ts';
import type { InputFile } from '../study/study.ts';
import type { Span } from '../table/span.ts';
import { lineStarts, rangeOf } from '../table/span.ts';
import { checkSchema } from './check.ts';
import { buildRules } from './rules.ts';

export interface ParsedManifest {
  readonly file: string;
  readonly text: string;
  /** null when the text is no map at all. */
  readonly root: Node | null;
  readonly rules: ManifestRules | null;
  /** `manifest.invalid`, gravest first. */
  readonly findings: readonly Finding[];
  /** The format that a file is pinned to; undefined when it is to be found by content. */
  readonly formatOf: (file: string) => string | undefined;
  /** True for files that some source names. */
  readonly names: (file: string) => boolean;
  /** The globs of all sources as written, for hosts that list files; and the models file, which must be read too. */
  readonly globs: readonly string[];
  readonly modelsFile: string | null;
}

/** A manifest is a few kilobytes; this much is no manifest. */
const MAX_CHARACTERS = 1_000_000;

/** Reads a manifest. Never throws. */
export function parseManifest(input: InputFile): ParsedManifest {
  const decoded = input.text !== undefined ? { ok: true as const, text: input.text } : decode(input.bytes);
  const nothing = {
    file: input.name,
    root: null,
    rules: null,
    formatOf: () => undefined,
    names: () => false,
    globs: [],
    modelsFile: null,
  };
  if (!decoded.ok)
    return { ...nothing, text: '', findings: [finding(input.name, '', { start: 0, end: 0 }, decoded.why, 'error')] };
  const text = decoded.text.charCodeAt(0) === 0xfeff ? decoded.text.slice(1) : decoded.text;
  if (text.length > MAX_CHARACTERS) {
    const message = `This manifest has ${(text.length / 1e6).toFixed(1)} million characters; more than ${MAX_CHARACTERS / 1e6} million are not read. Large tables of models belong in a file of their own (models: models.csv).`;
    return { ...nothing, text, findings: [finding(input.name, text, { start: 0, end: 1 }, message, 'error')] };
  }
  const { root, problems } = parseYaml(text);
  const findings = problems.map((problem) =>
    finding(input.name, text, problem.span, sentence(problem.message), 'error'),
  );
  if (root === null || root.kind !== 'map') {
    if (findings.length === 0) {
      const empty = root === null && text.trim().replace(/^#.*$/gm, '').trim() === '';
      const message = empty
        ? 'The manifest is empty; it begins with version: 1 and sources.'
        : 'A manifest is a map that begins with version: 1 and sources.';
      findings.push(
        finding(input.name, text, { start: 0, end: Math.min(1, text.length) }, message, empty ? 'warning' : 'error'),
      );
    }
    return { ...nothing, text, root, findings };
  }
  for (const fault of checkSchema(root))
    findings.push(finding(input.name, text, fault.span, fault.message, fault.severity));
  const { rules, formats, globs, faults } = buildRules(input.name, text, root);
  for (const fault of faults) {
    if (!findings.some((known) => sameSpot(known, fault.span)))
      findings.push(finding(input.name, text, fault.span, fault.message, fault.severity));
  }
  return {
    file: input.name,
    text,
    root,
    rules,
    findings,
    formatOf: (file) => {
      const index = rules.sources.findIndex((source) => source.matches(file));
      return formats[index] ?? undefined;
    },
    names: (file) => rules.sources.some((source) => source.matches(file)),
    globs,
    modelsFile: rules.modelsFile,
  };
}

function decode(bytes: Uint8Array | undefined): { ok: true; text: string } | { ok: false; why: string } {
  if (bytes === undefined) return { ok: false, why: 'The manifest has no content.' };
  const decoded = decodeText(bytes);
  return decoded.ok
    ? { ok: true, text: decoded.value.text }
    : { ok: false, why: `The manifest cannot be read: ${decoded.error}.` };
}

function finding(file: string, text: string, span: Span, message: string, severity: Finding['severity']): Finding {
  return manifestFinding({ file, text }, span, message, severity, { start: span.start, end: span.end });
}

/** A finding at a place of a manifest. */
export function manifestFinding(
  { file, text }: Pick<ParsedManifest, 'file' | 'text'>,
  span: Span,
  message: string,
  severity: Finding['severity'],
  data: Finding['data'],
): Finding {
  const range = rangeOf(lineStarts(text), span);
  return { code: 'manifest.invalid', severity, message, file, range, series: null, data };
}

/** The schema has already said something about exactly this place. */
function sameSpot(known: Finding, span: Span): boolean {
  return known.data['start'] === span.start && known.data['end'] === span.end;
}

function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
