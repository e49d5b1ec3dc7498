// A long table of many runs of 40 tasks, about as large as asked: for tests of large files and for the bench.

/** @param bytes least length of the text */
export function largeTable(bytes: number): string {
  const rows = ['model,params,tokens,task,metric,score'];
  let size = 0;
  for (let model = 0; size < bytes; model++) {
    const params = Math.round(1e7 * 1.001 ** model);
    for (let task = 0; task < 40; task++) {
      const score = 0.3 + 0.4 * Math.sin(model / 500 + task);
      const row = `run-${model},${params},${20 * params},task-${task},accuracy,${score.toFixed(5)}`;
      rows.push(row);
      size += row.length + 1;
    }
  }
  return `${rows.join('\n')}\n`;
}
