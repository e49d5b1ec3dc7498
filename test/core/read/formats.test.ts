// All sample files: recognised or refused with a true reason, roles as expected, and docs/formats.md as the readers are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatsDoc, formatsText } from '../../../scripts/formats-doc.ts';
import { readInput } from '../../../src/core/read/open.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { sampleFiles, sharedData, withoutData } from './shared.ts';

interface Expected {
  readonly file: string;
  readonly layout: string;
  readonly columns: readonly { readonly header: string; readonly role: string; readonly unit?: number | string }[];
}

test('layouts, roles and units of all expected files', { skip: withoutData }, async () => {
  const expected = JSON.parse(readFileSync(join(sharedData, 'formats/expected.json'), 'utf8')) as Expected[];
  const wrong: string[] = [];
  let columns = 0;
  for (const { file, layout, columns: wanted } of expected) {
    const study = await readStudy(
      [{ name: file, bytes: readFileSync(join(sharedData, 'formats', file)) }],
      {},
      nodeReadPorts,
    );
    const source = study.sources[0];
    if (source?.layout !== layout) wrong.push(`${file}: layout ${source?.layout}, not ${layout}`);
    for (const { header, role, unit } of wanted) {
      columns++;
      const found = source?.columns.find((column) => column.header === header);
      if (found?.role !== role) wrong.push(`${file}: ${header} is ${found?.role}, not ${role}`);
      const same =
        typeof unit === 'number' && typeof found?.unit === 'number'
          ? Math.abs(found.unit / unit - 1) < 1e-9
          : found?.unit === unit;
      if (unit !== undefined && !same) wrong.push(`${file}: unit of ${header} is ${found?.unit}, not ${unit}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(columns, 555);
});

/** The files that hold neither results nor sizes, with what is true of them. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'csv-wide/expemergence_all_models.txt': /list of 67 names/,
  'excerpts/olmes_metrics-all.first-record.trimmed.json': /without metrics/,
  'yaml-cards/hub-docs_modelcard.md': /placeholders/,
  'yaml-configs/datadecide_single_scale_config.hydra.yaml': /neither an architecture/,
};

test('every other file is recognised, or refused with a true reason', { skip: withoutData }, async () => {
  const refused: string[] = [];
  for (const file of sampleFiles('formats/samples')) {
    const result = await readInput(file, nodeReadPorts);
    if (result.ok) {
      assert.ok(
        result.value.length > 0 && result.value.every(({ rowCount, columnCount }) => rowCount > 0 && columnCount > 0),
        file.name,
      );
      continue;
    }
    refused.push(file.name);
    assert.match(result.error.message, REFUSED[file.name] ?? /^never$/, file.name);
  }
  assert.deepEqual(refused, Object.keys(REFUSED).sort());
});

test('the Inverse Scaling Prize folders: models are read, prompts and arguments are named', {
  skip: withoutData,
}, async () => {
  const kinds: Record<string, number> = {};
  for (const file of sampleFiles('inverse-scaling/samples')) {
    const result = await readInput(file, nodeReadPorts);
    const kind = result.ok ? (result.value[0]?.format ?? '') : result.error.message.split(/[,:(]/)[0];
    kinds[kind ?? ''] = (kinds[kind ?? ''] ?? 0) + 1;
  }
  assert.deepEqual(kinds, { 'per-sample': 10, 'task-data': 3, 'The arguments of an evaluation': 3 });
});

test('docs/formats.md is what the readers read', { skip: withoutData }, async () => {
  assert.equal(readFileSync(formatsDoc, 'utf8'), await formatsText(), 'run node scripts/formats-doc.ts');
});
