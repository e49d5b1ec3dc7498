// Logs of training runs as their tools print them, between lines of anything else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStudy } from '../../../src/core/read-study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { placeOf, read, readOne, rolesOf, rowsOf } from './shared.ts';

const NOISE = 'loading the model, with all its weights\nWARNING: no cache was found: it is made anew\n';

const LOGS: readonly (readonly [tool: string, text: string, rows: readonly Readonly<Record<string, string>>[]])[] = [
  [
    'Megatron-LM',
    ' [2024-01-05 10:00:01] iteration       10/  143000 | consumed samples:        10240 | elapsed time per iteration (ms): 512.1 | lm loss: 1.081234E+01 | loss scale: 1.0 | grad norm: 5.123 |\n [2024-01-05 10:00:11] iteration       20/  143000 | consumed samples:        20480 | lm loss: 9.981234E+00 | loss scale: 1.0 |\n validation loss at iteration 20 | lm loss value: 9.100000E+00 | lm loss PPL: 8.955293E+03 | \n',
    [
      { step: '10', lm_loss: '1.081234E+01' },
      { step: '20', lm_loss: '9.981234E+00' },
      { step: '20', val_lm_loss: '9.100000E+00' },
    ],
  ],
  [
    'nanotron',
    '01/05/2024 10:00:01 [INFO|DP=0|PP=0]: iteration: 1 / 15 | consumed_tokens: 1.05M | tokens_per_sec: 2.05M | lm_loss: 11.3 | lr: 0.0003\n01/05/2024 10:00:02 [INFO|DP=0|PP=0]: iteration: 2 / 15 | consumed_tokens: 2.1M | tokens_per_sec: 2.05M | lm_loss: 10.1 | lr: 0.0003\n',
    [
      { step: '1', tokens: '1.05M', lm_loss: '11.3' },
      { step: '2', tokens: '2.1M', lm_loss: '10.1' },
    ],
  ],
  [
    'torchtitan',
    '[rank0]:2024-11-05 10:00:01,1 - root - INFO - Model llama3 debug size: 6,139,136 total parameters\n[rank0]:2024-11-05 10:00:11,1 - root - INFO - step:  1  loss: 12.2721  memory: 43.33GiB(45.62%)  tps: 1,234\n[rank0]:2024-11-05 10:00:21,1 - root - INFO - step: 10  loss: 10.1234  memory: 43.33GiB(45.62%)  tps: 6,234\n',
    [
      { params: '6,139,136', step: '1', loss: '12.2721' },
      { params: '6,139,136', step: '10', loss: '10.1234' },
    ],
  ],
  [
    'torchtune',
    'Step 1 | loss:2.3456 lr:0.0003 tokens_per_second_per_gpu:1234.5\nStep 2 | loss:2.2456 lr:0.0003 tokens_per_second_per_gpu:1234.5\n',
    [
      { step: '1', loss: '2.3456' },
      { step: '2', loss: '2.2456' },
    ],
  ],
  [
    'nanoGPT',
    'number of parameters: 123.59M\nstep 0: train loss 10.9886, val loss 10.9898\niter 0: loss 10.9, time 1234.00ms, mfu -100.00%\nstep 1000: train loss 4.1, val loss 4.2\n',
    [
      { params: '123.59M', step: '0', train_loss: '10.9886', val_loss: '10.9898' },
      { params: '123.59M', step: '0', loss: '10.9' },
      { params: '123.59M', step: '1000', train_loss: '4.1', val_loss: '4.2' },
    ],
  ],
  [
    'litgpt',
    'Epoch 1 | iter 10 step 10 | loss train: 3.10, val: n/a | iter time: 1.0 ms\nEpoch 1 | iter 20 step 20 | loss train: 2.90, val: 3.00 | iter time: 1.0 ms\n',
    [
      { step: '10', train_loss: '3.10' },
      { step: '20', train_loss: '2.90', val_loss: '3.00' },
    ],
  ],
];

for (const [tool, text, rows] of LOGS) {
  for (const [how, whole] of [
    ['', text],
    [' among other lines, with CRLF', `${NOISE}${text}`.replaceAll('\n', '\r\n')],
  ] as const) {
    test(`${tool}${how}: steps and losses at their places`, async () => {
      const table = await readOne('run-1/train.log', whole);
      assert.equal(table.format, 'training-log');
      assert.deepEqual(rowsOf(table), rows);
      for (let row = 0; row < table.rowCount; row++)
        for (let column = 0; column < table.columnCount; column++)
          if (table.cell(row, column) !== '') assert.equal(placeOf(table, row, column), table.cell(row, column));
    });
  }
}

test('held-out losses are losses, training losses beside them are those of the task train; one batch is not counted', async () => {
  const table = await readOne('train.log', LOGS[4]?.[1] ?? '');
  assert.deepEqual(rolesOf(table), {
    params: 'params',
    step: 'step',
    train_loss: 'score',
    val_loss: 'loss',
    loss: 'ignore',
  });
  const alone = await readOne('train.log', LOGS[3]?.[1] ?? '');
  assert.equal(rolesOf(alone)['loss'], 'loss');
});

test('a folder of logs is a study: one curve per file', async () => {
  const files = [1, 2, 4].map((size) => ({
    name: `runs/gpt-${size}00m.log`,
    text: [100, 200, 400, 800]
      .map((step) => `step: ${step} | loss: ${(3 + 10 / Math.sqrt(step) - size / 10).toFixed(4)} | lr: 0.001\n`)
      .join(''),
  }));
  const study = await readStudy(files, {}, nodeReadPorts);
  assert.deepEqual(
    study.series.map(({ id, points }) => [id, points.length]),
    [['loss/loss', 12]],
  );
});

test('sentences with steps and losses, YAML and JSON are no logs', async () => {
  for (const text of [
    'At step 1000 the loss is 3.2, which is what we had thought.\nWe then went on with a larger batch, for no reason at all.\nIt was better in the end, so we kept it and wrote this down.\nThe next run will be longer than this one was, by far.\nIt will also be larger, as soon as there is room for it.\nNothing else is to be said of this for now, we think.\n',
    'olmo:\n  step1000: {tokens: 2B, loss: 3.9}\n  step2000: {tokens: 4B, loss: 3.6}\n  step3000: {tokens: 6B, loss: 3.5}\n',
    '{"step": 1, "loss": 3.0}\n{"step": 2, "loss": 2.9}\n{"step": 3, "loss": 2.8}\n',
  ]) {
    const { tables } = await read('x', text);
    assert.notEqual(tables[0]?.format, 'training-log');
  }
});
