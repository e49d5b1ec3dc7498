/** `data.mixed-percent`: one metric of one file partly in percent, partly as fractions. */
import { NO_RANGE } from '../table/span.ts';
import type { DataCheck } from './data-check.ts';
import { rangeFinding } from './data-check.ts';

export const mixedPercent: DataCheck = {
  find: ({ percent }) =>
    percent.mixed.map(({ group, inside }) => {
      const { rows } = group;
      const { table } = rows.reading;
      const small = group.drafts.all().find((d) => d.y > 0 && d.y <= 1);
      const span =
        inside && small !== undefined
          ? table.cellSpan(small.row, small.column)
          : group.taskColumn >= 0
            ? table.cellSpan(group.firstRow, group.taskColumn)
            : table.headerSpan(group.scoreColumn);
      return rangeFinding(
        table.file,
        'data.mixed-percent',
        rows.range(span) ?? NO_RANGE,
        inside
          ? `${group.task} (${group.metric}) mixes percent and fractions: some scores are at most 1, others far above.`
          : `${group.task} (${group.metric}) looks like fractions while other tasks of this metric are in percent; it is read as fractions.`,
        { task: group.task, metric: group.metric, inside },
      );
    }),
};
