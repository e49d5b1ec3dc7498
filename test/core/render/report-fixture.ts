// Reports to render: the real analysis of small tables, and one whose every text is hostile.
import { DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { analyse } from '../../../src/core/report.ts';
import type { Report } from '../../../src/core/report-model.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

/** Names that a careless renderer would take for markup, in every dialect. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  'a & b "q" \'x\'',
  ']]>--><img src=x onerror=alert(1)>',
  'täsk ünïcode 数学 🎲',
  '`code` | pipe **bold** [l](javascript:alert(1))',
  '</style><style>*{display:none}',
  'c0-clip',
  '=cmd()|x',
] as const;

/** One report of texts by file name, analysed as the command line would. */
export async function reportOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: { readonly bootstrap?: number; readonly at?: readonly number[]; readonly assume?: boolean } = {},
): Promise<Report> {
  const { bootstrap = 0, at, assume = false } = options;
  const inputs = Object.entries(files).map(([name, content]) => ({
    name,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  const study = await readStudy(inputs, { assume }, nodeReadPorts);
  return analyse(study, { ...DEFAULT_OPTIONS, bootstrap, ...(at === undefined ? {} : { at }) });
}

/** Nine models of sizes 3× apart; accuracy rises from chance, falls for tasks whose name begins with “down”. */
export function table(tasks: readonly string[]): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = ['model,params,tokens,task,metric,score,chance'];
  for (const [t, task] of tasks.entries()) {
    for (let i = 0; i < 9; i++) {
      const params = Math.round(1e7 * 3 ** i);
      const wiggle = 0.006 * Math.sin(7 * i + t);
      const rise = 0.5 / (1 + Math.exp(4 - i));
      const score = task.startsWith('down') ? 0.75 - rise : 0.25 + rise;
      lines.push(`m<${i}>,${params},${20 * params},${quote(task)},accuracy,${(score + wiggle).toFixed(4)},0.25`);
    }
  }
  return `${lines.join('\n')}\n`;
}
