/**
 * Counting what is on the canvas: the proof, for tests and the log, that something was drawn. The canvas is copied
 * first, because reading pixels back from it would move it off the fast path for good.
 */
import type { Drawn } from '../src/protocol/panel.ts';

/** Widest copy that is counted outside tests; a smaller picture answers "is it blank?" as well. */
const COPY_WIDTH = 480;

/** Pixels that are painted and the number of colours among them. `exact` counts every pixel of the canvas. */
export function census(canvas: HTMLCanvasElement, exact: boolean): Drawn['census'] {
  const shrink = exact ? 1 : Math.min(1, COPY_WIDTH / Math.max(1, canvas.width));
  const width = Math.max(1, Math.round(canvas.width * shrink));
  const height = Math.max(1, Math.round(canvas.height * shrink));
  const copy = document.createElement('canvas');
  copy.width = width;
  copy.height = height;
  const context = copy.getContext('2d', { willReadFrequently: true });
  if (context === null || canvas.width === 0 || canvas.height === 0) return { width, height, painted: 0, colours: 0 };
  context.drawImage(canvas, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const colours = new Set<number>();
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    // The canvas is transparent where nothing was drawn: the editor's background shows through.
    if ((data[i + 3] as number) < 8) continue;
    painted++;
    colours.add(((data[i] as number) << 16) | ((data[i + 1] as number) << 8) | (data[i + 2] as number));
  }
  return { width, height, painted, colours: colours.size };
}
