/** The prompts of a run file: a list, or a dataset beside it with a template. */
import type { FieldMap, RunFields } from './run-fields.ts';
import { RUN_KEYS } from './run-keys.ts';
import type { PromptSource } from './run-plan.ts';

/** The list of prompts, or where they stand. */
export function readPrompts(at: RunFields, top: FieldMap): PromptSource | null {
  if ((top['prompts'] === undefined) === (top['dataset'] === undefined)) {
    at.fault([], 'Give either prompts (a list) or dataset (a table), one of the two');
    return null;
  }
  if (top['dataset'] !== undefined) {
    const path = ['dataset'];
    const map = at.map(
      typeof top['dataset'] === 'string' ? { file: top['dataset'] } : top['dataset'],
      path,
      RUN_KEYS.dataset,
      'dataset',
    );
    if (map === null) return null;
    const file = at.text(map, [...path, 'file'], null);
    if (file === null) return null;
    if (map['prompt'] !== undefined && map['template'] !== undefined) {
      at.fault([...path, 'template'], 'Give prompt (a column) or template (text with {{columns}}), one of the two');
    }
    const template = map['template'] === undefined ? null : at.text(map, [...path, 'template'], null);
    return {
      kind: 'dataset',
      file,
      template,
      prompt: template === null ? at.text(map, [...path, 'prompt'], 'prompt') : null,
      answer: at.text(map, [...path, 'answer'], 'answer') ?? 'answer',
      id: map['id'] === undefined ? null : at.text(map, [...path, 'id'], null),
      limit: at.whole(map, [...path, 'limit'], 1, Number.NaN, 'rows from the top'),
    };
  }
  const list = at.list(top['prompts'], ['prompts']);
  const items = list.flatMap((entry, i) => {
    const path = ['prompts', i];
    const map = at.map(entry, path, RUN_KEYS.prompt, `prompt ${i + 1}`);
    const prompt = map === null ? null : at.text(map, [...path, 'prompt'], null);
    if (map === null || prompt === null) return [];
    return [
      {
        id: at.text(map, [...path, 'id'], `${i + 1}`) ?? '',
        prompt,
        answer: at.text(map, [...path, 'answer'], '') ?? '',
      },
    ];
  });
  const seen = new Set<string>();
  for (const [i, { id }] of items.entries()) {
    if (seen.has(id)) at.fault(['prompts', i], `Two prompts have the id ${id}`);
    seen.add(id);
  }
  return { kind: 'list', items };
}
