import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  escapeLatex,
  latexMath,
  parametersJson,
  parametersLatex,
  parametersPython,
} from '../../../src/core/render/parameters.ts';
import type { CurveView, SeriesView } from '../../../src/core/render/view-model.ts';
import { richView } from '../../fixture/fit-view.ts';

const series = richView().series[0] as SeriesView;
const curve = series.curves[0] as CurveView;

test('JSON carries the parameters in full precision', () => {
  const exact = { ...curve, parameters: [{ name: 'c', value: 0.1 + 0.2, low: null, high: null, level: null }] };
  const record = JSON.parse(parametersJson(series, exact));
  assert.equal(record.parameters.c, 0.1 + 0.2);
  assert.equal(record.intervals.c, null);
  assert.equal(record.law, 'power-offset');
  assert.equal(JSON.parse(parametersJson(series, curve)).intervals.b.level, 0.9);
});

test('LaTeX: the equation in math mode and a table that closes', () => {
  const latex = parametersLatex(series, curve);
  assert.match(latex, /y = 1\.69 \+ 2\{,\}140 \\cdot x\^\{-0\.155\}/);
  assert.match(latex, /\$e\$ & \$1\.69\$ & \$1\.64\$ to \$1\.74\$ \\\\/);
  assert.equal([...latex.matchAll(/\\begin/g)].length, [...latex.matchAll(/\\end/g)].length);
  assert.equal(latexMath('3×10²²'), '3 \\times 10^{22}');
  assert.equal(latexMath('1.5×10⁻⁷'), '1.5 \\times 10^{-7}');
  assert.equal(
    escapeLatex('a_b & 50% {x} \\y ~ ^ # $'),
    'a\\_b \\& 50\\% \\{x\\} \\textbackslash{}y \\textasciitilde{} \\textasciicircum{} \\# \\$',
  );
  const hostile = parametersLatex({ ...series, title: 'a\n\\input{/etc/passwd}' }, curve);
  assert.ok(hostile.split('\n')[0]?.startsWith('% a \\input'));
});

test('Python: one literal per line, no line of the file escapes its comment', () => {
  const open = { ...curve, parameters: [{ name: 'e"', value: 1.69, low: null, high: null, level: null }] };
  const text = parametersPython({ ...series, title: 'x\nimport os' }, open);
  assert.equal(
    text,
    [
      '# x import os: power law with offset (power-offset), fitted to n = 12 points',
      '# y = 1.69 + 2,140·x^−0.155',
      'parameters = {',
      '    "e\\"": 1.69,',
      '}',
      'intervals = {',
      '    "e\\"": (None, None),',
      '}',
      `last_fitted = ${curve.lastFitted}  # Training compute (FLOP)`,
      '',
    ].join('\n'),
  );
});
