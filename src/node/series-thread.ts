/** A thread that analyses the series it is sent, one after another, until it is ended. */
import { parentPort } from 'node:worker_threads';
import { type AnalyseOptions, analyseSeries, DEFAULT_OPTIONS } from '../core/analyse-series.ts';
import { messageOf } from '../core/result.ts';
import { type FromAnalyst, slimReport, type ToAnalyst, unpackSeries } from './series-wire.ts';

export function serveSeries(): void {
  const port = parentPort;
  if (port === null) return;
  let options: AnalyseOptions = DEFAULT_OPTIONS;
  const answer = (message: FromAnalyst) => port.postMessage(message);
  port.on('message', (message: ToAnalyst) => {
    if (message.type === 'options') {
      options = message.options;
      return;
    }
    try {
      const report = analyseSeries(unpackSeries(message.series), null, options);
      answer({ type: 'report', index: message.index, report: slimReport(report) });
    } catch (error) {
      answer({ type: 'error', error: messageOf(error) });
    }
  });
}
