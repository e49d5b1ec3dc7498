// The fast reader of plain YAML gives what the full parser gives, or gives up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '../../../src/core/read/tree.ts';
import { parsePlainYaml } from '../../../src/core/read/yaml-plain.ts';
import { parseYaml } from '../../../src/core/read/yaml-tree.ts';

/** Values, keys and places; the end of a block is not compared (parsers differ on trailing lines). */
function essence(node: Node | null): unknown {
  if (node === null) return null;
  if (node.kind === 'scalar')
    return Number.isNaN(node.value)
      ? ['NaN', node.raw]
      : [node.value, node.raw, node.raw === '' ? 0 : node.span.start, node.raw === '' ? 0 : node.span.end];
  if (node.kind === 'list') return [node.span.start, node.items.map(essence)];
  return {
    at: node.span.start,
    entries: node.entries.map(({ key, keySpan, value }) => [key, keySpan, essence(value)]),
  };
}

const PLAIN = [
  'a: 1\nb: two\nc: 3.5e-2\n',
  '# runs\nruns:\n  - model: x-1\n    params: 70M\n    results: {mmlu: {acc: 0.5, n: 100}, arc: [1, 2, "three"]}\n  - model: y\n    tokens: 739_328   # a comment\n    empty:\n    none: ~\n',
  'list:\n- a\n- b: 1\n  c: 2\n-\n  d: 3\n',
  '---\nx: {a: , b: 2}\ny: []\nz: {}\n',
  'k: \'single\'\n"quoted key": "v"\nurl: http://x.org/a:b\nflag: true\nhex: 0x1F\ninf: -.inf\n',
  'a:\n    b:\n      c: 1\n    d: 2\ne: 3\r\nf: 4\r\n',
  'time: 12:30:45\nratio: a:b\nneg: -5\nplus: +5\nversion: 1.2.3\n',
];

const NOT_PLAIN = [
  'a: &x 1\nb: *x\n',
  'a: |\n  text\n',
  'a: one\n  two\n',
  'a: "x\\n"\n',
  'a: !!str 1\n',
  'a: 1\n---\nb: 2\n',
  '? a\n: b\n',
  'a:\t1\n\tb: 2\n',
  'a: {b: 1,\n  c: 2}\n',
];

test('plain documents give the same tree as the full parser', () => {
  for (const text of PLAIN) {
    const fast = parsePlainYaml(text);
    assert.notEqual(fast, null, JSON.stringify(text));
    assert.deepEqual(essence(fast), essence(parseYaml(text).root), JSON.stringify(text));
  }
});

test('what is not plain is left to the full parser', () => {
  for (const text of NOT_PLAIN) assert.equal(parsePlainYaml(text), null, JSON.stringify(text));
});

test('mutated documents: never another tree than that of a full parser that sees no fault', () => {
  let seed = 7;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const pieces = [
    ':',
    ' ',
    '\n',
    '- ',
    '#',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '&',
    '*',
    '|',
    '  ',
    'x',
    '1',
    '~',
    '\t',
    '? ',
    '---\n',
    '! ',
  ];
  let compared = 0;
  for (let i = 0; i < 3000; i++) {
    const base = PLAIN[random(PLAIN.length)] as string;
    const at = random(base.length + 1);
    const text = base.slice(0, at) + pieces[random(pieces.length)] + base.slice(at + random(3));
    const fast = parsePlainYaml(text);
    if (fast === null) continue;
    const full = parseYaml(text);
    if (full.problems.length > 0) continue;
    compared++;
    assert.deepEqual(essence(fast), essence(full.root), JSON.stringify(text));
  }
  assert.ok(compared > 500, `${compared} compared`);
});

test('long run lists as programs write them go through the fast reader; others are refused before any work', () => {
  let text = 'runs:\n';
  for (let i = 0; text.length < 3e6; i++)
    text += `  - model: m-${i}\n    params: ${i}M\n    results:\n      mmlu: {acc: 0.${i % 100}, acc_stderr: 0.01}\n`;
  assert.notEqual(parsePlainYaml(text), null);
  assert.equal(parseYaml(text).root?.kind, 'map');
  const folded = parseYaml(`note: &a >\n  text\n${text}`);
  assert.equal(folded.root, null);
  assert.equal(folded.problems[0]?.code, 'file.too-large');
  assert.match(
    folded.problems[0]?.message ?? '',
    /3\.0 MB of YAML is more than the 1 MB .* save the runs as JSON lines or CSV/,
  );
});
