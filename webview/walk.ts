/**
 * Walking through the points with the keyboard: arrows move in order of x (Shift by ten), Home and End jump, Enter shows
 * the cell, + and − zoom, 0 resets. Each step lights the point up and says it in the live region.
 */

import type { BuiltChart, PanelChart } from './chart.ts';
import { t } from './strings.ts';
import { type Zoom, zoomedBy } from './zoom.ts';

export interface Walkable {
  readonly chart: PanelChart;
  readonly points: BuiltChart['points'];
  readonly words: BuiltChart['words'];
}

export interface WalkEvents {
  readonly now: () => Walkable | null;
  readonly say: (text: string) => void;
  readonly reveal: (at: number) => void;
  readonly zoom: (zoom: Zoom) => void;
  readonly reset: () => void;
}

/** Listens on the element that has the focus (the canvas). The result forgets the place, for a new series. */
export function attachWalk(target: HTMLElement, events: WalkEvents): () => void {
  let place = -1;

  const clear = (now: Walkable | null) => {
    place = -1;
    now?.chart.setActiveElements([]);
    now?.chart.tooltip?.setActiveElements([], { x: 0, y: 0 });
    now?.chart.update('none');
  };

  const go = (now: Walkable, to: number) => {
    place = Math.min(now.points.length - 1, Math.max(0, to));
    const point = now.points[place];
    if (point === undefined) return;
    const active = [{ datasetIndex: point.datasetIndex, index: point.index }];
    const element = now.chart.getDatasetMeta(point.datasetIndex).data[point.index];
    now.chart.setActiveElements(active);
    now.chart.tooltip?.setActiveElements(active, { x: element?.x ?? 0, y: element?.y ?? 0 });
    now.chart.update('none');
    const lines = [t('pointOf', place + 1, now.points.length), ...now.words(point.at)];
    events.say(lines.filter((line) => line !== '').join(', '));
  };

  target.addEventListener('keydown', (event) => {
    const now = events.now();
    if (now === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const stride = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case 'ArrowRight':
      case 'ArrowUp':
        go(now, place + stride);
        break;
      case 'ArrowLeft':
      case 'ArrowDown':
        go(now, place < 0 ? now.points.length - 1 : place - stride);
        break;
      case 'Home':
        go(now, 0);
        break;
      case 'End':
        go(now, now.points.length - 1);
        break;
      case 'Enter': {
        const point = now.points[place];
        if (point === undefined) return;
        events.reveal(point.at);
        break;
      }
      case '+':
      case '=':
        events.zoom(zoomedBy(now.chart, 0.7));
        break;
      case '-':
        events.zoom(zoomedBy(now.chart, 1 / 0.7));
        break;
      case '0':
        events.reset();
        break;
      case 'Escape':
        clear(now);
        break;
      default:
        return;
    }
    event.preventDefault();
  });
  target.addEventListener('blur', () => {
    const now = events.now();
    if (place >= 0 && now !== null) clear(now);
  });
  return () => {
    place = -1;
  };
}
