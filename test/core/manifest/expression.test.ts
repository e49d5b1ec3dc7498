// The manifest's regular expressions: the same matches as the host's engine, and no pattern that hangs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../src/core/manifest/expression.ts';
import { compileGlob } from '../../../src/core/manifest/glob.ts';
import { parseManifest } from '../../../src/core/manifest/parse.ts';

const PATTERNS = [
  '(?<model>[0-9.]+[MB])-(?<mult>[0-9.]+)xC',
  '^eval/(?:downstream(?:_bpb|_soft|_soft_log)?)/(?<task>.+?)_(?<split>val|test)_(?:rc|mc)_(?<shots>\\d)shot_(?<metric>.+)$',
  '(?<task>(?:[a-z]+_)*[a-z]+)',
  '(?<a>a*?)(?<b>a*)$',
  '(?<a>a|ab)(?<b>c|bcd)(?<c>d*)',
  '(?<x>[^/]+)/(?<y>[^/]*)\\.csv$',
  '(?<word>\\b\\w{2,3}\\b)',
  '(?<x>x{0,2}y{2}z{1,}?)',
  '(?<u>[\\dA-F\\-\\]]+)|(?<v>\\s+)',
  '(?<d>(\\w+)-?)+$',
  '(?<e>)b',
  '(?<a>(?:a|b)+?)c?',
  '\\x41(?<h>\\u0042?)[^\\W\\d]',
  '(?<r>a{2}){2}',
  '(?<n>.)$',
];
const TEXTS = [
  '190M-0.5xC.csv',
  'ladder/1B-10xC.csv',
  'eval/downstream_bpb/hellaswag_val_rc_5shot_bpb',
  'eval/downstream/arc_easy_test_mc_0shot_acc',
  'aaaa',
  'abcd',
  'results/x/m-1.csv',
  'to be or not',
  'xxyyzzz',
  'A-]F09 \t',
  'ABc_9',
  '',
  'b',
  'aabbc',
  'naïve 모델\nzwei',
];

test('the same leftmost matches and groups as the engine of the host', () => {
  for (const source of PATTERNS) {
    const ours = compileExpression(source);
    assert.ok(ours.ok, source);
    const theirs = new RegExp(source);
    for (const text of TEXTS) {
      const a = ours.value.exec(text);
      const b = theirs.exec(text);
      assert.equal(a?.index, b?.index, `${source} in ${text}`);
      assert.deepEqual({ ...a?.groups }, { ...b?.groups }, `${source} in ${text}`);
      assert.equal(ours.value.test(text), theirs.test(text));
    }
  }
});

test('random patterns agree, too', () => {
  let seed = 7;
  const next = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const pattern = (depth: number): string => {
    const parts = Array.from({ length: 1 + next(3) }, () => {
      const atom = depth > 0 && next(3) === 0 ? `(?:${pattern(depth - 1)}|${pattern(depth - 1)})` : 'abc.'[next(4)];
      // Repetitions of what may be empty are the one place where engines differ.
      const empty = new RegExp(`^(?:${atom ?? ''})$`).test('');
      return `${atom ?? ''}${empty ? '' : (['', '', '*', '+', '?', '{2}', '*?', '+?'][next(8)] ?? '')}`;
    });
    return parts.join('');
  };
  for (let k = 0; k < 2000; k++) {
    const source = `(?<x>${pattern(2)})(?<y>${pattern(1)})`;
    const text = Array.from({ length: next(10) }, () => 'abc'[next(3)]).join('');
    const ours = compileExpression(source);
    assert.ok(ours.ok, source);
    const theirs = new RegExp(source).exec(text);
    assert.deepEqual({ ...ours.value.exec(text)?.groups }, { ...theirs?.groups }, `${source} in “${text}”`);
  }
});

test('patterns that take other engines for ever end at once', () => {
  const text = `${'a'.repeat(5000)}!`;
  for (const source of ['(?<x>(a*)*b)', '(?<x>(a|a)*b)', `(?<x>${'.*'.repeat(20)}b)`, '(?<x>(?:a?){300}a{300}b)']) {
    const compiled = compileExpression(source);
    assert.ok(compiled.ok, source);
    assert.equal(compiled.value.exec(text), null);
  }
  for (const glob of [`${'*a'.repeat(40)}b`, '**/'.repeat(60), '{a,a}'.repeat(60), `${'{a,'.repeat(100)}b`])
    assert.equal(typeof compileGlob(glob).test(text), 'boolean');
});

test('what is not taken is said at the value', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['(?<model>a)(?=b)', /look-around/],
    ['(?<model>a)\\1', /back references/],
    ['(?<model>a', /Unterminated group/],
    [`(?<model>${'(?:a{50}){50}'})`, /too long/],
    [`(?<model>a{5000})`, /more than 1000/],
    [`(?<model>${'x'.repeat(1200)})`, /longer than/],
    [`(?<model>${'(?:'.repeat(60)}${')'.repeat(60)})`, /nests/],
  ];
  for (const [source, says] of cases) {
    const text = `version: 1\nsources:\n  - files: "*.csv"\n    path: '${source}'\n`;
    const { findings, rules } = parseManifest({ name: 'scaling.yaml', text });
    assert.equal(findings.length, 1, source);
    assert.match(findings[0]?.message ?? '', says);
    assert.equal(findings[0]?.range.start.line, 3);
    assert.equal(rules?.sources[0]?.path, null);
  }
});
