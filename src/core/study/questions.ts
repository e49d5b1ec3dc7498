/**
 * What only the user can settle, each with the lines of scaling.yaml that settle it. With `assume` the best guess is taken
 * and listed instead.
 */
import { NO_RANGE } from '../table/span.ts';
import type { StudyContext } from './context.ts';
import type { Question } from './study.ts';

function quoted(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Questions of a study. */
export function questionsOf(
  context: StudyContext,
  assume: boolean,
): { readonly questions: readonly Question[]; readonly guesses: readonly string[] } {
  const questions: Question[] = [];
  const guesses: string[] = [];
  const ask = (question: Question): void => {
    if (assume) guesses.push(question.guess);
    else questions.push(question);
  };
  context.readings.forEach((reading, index) => {
    if (assume) return;
    for (const open of reading.open) {
      const best = open.choices[0];
      if (best === undefined) continue;
      questions.push({
        message: open.message,
        file: reading.table.file,
        range: context.rowsOf[index]?.range(reading.table.headerSpan(open.column)) ?? NO_RANGE,
        yaml: open.choices.map(
          (c) => `sources:\n  - files: ${quoted(reading.table.file)}\n    columns:\n      ${c.yaml}`,
        ),
        guess: best.say,
      });
    }
  });
  const asked = new Set<string>();
  for (const { group, facts, series } of context.built) {
    if (!facts.directionOpen || group.aggregate || asked.has(group.metric)) continue;
    asked.add(group.metric);
    ask({
      topic: 'direction',
      message: `Nothing says whether a higher or a lower ${group.metric} is better.`,
      file: group.rows.reading.table.file,
      range: series.anchor.range,
      yaml: [
        `metrics:\n  ${quoted(group.metric)}: {better: higher}`,
        `metrics:\n  ${quoted(group.metric)}: {better: lower}`,
      ],
      guess: `A higher ${group.metric} is better.`,
    });
  }
  const first = context.built.length === 0 ? context.unscaled.find((g) => g.drafts.length > 0) : undefined;
  if (first !== undefined && first.rows.modelColumn !== null) {
    const models = [...new Set(first.drafts.all().map((d) => d.model))].filter((m) => m !== '');
    // One model alone is a piece of a study, not a study without sizes.
    if (models.length > 1) {
      const { rows } = first;
      ask({
        message: 'How large are these models? Neither the columns nor the names say.',
        file: rows.reading.table.file,
        range: rows.range(rows.reading.table.headerSpan(rows.modelColumn?.index ?? 0)) ?? NO_RANGE,
        yaml: [
          `models:\n${models
            .slice(0, 40)
            .map((m) => `  ${quoted(m)}: {N: 1B, D: 20B}`)
            .join('\n')}`,
        ],
        guess: 'Models of unknown size are left out.',
      });
    }
  }
  return { questions, guesses };
}
