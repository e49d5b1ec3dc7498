/**
 * The parameters of a fit to take along: JSON for scripts, LaTeX for papers, Python for notebooks. Full precision in
 * JSON and Python, readable precision in LaTeX.
 */
import { formatInterval, formatNumber, formatPercent } from './number.ts';
import type { CurveView, SeriesView } from './view-model.ts';

/** Everything that identifies and qualifies the fit, as indented JSON. */
export function parametersJson(series: SeriesView, curve: CurveView): string {
  const record = {
    series: series.id,
    task: series.task,
    metric: series.metric,
    scale: series.x.kind,
    law: curve.law,
    equation: curve.equation,
    parameters: Object.fromEntries(curve.parameters.map(({ name, value }) => [name, value])),
    intervals: Object.fromEntries(
      curve.parameters.map(({ name, low, high, level }) => [
        name,
        low === null || high === null ? null : { low, high, level },
      ]),
    ),
    n: curve.n,
    r2: curve.r2,
    rmse: curve.rmse,
    aicc: curve.aicc,
    converged: curve.converged,
    lastFitted: curve.lastFitted,
    shape: series.shape?.label ?? null,
    threshold:
      series.threshold === null
        ? null
        : {
            x: series.threshold.x,
            low: series.threshold.low,
            high: series.threshold.high,
            level: series.threshold.level,
          },
    notes: curve.notes,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
};

/** Text that LaTeX prints as it is; control characters and line breaks become spaces. */
export function escapeLatex(text: string): string {
  return (
    text
      // Control characters are what is removed
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .replace(/[\\{}$&#_%^~]/g, (character) => LATEX[character] as string)
      .replace(/−/g, '$-$')
  );
}

const GREEK = /^(alpha|beta|gamma|delta|epsilon|eta|kappa|lambda|mu|nu|rho|sigma|tau|theta|omega)$/;

/** A parameter's name in math mode: alpha → \alpha, x0 → x_{0}, lnC → \mathit{lnC}. */
function latexName(name: string): string {
  if (GREEK.test(name)) return `\\${name}`;
  const [, letter, index] = /^([A-Za-z])_?(\d+)$/.exec(name) ?? [];
  if (letter !== undefined && index !== undefined) return `${letter}_{${index}}`;
  return name.length === 1 ? name : `\\mathit{${escapeLatex(name)}}`;
}

const SUPERSCRIPT_DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A formatted number or equation in math mode: 3×10²² → 3 \times 10^{22}, x^−0.34 → x^{-0.34}. */
export function latexMath(text: string): string {
  return text
    .replace(
      /[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g,
      (run) => `^{${[...run].map((c) => (c === '⁻' ? '-' : SUPERSCRIPT_DIGITS.indexOf(c))).join('')}}`,
    )
    .replace(/−/g, '-')
    .replace(/(\d),(?=\d{3})/g, '$1{,}')
    .replace(/\^(-?[\d.]+|[A-Za-z]\w*)/g, '^{$1}')
    .replace(/×/g, ' \\times ')
    .replace(/·/g, ' \\cdot ')
    .replace(/\b(alpha|beta|gamma|delta|epsilon|eta)\b/g, '\\$1')
    .replace(/\b(exp|log|ln|tanh|min|max)\b/g, '\\$1')
    .replace(/%/g, '\\%')
    .replace(/\u00a0/g, '\\,')
    .replace(/–/g, '\\text{--}')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The equation and a booktabs table of the parameters with their intervals. */
export function parametersLatex(series: SeriesView, curve: CurveView): string {
  const level = curve.parameters.find((parameter) => parameter.level !== null)?.level ?? null;
  const rows = curve.parameters.map(({ name, value, low, high }) => {
    const number = `$${latexMath(formatNumber(value, 4))}$`;
    const interval =
      low === null && high === null ? '--' : latexMath(formatInterval(low, high)).replace(' to ', '$ to $');
    return `  $${latexName(name)}$ & ${number} & ${interval === '--' ? interval : `$${interval}$`} \\\\`;
  });
  return [
    `% ${series.title.replace(/\s+/g, ' ')}: ${curve.title} (${curve.law}), n = ${curve.n}`,
    '\\begin{equation}',
    `  ${latexMath(curve.equation)}`,
    '\\end{equation}',
    '\\begin{tabular}{lrr}',
    '  \\toprule',
    `  Parameter & Estimate & ${level === null ? 'Interval' : `${escapeLatex(formatPercent(level).replace('\u00a0', ''))} interval`} \\\\`,
    '  \\midrule',
    ...rows,
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** A Python snippet with the parameters in full precision. */
export function parametersPython(series: SeriesView, curve: CurveView): string {
  const value = (x: number | null) => (x === null ? 'None' : String(x));
  const key = (name: string) => JSON.stringify(name);
  return [
    `# ${series.title.replace(/\s+/g, ' ')}: ${curve.title} (${curve.law}), fitted to n = ${curve.n} points`,
    `# ${curve.equation.replace(/\s+/g, ' ')}`,
    'parameters = {',
    ...curve.parameters.map((parameter) => `    ${key(parameter.name)}: ${value(parameter.value)},`),
    '}',
    'intervals = {',
    ...curve.parameters.map(({ name, low, high }) => `    ${key(name)}: (${value(low)}, ${value(high)}),`),
    '}',
    `last_fitted = ${String(curve.lastFitted)}  # ${series.x.label.replace(/\s+/g, ' ')}`,
    '',
  ].join('\n');
}
