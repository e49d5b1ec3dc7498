/**
 * The grammar of wide headers: which task, metric, split, number of shots and filter a score column's header names.
 * Tried in order, most specific first.
 */
import type { TextPattern } from '../study/manifest-rules.ts';
import { inEnglish } from './foreign-words.ts';
import { readHeader, snake } from './headers.ts';
import { findMetric, METRIC_NAMES } from './registry/metrics.ts';
import { findTask } from './registry/tasks.ts';

export interface HeaderReading {
  readonly task: string;
  readonly metric: string;
  /** split, shots, format, filter, group…: never pooled. */
  readonly facets: Readonly<Record<string, string>>;
  /** Run named in the header (W&B chart exports: `RUN - METRIC`). */
  readonly run: string | null;
  /** min and max bands repeat the mean; stderr, sd, n and bounds belong to a sibling. */
  readonly part: 'score' | 'stderr' | 'sd' | 'n' | 'low' | 'high';
  /** Column stem that siblings share. */
  readonly stem: string;
  /** True where the metric is only assumed. */
  readonly assumed: boolean;
  readonly how: string;
}

/** How a header is read that names nothing but a metric. */
export const METRIC_ALONE = 'the header is a metric';

const PARTS: readonly (readonly [RegExp, HeaderReading['part']])[] = [
  [/(?:__MIN)$/, 'low'],
  [/(?:__MAX)$/, 'high'],
  [/[_ .-](?:stderr|std_?err(?:or)?|se|sem)(?=,|$)/i, 'stderr'],
  [/[_ .-](?:std|sd|stddev)$/i, 'sd'],
  [/[_ .-](?:n|count|n_samples)$/i, 'n'],
  [/[_ .-](?:lower|low|ci_low|ci_lower|lower_?95|lo)$/i, 'low'],
  [/[_ .-](?:upper|high|ci_high|ci_upper|upper_?95|hi)$/i, 'high'],
];

function make(task: string, metric: string, how: string, rest: Partial<HeaderReading> = {}): HeaderReading {
  return {
    task,
    metric,
    facets: {},
    run: null,
    part: 'score',
    stem: `${task}/${metric}`,
    assumed: false,
    how,
    ...rest,
  };
}

const OLMO = /^eval\/([^/]+)\/(.+?)_(val|test|train|dev)_(rc|mc)_(\d+)shot_(.+)$/;
const OLMO_PLAIN = /^eval\/([^/]*downstream[^/]*)\/(.+?)_(rc|mc)_(\d+)shot_(.+)$/;

/** The longest known metric name that ends a normalised header, with what stands before it. */
function metricTail(key: string): { readonly before: string; readonly metric: string } | null {
  for (const name of METRIC_NAMES) {
    if (
      name.length < 2 ||
      name === 'norm' ||
      name === 'value' ||
      name === 'result' ||
      name === 'score' ||
      name === 'correct' ||
      // `feature_map`, `mean_hits`: words of their own, metrics only alone.
      (key !== name && /^(?:map|hits|coverage|points|grade|reward|success|nats|agreement)$/.test(name))
    )
      continue;
    if (key === name) return { before: '', metric: name };
    if (key.endsWith(`_${name}`)) return { before: key.slice(0, -name.length - 1), metric: name };
  }
  const passed =
    /^(.*?)_?((?:(?:pass|maj|cons|best)(?:@|_at_|_)|(?:avg|recall|precision|ndcg|mrr|map|hits?|hr|acc|f1|em)@|(?<![a-z])[rp]@)\d+)$/.exec(
      key,
    );
  return passed === null ? null : { before: passed[1] as string, metric: passed[2] as string };
}

/** A metric that begins a header: `err_hellaswag`, `loss_c4_val`, `acc_mmlu`. */
const HEAD =
  /^(err|error|loss|acc|accuracy|ppl|perplexity|bpb|bpc|brier|em|f1|score|ce|nll|elo|bleu|chrf|rouge|wer|cer|auc|auroc|mrr|ndcg|recall|precision|pass@1|nats|top_?1|top_?5|bits_per_byte|win_rate|success_rate)_(.+)$/;

/** What stands in brackets behind a metric and only shortens it: `Perplexity (PP)`. */
const ABBREVIATED = /^(?:pp|ppl|ce|nll|acc|em|f1|bpb|bpc|lower|higher)$/i;

/** Words before a metric that name no task. */
const NO_TASK = /^(?:task|mean|avg|average|overall|final|eval|test|model|total|primary|main)$/;

/** How many things are averaged in the smoothing suffixes of ladder tables: kept in the metric's name. */
const SMOOTH = /_(ma\d+|last|final|undist|redist)$/;

/** `mmlu_zeroshot`, `arc_25shot`: the task and the number of shots behind it. */
function shotsOf(key: string): { readonly bare: string; readonly facets: Readonly<Record<string, string>> } {
  const m = /^(.+?)_(zero|one|few|\d+)_?shots?$/.exec(key);
  if (m === null) return { bare: key, facets: {} };
  const shots = m[2] === 'zero' ? '0' : m[2] === 'one' ? '1' : (m[2] as string);
  return { bare: m[1] as string, facets: { shots } };
}

