import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellSpan, isEscaped, isQuoted, type TokenInput, tokenizeCsv } from '../../../src/core/table/csv-tokens.ts';

function tokens(text: string, more: Partial<TokenInput> = {}) {
  const units = new TextEncoder().encode(text);
  return tokenizeCsv({ units, from: 0, length: units.length, delimiter: ',', maxLine: 1000, ...more });
}

function rowsOf(text: string, more: Partial<TokenInput> = {}): string[][] {
  const units = new TextEncoder().encode(text);
  const t = tokens(text, more);
  return Array.from({ length: t.rows }, (_, row) => {
    const cells: string[] = [];
    for (let k = t.rowStart[row] as number; k < (t.rowStart[row + 1] as number); k++) {
      const { start, end } = cellSpan(t, units, row, k);
      cells.push(new TextDecoder().decode(units.subarray(start, end)));
    }
    return cells;
  });
}

test('cells, flags, rows', () => {
  const text = 'a,"b ""x""",\r\n\r\n "c" ,d\r"e';
  assert.deepEqual(rowsOf(text), [['a', 'b ""x""', ''], ['c', 'd'], ['"e']]);
  const t = tokens(text);
  assert.deepEqual([...t.rowStart.subarray(0, t.rows + 1)], [0, 3, 5, 6]);
  assert.ok(isQuoted(t, 1) && isEscaped(t, 1) && isQuoted(t, 3) && !isEscaped(t, 3) && !isQuoted(t, 4));
  assert.deepEqual(
    t.faults.map((f) => f.kind),
    ['unclosed-quote'],
  );
});

test('text after a quote, empty cells, a delimiter at the very end', () => {
  assert.deepEqual(rowsOf('"a"b,c\n,\n"x,y",\n""'), [['"a"b', 'c'], ['', ''], ['x,y', ''], ['']]);
  assert.deepEqual(rowsOf('a,b,'), [['a', 'b', '']]);
  assert.deepEqual(rowsOf('é,"ü"\n'), [['é', 'ü']]);
});

test('a line beyond the limit stops the pass; many open quotes stay linear', () => {
  assert.equal(tokens(`a\n${'x'.repeat(200)}\nb`, { maxLine: 100 }).longLine, 2);
  const work = (n: number): number => {
    const text = '"x\n'.repeat(n);
    assert.ok(tokens(text, { maxLine: 1e9 }).rows > n / 100);
    return text.length;
  };
  assert.equal(work(500_001), 1_500_003);
});

test('blocks of a stream, cut anywhere, give the rows of the whole text', () => {
  const text = 'a,"b\nb",c\r\n"d ""x""", e,f\n\n1,2,3\n"open,\n4,5,6\n"7"8,9,\n"",x,"y"';
  const whole = rowsOf(text);
  for (let size = 1; size <= text.length; size++) {
    const found: string[][] = [];
    let held = '';
    let oneLine = false;
    for (let at = 0; at < text.length; at += size) {
      held += text.slice(at, at + size);
      const last = at + size >= text.length;
      const t = tokens(held, { last, oneLine });
      found.push(...rowsOf(held, { last, oneLine }));
      oneLine = t.oneLine;
      held = held.slice(t.rest);
    }
    assert.deepEqual(found, whole, `blocks of ${size}`);
  }
});

test('cells that lie across the blocks in which a long text is cut', () => {
  const kinds = [
    (k: number) => `${k}`,
    (k: number) => 'é'.repeat(k % 50),
    (k: number) => `line ${k}\r\n"two", and\n${'z'.repeat(k % 300)}`,
    () => '',
    (k: number) => (k % 997 === 0 ? 'w'.repeat(150_000) : 'short'),
    (k: number) => `, ${k} "`,
  ];
  const values = Array.from({ length: 4000 }, (_, k) => kinds.map((kind) => kind(k)));
  const write = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  for (const end of ['\n', '\r\n', '\r', '\n\n']) {
    const text = values.map((row) => row.map(write).join(',')).join(end);
    const whole = rowsOf(text, { maxLine: 1e6 });
    assert.equal(whole.length, values.length);
    assert.deepEqual(
      whole.map((row) => row.map((cell) => cell.replaceAll('""', '"'))),
      values,
    );
  }
});

test('a quote that nothing closes within the longest line is text, and the lines behind it are rows', () => {
  const text = `a,b\n1,"open\n${'2,x\n'.repeat(100_000)}`;
  const t = tokens(text, { maxLine: 50_000 });
  assert.equal(t.rows, 100_002);
  assert.deepEqual(t.faults, [{ kind: 'unclosed-quote', start: 6, end: 7 }]);
});
