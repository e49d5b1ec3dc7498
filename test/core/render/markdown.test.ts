import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clip, codeSpan, escapeMarkdown, markdownTable } from '../../../src/core/render/markdown.ts';

/** What CommonMark shows for a text without markup: backslash escapes resolved. */
const shown = (markdown: string) => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');

test('escaped text shows itself and leaves no markup unescaped', () => {
  for (const text of [
    '**bold** _it_ `code` ~~s~~',
    '[link](command:evil) ![img](http://x)',
    '<img src=x onerror=alert(1)>',
    '# heading',
    '- item',
    '1. item',
    '+ item',
    '> quote',
    'a|b',
    '$(zap) icon',
    'https://example.org www.example.org a@b.c',
    '&lt; &#60;',
    'back\\slash',
    'pythia-1.4b, exact match',
    '[a](b)',
    '![](x)',
  ]) {
    const escaped = escapeMarkdown(text);
    assert.equal(shown(escaped), text);
    assert.doesNotMatch(escaped, /(?<!\\)[*_`[\]<>#|~$&@]/, text);
    assert.doesNotMatch(escaped, /(?<!\\)\]\(|^\s*(?:[-+]|\d+\.)\s/, text);
  }
  assert.equal(escapeMarkdown('a\nb\u0000c'), 'a b c');
  assert.equal(escapeMarkdown('pythia-1.4b (deduped)'), 'pythia-1.4b (deduped)');
});

test('code spans survive backticks and pipes', () => {
  assert.equal(codeSpan('a'), '`a`');
  assert.equal(codeSpan('a`b'), '``a`b``');
  assert.equal(codeSpan('`x`'), '`` `x` ``');
  assert.equal(codeSpan('a|b'), '`a\\|b`');
  assert.equal(codeSpan(' '), '');
});

test('tables keep their columns whatever the cells hold', () => {
  const table = markdownTable(
    ['Task', 'α'],
    [['a|b', '1'], ['line\nbreak', '2'], ['a\\|b'], ['x', 'y', 'z']],
    ['left', 'right'],
  );
  assert.equal(
    table,
    ['| Task | α |', '| --- | ---: |', '| a\\|b | 1 |', '| line break | 2 |', '| a\\|b |  |', '| x | y |'].join('\n'),
  );
});

test('clipping counts code points', () => {
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(clip('🙂🙂🙂', 3), '🙂🙂🙂');
  assert.equal(clip('🙂🙂🙂🙂', 3), '🙂🙂…');
});
