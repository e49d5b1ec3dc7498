/** Tables of docs/trust.md on the bare forms: the error of each on every benchmark, and of the common fit task by task. */
import { BARE_FORMS, type BareForm, FURTHER_FORMS, lastThreeBare } from '../../src/core/forecast/form.ts';
import { backtestHierarchy } from '../../src/core/forecast/hierarchy.ts';
import { cutoffBacktest, leaveRightmostOut, summariseA } from '../../src/core/forecast/protocol.ts';
import {
  AXIS,
  BENCHMARKS,
  benchmarkModels,
  type FamilyTask,
  scoreRows,
  tasksOf,
} from '../../test/core/forecast/predictability-data.ts';

export function benchmarkTable(forms: readonly BareForm[] = [...BARE_FORMS, ...FURTHER_FORMS]): string {
  const rows = scoreRows();
  const lines = [
    `| form | ${BENCHMARKS.map((b) => `${b}, mean of tasks | ${b}, single`).join(' | ')} |`,
    `|---|${BENCHMARKS.map(() => '---|---|').join('')}`,
  ];
  const sets = BENCHMARKS.map((b) => tasksOf(rows, b, AXIS));
  for (const form of forms) {
    const cells = sets.map(({ tasks, average }) => {
      const single =
        summariseA(
          '',
          tasks.map((t) => leaveRightmostOut(form, t)),
        ).withinOne?.mean ?? Number.NaN;
      const whole = summariseA('', [leaveRightmostOut(form, average)]).withinOne?.mean ?? Number.NaN;
      return `${whole.toFixed(2)} | ${single.toFixed(2)}`;
    });
    lines.push(`| \`${form.id}\` | ${cells.join(' | ')} |`);
  }
  const cells = BENCHMARKS.map((benchmark) => {
    const { models, tasks } = benchmarkModels(benchmark);
    const result = backtestHierarchy(models, tasks);
    return `${(result.mean.withinOne?.mean ?? 0).toFixed(2)} | ${(result.single.withinOne?.mean ?? 0).toFixed(2)}`;
  });
  lines.push(`| **\`hierarchy\`** | ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** Error of the common fit beside the mean of the last three, task by task. */
function taskErrors(benchmark: string): { task: string; together: number; meanOfThree: number }[] {
  const { models, tasks: count, names } = benchmarkModels(benchmark);
  const { byTask } = backtestHierarchy(models, count);
  const { tasks } = tasksOf(scoreRows(), benchmark, AXIS);
  return names.map((task, t) => {
    const one = tasks.find((o) => o.task === task) as FamilyTask;
    return {
      task,
      together: byTask[t]?.withinOne?.mean ?? Number.NaN,
      meanOfThree: summariseA('', [leaveRightmostOut(lastThreeBare, one)]).withinOne?.mean ?? Number.NaN,
    };
  });
}

export function taskTable(): string {
  const { tasks } = tasksOf(scoreRows(), 'bbh_fewshot', AXIS);
  const together = new Map(taskErrors('bbh_fewshot').map((t) => [t.task, t.together]));
  const lines = [
    '| task | hierarchy A | sigmoid A, B | plain sigmoid A, B | last A, B | mean of three A, B |',
    '|---|---|---|---|---|---|',
  ];
  const forms = BARE_FORMS.slice(0, 4);
  for (const task of tasks) {
    const cells = forms.map((form) => {
      const a = summariseA('', [leaveRightmostOut(form, task)]).withinOne?.mean ?? Number.NaN;
      return `${a.toFixed(1)}, ${(cutoffBacktest(form, task).mean ?? Number.NaN).toFixed(1)}`;
    });
    lines.push(`| ${task.task} | ${together.get(task.task)?.toFixed(1)} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** Single tasks on which the common fit is worse than assuming the mean of the last three. */
export function worseTable(): string {
  const lines = [
    '| benchmark | tasks | worse than the mean of the last three | which (hierarchy, mean of three) |',
    '|---|---|---|---|',
  ];
  for (const benchmark of BENCHMARKS) {
    const all = taskErrors(benchmark);
    const worse = all.filter((t) => t.together > t.meanOfThree);
    const which = worse.map((t) => `${t.task} (${t.together.toFixed(1)}, ${t.meanOfThree.toFixed(1)})`).join('; ');
    lines.push(`| ${benchmark} | ${all.length} | ${worse.length} | ${which || 'none'} |`);
  }
  return lines.join('\n');
}
