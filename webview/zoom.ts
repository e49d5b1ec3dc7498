/**
 * Zooming by drag on linear and logarithmic axes alike. A rectangle zooms both axes, a thin one only the axis along it;
 * Shift keeps x, Alt keeps y. Ctrl+wheel zooms at the pointer, a double click resets, a click without a drag is a click.
 */
import type { PanelChart } from './chart.ts';

type Range = readonly [number, number];
export interface Zoom {
  readonly x: Range | null;
  readonly y: Range | null;
}

export interface ZoomEvents {
  readonly chart: () => PanelChart | null;
  readonly zoom: (zoom: Zoom) => void;
  readonly reset: () => void;
  /** A press and release in place, in canvas pixels. */
  readonly click: (x: number, y: number) => void;
}

const DRAG = 5;
const THIN = 14;

/** Listens on the canvas; `selection` is the rectangle laid over it. The result stops listening. */
export function attachZoom(canvas: HTMLCanvasElement, selection: HTMLElement, events: ZoomEvents): () => void {
  let start: { x: number; y: number; id: number } | null = null;
  const stop = new AbortController();
  const { signal } = stop;

  const place = (event: PointerEvent | WheelEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inside = ({ x, y }: { x: number; y: number }) => {
    const area = events.chart()?.chartArea;
    return area !== undefined && x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
  };
  const cancel = () => {
    start = null;
    selection.hidden = true;
  };

  /** The rectangle between start and here, with the axes that it leaves alone stretched over the whole area. */
  const rectangle = (event: PointerEvent) => {
    const area = events.chart()?.chartArea;
    if (start === null || area === undefined) return null;
    const here = place(event);
    const clampX = (value: number) => Math.min(area.right, Math.max(area.left, value));
    const clampY = (value: number) => Math.min(area.bottom, Math.max(area.top, value));
    const [x0, x1] = [clampX(Math.min(start.x, here.x)), clampX(Math.max(start.x, here.x))];
    const [y0, y1] = [clampY(Math.min(start.y, here.y)), clampY(Math.max(start.y, here.y))];
    if (x1 - x0 < DRAG && y1 - y0 < DRAG) return null;
    const onX = !event.shiftKey && (event.altKey || x1 - x0 >= THIN);
    const onY = !event.altKey && (event.shiftKey || y1 - y0 >= THIN);
    if (!onX && !onY) return null;
    return {
      x: onX ? ([x0, x1] as const) : null,
      y: onY ? ([y0, y1] as const) : null,
      left: onX ? x0 : area.left,
      right: onX ? x1 : area.right,
      top: onY ? y0 : area.top,
      bottom: onY ? y1 : area.bottom,
    };
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || !inside(place(event))) return;
      start = { ...place(event), id: event.pointerId };
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const box = rectangle(event);
      selection.hidden = box === null;
      if (box === null) return;
      selection.style.left = `${box.left}px`;
      selection.style.top = `${box.top}px`;
      selection.style.width = `${box.right - box.left}px`;
      selection.style.height = `${box.bottom - box.top}px`;
    },
    { signal },
  );
  canvas.addEventListener(
    'pointerup',
    (event) => {
      if (start === null || event.pointerId !== start.id) return;
      const box = rectangle(event);
      const chart = events.chart();
      const still = place(event);
      const clicked = Math.hypot(still.x - start.x, still.y - start.y) < DRAG;
      cancel();
      if (clicked) events.click(still.x, still.y);
      if (box === null || chart === null) return;
      events.zoom({ x: valuesBetween(chart, 'x', box.x), y: valuesBetween(chart, 'y', box.y) });
    },
    { signal },
  );
  canvas.addEventListener('pointercancel', cancel, { signal });
  canvas.addEventListener('dblclick', () => events.reset(), { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      const chart = events.chart();
      if (!event.ctrlKey || chart === null || !inside(place(event))) return;
      event.preventDefault();
      events.zoom(zoomedBy(chart, Math.exp(Math.min(1, Math.max(-1, event.deltaY / 200))), place(event)));
    },
    { signal, passive: false },
  );
  window.addEventListener('keydown', (event) => event.key === 'Escape' && start !== null && cancel(), { signal });
  return () => stop.abort();
}

/** Values under two pixels, in increasing order; y pixels grow downwards. */
function valuesBetween(chart: PanelChart, axis: 'x' | 'y', pixels: Range | null): Range | null {
  const scale = chart.scales[axis];
  if (scale === undefined) return null;
  if (pixels === null) return null;
  const [a, b] = pixels.map((pixel) => scale.getValueForPixel(pixel));
  if (a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b) || a === b) return null;
  return a < b ? [a, b] : [b, a];
}

/** Both axes scaled by a factor (below 1 zooms in) about a place, in pixels and so right on logarithmic axes too. */
export function zoomedBy(chart: PanelChart, factor: number, about?: { x: number; y: number }): Zoom {
  const { left, right, top, bottom } = chart.chartArea;
  const { x, y } = about ?? { x: (left + right) / 2, y: (top + bottom) / 2 };
  return {
    x: valuesBetween(chart, 'x', [x - (x - left) * factor, x + (right - x) * factor]),
    y: valuesBetween(chart, 'y', [y - (y - top) * factor, y + (bottom - y) * factor]),
  };
}
