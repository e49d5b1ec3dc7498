/**
 * Faces of scaling.yaml itself: its faults as diagnostics, and hovers that echo what a quantity was read as (`3e22` →
 * 3×10²² FLOP) and what a key is for.
 */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Hover } from 'vscode-languageserver-types';
import { parseManifest } from '../core/manifest/parse.ts';
import { schemaAt } from '../core/manifest/schema.ts';
import { quantityText, readQuantity } from '../core/read/quantity.ts';
import type { Node } from '../core/read/tree.ts';
import { formatScale } from '../core/render/number.ts';
import type { Finding } from '../core/report-model.ts';
import type { Span } from '../core/table/span.ts';
import { holds } from './cells.ts';
import { MOST_DIAGNOSTICS, plainDiagnostic } from './diagnostics.ts';

/**
 * What is wrong with a manifest.
 * @param found findings of its study, among them what it names and nobody has
 */
export function manifestDiagnostics(text: string, name: string, found: readonly Finding[]): Diagnostic[] {
  const { findings } = parseManifest({ name, text });
  const lost = found.filter(({ code, file, data }) => code === 'manifest.invalid' && file === name && 'named' in data);
  return [...findings, ...lost].slice(0, MOST_DIAGNOSTICS).map(plainDiagnostic);
}

/** What stands at a place of a manifest. */
export function manifestHover(document: TextDocument, offset: number): Hover | null {
  const { root } = parseManifest({ name: 'scaling.yaml', text: document.getText() });
  if (root === null) return null;
  const found = find(root, [], offset);
  if (found === null) return null;
  const { path, span, node } = found;
  const place = schemaAt(path);
  const parts: string[] = [];
  if (node !== null && node.kind === 'scalar') {
    const quantity = place?.quantity === true ? readQuantity(node.raw) : null;
    if (quantity !== null) parts.push(`**${echo(path.at(-1) ?? '', quantity.value)}**`);
  }
  if (place?.description != null) parts.push(place.description);
  if (place !== null && place.default !== undefined && place.default !== null)
    parts.push(`Default: \`${JSON.stringify(place.default)}\``);
  if (parts.length === 0) return null;
  return {
    contents: { kind: 'markdown', value: parts.join('\n\n') },
    range: { start: document.positionAt(span.start), end: document.positionAt(span.end) },
  };
}

/** A quantity in the unit of its key. */
function echo(key: string, value: number): string {
  if (/^N/.test(key)) return `${formatScale(value, 'params')} (${quantityText(value)})`;
  if (key === 'D') return `${formatScale(value, 'tokens')} (${quantityText(value)})`;
  if (key === 'C') return formatScale(value, 'compute');
  return quantityText(value);
}

interface Found {
  readonly path: readonly string[];
  readonly span: Span;
  /** null on a key. */
  readonly node: Node | null;
}

/** The innermost key or scalar at an offset. */
function find(node: Node, path: readonly string[], offset: number): Found | null {
  if (node.kind === 'scalar') return holds(node.span, offset) ? { path, span: node.span, node } : null;
  if (node.kind === 'list') {
    for (const [at, item] of node.items.entries()) {
      const found = find(item, [...path, String(at)], offset);
      if (found !== null) return found;
    }
    return null;
  }
  for (const { key, keySpan, value } of node.entries) {
    if (holds(keySpan, offset)) return { path: [...path, key], span: keySpan, node: null };
    const found = find(value, [...path, key], offset);
    if (found !== null) return found;
  }
  return null;
}
