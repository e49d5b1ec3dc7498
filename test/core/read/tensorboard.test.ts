// CSV exports of TensorBoard: the file name says what the values are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOne, rolesOf } from './shared.ts';

const TEXT = 'Wall time,Step,Value\n1700000000.1,100,6.2\n1700000010.1,200,5.4\n1700000020.1,300,4.9\n';

test('a loss, a score and a curve of unknown meaning', async () => {
  const loss = await readOne('logs/run-pythia-160m-tag-eval_loss.csv', TEXT);
  assert.equal(loss.format, 'tensorboard');
  assert.deepEqual(rolesOf(loss), { 'Wall time': 'ignore', Step: 'step', Value: 'loss' });
  assert.equal(loss.hints.get(2)?.metric, 'eval_loss');
  const score = await readOne('run-a-tag-Accuracy_val (1).csv', TEXT);
  assert.equal(rolesOf(score)['Value'], 'score');
  for (const name of ['export.csv', 'run-a-tag-learning_rate.csv']) {
    const unknown = await readOne(name, TEXT);
    assert.equal(unknown.format, 'tensorboard');
    assert.equal(rolesOf(unknown)['Value'], name === 'export.csv' ? undefined : 'ignore');
    assert.match(unknown.notes.join('\n'), /pin “Value”/);
  }
});

test('a table that only begins so is none', async () => {
  const table = await readOne('run-a-tag-loss.csv', 'Wall time,Step,Value,model\n1,100,6.2,a\n2,200,5.4,a\n');
  assert.equal(table.format, 'csv');
});
