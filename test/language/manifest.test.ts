import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { manifestDiagnostics, manifestHover } from '../../src/language/manifest.ts';

test('faults stand at the characters they are about, with a link', () => {
  const text = 'version: 1\nsources:\n  - files: a.csv\n    layuot: wide\n';
  const [fault] = manifestDiagnostics(text, 'scaling.yaml', []);
  assert.equal(fault?.code, 'manifest.invalid');
  assert.equal(fault?.range.start.line, 3);
  assert.match(fault?.codeDescription?.href ?? '', /manifest\.invalid\.md$/);
  assert.deepEqual(manifestDiagnostics('version: 1\nsources:\n  - files: a.csv\n', 'scaling.yaml', []), []);
});

test('hovers echo quantities and explain keys', () => {
  const text = 'version: 1\nsources:\n  - files: a.csv\nmodels:\n  a: {N: 1.4B, C: 3e22}\nseed: 3\n';
  const document = TextDocument.create('file:///scaling.yaml', 'yaml', 1, text);
  const at = (word: string): string => {
    const hover = manifestHover(document, text.indexOf(word) + 1);
    return hover === null ? '' : (hover.contents as { value: string }).value;
  };
  assert.match(at('1.4B'), /1\.4B.parameters \(1\.4×10⁹\)/);
  assert.match(at('3e22'), /3×10²².FLOP/);
  assert.match(at('seed'), /random/);
  assert.equal(manifestHover(document, text.length), null);
});