/**
 * What a header names, null if it names no score.
 * @param prefix a regular expression with named groups task, metric, split, shots, filter that a manifest pins
 */
export function readWideHeader(raw: string, pinned: TextPattern | null): HeaderReading | null {
  const spelt = raw
    .trim()
    .normalize('NFKC')
    .replace(/(?<!_)_(?:AVG|MAX|MIN)$/, '');
  const text = inEnglish(spelt);
  if (pinned !== null) {
    // The pattern speaks of the header as it stands in the file.
    const m = pinned.exec(spelt);
    const g = m?.groups;
    if (g?.['metric'] !== undefined || g?.['task'] !== undefined) {
      const facets: Record<string, string> = {};
      for (const name of ['split', 'shots', 'filter'] as const) if (g[name] !== undefined) facets[name] = g[name];
      return make(g['task'] ?? g['metric'] ?? text, g['metric'] ?? 'score', 'header pattern of the manifest', {
        facets,
        run: g['model'] ?? null,
        stem: text,
      });
    }
  }
  let m = OLMO.exec(text);
  if (m !== null) {
    const facets: Record<string, string> = { split: m[3] as string, format: m[4] as string, shots: m[5] as string };
    return make(m[2] as string, m[6] as string, 'header eval/<kind>/<task>_<split>_<rc|mc>_<k>shot_<metric>', {
      facets,
      stem: text,
    });
  }
  m = OLMO_PLAIN.exec(text);
  if (m !== null) {
    return make(m[2] as string, m[5] as string, 'header eval/<kind>/<task>_<rc|mc>_<k>shot_<metric>', {
      facets: { format: m[3] as string, shots: m[4] as string },
      stem: text,
    });
  }
  // W&B chart: RUN - METRIC, with __MIN and __MAX beside it.
  m = /^(.+?) - (.+?)(__MIN|__MAX)?$/.exec(text);
  if (m !== null) {
    const inner = m[2] as string;
    const found = findMetric(readHeader(inner).leaf) ?? findMetric(inner);
    if (found !== null || m[3] !== undefined || inner.includes('/')) {
      const part = m[3] === '__MIN' ? 'low' : m[3] === '__MAX' ? 'high' : 'score';
      const metric = readHeader(inner).leaf;
      const task = inner.includes('/') ? inner.slice(0, inner.lastIndexOf('/')) : metric;
      return make(task, metric, 'header <run> - <metric>', {
        run: (m[1] as string).replace(/^Group: /, ''),
        part,
        stem: `${m[1] as string} - ${inner}`,
        assumed: found === null,
      });
    }
  }
  m = /^(loss|acc|err|score)_(lower|upper)_?\d*_(.+)$/i.exec(text);
  if (m !== null) {
    const stem = `${m[1] as string}_${m[3] as string}`;
    const base = readWideHeader(stem, pinned);
    if (base !== null)
      return {
        ...base,
        part: /lower/i.test(m[2] as string) ? 'low' : 'high',
        stem,
        how: `beside the column “${stem}”`,
      };
  }
  // A sibling of another column: X_stderr, X_lower_95…
  for (const [pattern, part] of PARTS) {
    const hit = pattern.exec(text);
    if (hit === null || hit.index === 0) continue;
    // `Flag Success Count` counts the successes, not the questions.
    if (part === 'n' && /(?:success(?:es|ful)?|correct|solved|passe[ds]|wins?)$/i.test(text.slice(0, hit.index)))
      continue;
    const stem = text.slice(0, hit.index) + text.slice(hit.index + hit[0].length);
    const base = readWideHeader(stem, pinned);
    if (base !== null) return { ...base, part, stem, how: `beside the column “${stem}”` };
    return make(stem, 'score', `beside the column “${stem}”`, { part, stem, assumed: true });
  }
  // Metric and filter after a comma: gsm8k_5_exact_match,strict-match and acc,none.
  const comma = text.indexOf(',');
  if (comma > 0) {
    const base = readWideHeader(text.slice(0, comma), null);
    if (base !== null && !base.assumed) {
      const [filter, norm] = text.slice(comma + 1).split(',');
      const facets: Record<string, string> = { ...base.facets };
      if (filter !== undefined && filter !== 'none' && filter !== '') facets['filter'] = filter;
      return {
        ...base,
        facets,
        metric: norm === 'norm' ? `${base.metric}_norm` : base.metric,
        stem: text,
        how: 'header <task>_<k>_<metric>,<filter>',
      };
    }
  }
  // A path whose leaf is a file: the metric stands before (eval/ppl//…/c4.jsonl).
  const header = readHeader(text);
  if (header.prefixes.length > 0) {
    if (/\.(?:jsonl?|txt|parquet|csv)$/.test(text)) {
      const metric = header.prefixes.find((p) => findMetric(p) !== null);
      if (metric !== undefined) {
        return make((text.split('/').at(-1) as string).replace(/\.\w+$/, ''), metric, 'header eval/<metric>/…/<file>', {
          stem: text,
        });
      }
    }
    const metric = findMetric(header.leaf);
    const prefixes = header.prefixes.filter(
      (p) => !/^(?:eval|evals|lm_?eval|metrics|results?|downstream|final)$/i.test(p),
    );
    if (metric !== null) {
      const task = prefixes.join('/') || (header.prefixes.at(-1) ?? header.leaf);
      return make(task, header.leaf, 'header <task>/<metric>', { stem: text });
    }
    // `loss/val`: the metric stands before the split.
    const above = header.prefixes.at(-1) as string;
    if (
      /^(?:val|valid|validation|train|test|eval|dev|final|mean|avg|ema|last|best)$/.test(header.leaf) &&
      findMetric(above) !== null
    )
      return make([...prefixes.slice(0, -1), header.leaf].join('/'), snake(above), 'header <metric>/<split>', {
        stem: text,
      });
    const tail = metricTail(header.leaf);
    if (tail !== null && tail.before !== '')
      return make([...prefixes, tail.before].join('/'), tail.metric, 'header <kind>/<task>_<metric>', { stem: text });
    if (
      /^(?:evals?|eval_metrics|evaluations?|results?|metrics|scores?|benchmarks?)$/i.test(
        header.prefixes[0] as string,
      ) &&
      !header.prefixes.some((p) => /perp|ppl|loss/i.test(p))
    ) {
      const { bare, facets } = shotsOf(header.leaf);
      if (findTask(bare) !== null)
        return make(bare, 'acc', 'a known task; the metric is assumed', { facets, stem: text, assumed: true });
    }
    return null;
  }
  const key = header.key;
  // `WER (clean)`: a metric, and in brackets what it was taken on.
  m = /^([^()[\]]+?)\s*[([]([^()[\]]+)[)\]]$/.exec(text);
  if (m !== null && header.unit === null) {
    const before = snake(m[1] as string);
    const metric = findMetric(before);
    if (metric !== null && metric.id !== 'score') {
      if (findMetric(m[2] as string) === null && !ABBREVIATED.test(m[2] as string))
        return make(m[2] as string, before, 'header <metric> (<task>)', { stem: text });
      // `Test loss (ppl)`: what stands in brackets is told beside it.
      return readWideHeader(m[1] as string, null);
    }
  }
  // Question groups: 0_1404_acc (rows of the sorted questions) and g1_tc (easiest first).
  m = /^(\d+)_(\d+)_([a-z].*)$/.exec(key);
  if (m !== null && Number(m[1]) < Number(m[2]) && findMetric(m[3] as string) !== null) {
    return make('', m[3] as string, 'header <from>_<to>_<metric>: a group of questions', {
      facets: { questions: `${m[1]}-${m[2]}` },
      stem: text,
    });
  }
  m = /^(?:g|group|q|quantile|bin)_?(\d{1,3})_([a-z].*)$/.exec(key);
  if (m !== null && findMetric(m[2] as string) !== null) {
    return make('', m[2] as string, 'header g<k>_<metric>: a difficulty group', {
      facets: { group: `g${m[1]}` },
      stem: text,
    });
  }
  // Leaderboards: `X Raw` is the score, `X` the same with chance taken out.
  m = /^(.+) Raw$/.exec(text);
  if (m !== null) return make(m[1] as string, 'acc', 'leaderboard column, raw score', { stem: text, assumed: true });
  const task = findTask(text);
  if (task !== null && metricTail(key) === null) {
    if (!HEAD.test(key)) return make(text, 'acc', 'a known task; the metric is assumed', { stem: text, assumed: true });
  }
  let smooth = '';
  let bare = key;
  const s = SMOOTH.exec(bare);
  if (s !== null) {
    smooth = `_${s[1] as string}`;
    bare = bare.slice(0, s.index);
  }
  const tail = metricTail(bare);
  if (tail !== null) {
    if (tail.before === '') return make('', `${tail.metric}${smooth}`, METRIC_ALONE, { stem: text });
    const k = /^(.+)_(\d{1,2})$/.exec(tail.before);
    const plain = k === null ? tail.before.replace(NO_TASK, '') : (k[1] as string);
    const facets: Record<string, string> = k === null ? {} : { shots: k[2] as string };
    const shots = /^(.+?)_(\d+)_?shots?$/.exec(tail.before);
    if (shots !== null)
      return make(shots[1] as string, `${tail.metric}${smooth}`, 'header <task>_<k>shot_<metric>', {
        facets: { shots: shots[2] as string },
        stem: text,
      });
    return make(plain, `${tail.metric}${smooth}`, 'header <task>_<metric>', { facets, stem: text });
  }
  m = HEAD.exec(bare);
  if (m !== null) {
    const name = text.replace(/^[A-Za-z0-9]+[_\s-]+/, '');
    return make(
      snake(name) === m[2] || name.length > 0 ? name : (m[2] as string),
      m[1] as string,
      'header <metric>_<task>',
      { stem: text },
    );
  }
  const named = findMetric(bare);
  if (named !== null && named.id !== 'score') return make('', `${bare}${smooth}`, METRIC_ALONE, { stem: text });
  return null;
}
