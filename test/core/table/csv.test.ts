import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Papa from 'papaparse';
import { MAX_LINE, parseCsv } from '../../../src/core/table/csv.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';

const DATA = '../shared/data';

function grid(table: RawTable): string[][] {
  const rows: string[][] = [];
  for (let r = 0; r < table.rowCount; r++) {
    rows.push(Array.from({ length: table.columnCount }, (_, c) => table.cell(r, c)));
  }
  return rows;
}

const read = (text: string): RawTable => parseCsv(text, { file: 'a.csv' });

test('cells and their places', () => {
  const text = '\ufeffmodel,"acc, norm",n\r\n"a ""b""",0.5,12\r\nc,"1\n2",\r\n';
  const t = read(text);
  assert.equal(t.columnCount, 3);
  assert.equal(t.rowCount, 2);
  assert.equal(t.header(0), 'model');
  assert.equal(t.header(1), 'acc, norm');
  assert.deepEqual(grid(t), [
    ['a "b"', '0.5', '12'],
    ['c', '1\n2', ''],
  ]);
  const span = t.cellSpan(0, 1);
  assert.ok(span);
  assert.equal(text.slice(span.start, span.end), '0.5');
  const header = t.headerSpan(1);
  assert.ok(header);
  assert.equal(text.slice(header.start, header.end), 'acc, norm');
  assert.deepEqual(t.problems, []);
});

test('a row that another delimiter splits is told so', () => {
  const [problem, other] = read('model,params,acc\na,1e8,0.2\nb;2e8;0.3\nc,4e8\n').problems;
  assert.match(problem?.message ?? '', /1 of 3 cells \(“;” splits it, “,” the header\)/);
  assert.match(other?.message ?? '', /2 of 3 cells; /);
});

test('delimiters are found', () => {
  assert.deepEqual(grid(read('a;b\n1,5;2\n3,25;4')), [
    ['1,5', '2'],
    ['3,25', '4'],
  ]);
  assert.deepEqual([...read('a;b\n1,5;2\n3,25;4').numbers(0)], [1.5, 3.25]);
  assert.equal(read('a\tb\n1\t2\n').format, 'tsv');
  assert.equal(read('a|b|c\n1|2|3\n').columnCount, 3);
});

test('rows of unequal length, comments, blank lines, trailing delimiters', () => {
  const t = read('# made by a script\na,b,c,\n1,2,3,\n\n4,5\n6,7,8,9\n');
  assert.equal(t.columnCount, 4);
  assert.equal(t.problems.length, 1);
  assert.equal(t.problems[0]?.message.includes('2 of 4'), true);
  const u = read('a,b,c,\n1,2,3,\n4,5,6,\n');
  assert.equal(u.columnCount, 3);
  assert.deepEqual(u.problems, []);
  const v = read('a,b\n1,2\n3,4,5\n');
  assert.equal(v.problems[0]?.code, 'file.malformed');
  assert.deepEqual(grid(v), [
    ['1', '2'],
    ['3', '4'],
  ]);
});

test('a quote that never closes costs one cell, not the file', () => {
  const text = 'a,b\n1,"x\n2,y\n3,z\n';
  const t = read(text);
  assert.deepEqual(grid(t), [
    ['1', '"x'],
    ['2', 'y'],
    ['3', 'z'],
  ]);
  const problem = t.problems[0];
  assert.ok(problem);
  assert.equal(problem.code, 'file.malformed');
  assert.equal(problem.span.start, text.indexOf('"'));
  const many = read(`a,b\n${'1,"x\n'.repeat(20001)}`);
  assert.ok(many.problems.length > 0);
});

test('what is no table is refused with a reason', () => {
  assert.equal(read('').problems[0]?.message, 'The file is empty.');
  assert.equal(read(' \n \n').problems[0]?.code, 'data.missing');
  assert.equal(read('a,b,c\n').problems[0]?.code, 'data.missing');
  assert.equal(read('PK\u0003\u0004\u0000\u0000').problems[0]?.code, 'file.unrecognised');
  assert.equal(read(`a,b\n${'x'.repeat(MAX_LINE + 10)}`).problems[0]?.code, 'file.too-large');
  assert.equal(read(`${'a,'.repeat(1_000_000)}\n1,2`).problems[0]?.code, 'file.too-large');
  assert.equal(read('1,2\n3,4\n').header(1), 'column 2');
  assert.equal(read('a,a\n3,4\n').problems[0]?.code, 'file.malformed');
});

/** A small generator with a fixed seed (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('agrees with papaparse on generated files', () => {
  const next = random(7);
  const pieces = ['x', '12.5', '', 'a b', 'q"q', 'c,d', 'l\nm', 'é😀', "it's", ' pad ', '"', ';', '-3e-5', '\r\nz'];
  for (let k = 0; k < 300; k++) {
    const columns = 2 + Math.floor(next() * 5);
    const rows = 1 + Math.floor(next() * 12);
    const eol = next() < 0.5 ? '\n' : '\r\n';
    const values: string[][] = [Array.from({ length: columns }, (_, c) => `h${c}`)];
    for (let r = 0; r < rows; r++) {
      const row = Array.from({ length: columns }, () => pieces[Math.floor(next() * pieces.length)] as string);
      row[0] = `r${r}`;
      values.push(row);
    }
    const write = (v: string): string => (/[",\r\n;]/.test(v) || next() < 0.1 ? `"${v.replaceAll('"', '""')}"` : v);
    const text = values.map((row) => row.map(write).join(',')).join(eol) + (next() < 0.5 ? eol : '');
    const ours = parseCsv(text, { file: 'g.csv', delimiter: ',' });
    const theirs = Papa.parse<string[]>(text, { delimiter: ',', skipEmptyLines: false }).data.filter(
      (r) => r.length > 1,
    );
    assert.deepEqual(grid(ours), theirs.slice(1), JSON.stringify(text));
    assert.deepEqual(grid(ours), values.slice(1));
  }
});

function csvFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? csvFiles(path) : name.endsWith('.csv') ? [path] : [];
  });
}

test('agrees with papaparse on published files', { skip: existsSync(DATA) ? false : 'no shared data here' }, () => {
  let compared = 0;
  for (const file of csvFiles(DATA)) {
    if (statSync(file).size > 800_000) continue;
    const text = readFileSync(file, 'utf8');
    const ours = parseCsv(text, { file });
    const theirs = Papa.parse<string[]>(text.replace(/^\ufeff/, ''), { delimiter: ',' }).data.filter(
      (r) => r.length > 1 || r[0] !== '',
    );
    assert.equal(ours.rowCount, theirs.length - 1, file);
    for (let r = 0; r < ours.rowCount; r++) {
      for (let c = 0; c < ours.columnCount; c++) {
        const want = theirs[r + 1]?.[c] ?? '';
        const span = ours.cellSpan(r, c);
        if (ours.cell(r, c) !== want) assert.fail(`${file} row ${r} column ${c}: ${ours.cell(r, c)} ≠ ${want}`);
        if (span !== null && !want.includes('"') && text.slice(span.start, span.end) !== want)
          assert.fail(`${file}: span`);
      }
    }
    compared++;
  }
  assert.ok(compared > 50);
});
