/**
 * The canvas and what stands on it: one chart at a time, built and drawn anew only when something in it has changed, and
 * the reader's ways of touching it (zoom, click, keyboard).
 */
import type { Palette } from '../src/core/render/palette.ts';
import type { PicturePlot } from '../src/core/render/picture-plot.ts';
import type { Plot } from '../src/core/render/plot.ts';
import type { PictureView, SeriesView } from '../src/core/render/view-model.ts';
import { type BuiltChart, buildChart, drawChart, type PanelChart } from './chart.ts';
import { buildPicture } from './chart-picture.ts';
import { el, replace } from './dom.ts';
import type { Shell } from './shell.ts';
import { t } from './strings.ts';
import { attachWalk } from './walk.ts';
import { attachZoom, type Zoom } from './zoom.ts';

/** What is to be drawn. */
export interface Scene {
  /** Another one where anything on the canvas but the palette differs. */
  readonly key: string;
  readonly series: SeriesView;
  readonly plot: Plot;
  /** The further chart drawn in place of the plain one, or null. */
  readonly further: { readonly picture: PictureView; readonly plot: PicturePlot } | null;
  readonly palette: Palette;
}

export interface StageEvents {
  readonly zoom: (zoom: Zoom) => void;
  readonly reset: () => void;
  /** Show the cell of a point of the series. */
  readonly reveal: (at: number) => void;
}

export class Stage {
  readonly #shell: Shell;
  readonly #forgetWalk: () => void;
  #chart: PanelChart | null = null;
  #built: BuiltChart | null = null;
  #key = '';

  constructor(shell: Shell, { zoom, reset, reveal }: StageEvents) {
    this.#shell = shell;
    const show = (at: number) => {
      if (this.#built?.revealing === true) reveal(at);
    };
    attachZoom(shell.canvas, shell.selection, {
      chart: () => this.#chart,
      zoom,
      reset,
      click: (x, y) => {
        const at = this.#pointUnder(x, y);
        if (at !== null) show(at);
      },
    });
    this.#forgetWalk = attachWalk(shell.canvas, {
      now: () => {
        if (this.#chart === null || this.#built === null) return null;
        return { chart: this.#chart, points: this.#built.points, words: this.#built.words };
      },
      say: (text) => {
        shell.live.textContent = text;
      },
      reveal: show,
      zoom,
      reset,
    });
  }

  /** True while a chart stands on the canvas. */
  get filled(): boolean {
    return this.#chart !== null;
  }

  /** Draws the scene unless it stands there already: an unchanged chart keeps its tooltip and the keyboard's place. */
  draw({ key, series, plot, further, palette }: Scene): void {
    if (key === this.#key && this.filled) return;
    this.clear();
    const font = getComputedStyle(document.body).fontFamily;
    this.#built =
      further === null
        ? buildChart({ series, plot, palette, font })
        : buildPicture({ picture: further.picture, plot: further.plot, palette, font });
    this.#chart = drawChart(this.#shell.canvas, this.#built);
    this.#key = key;
    this.#shell.chartError.hidden = true;
    const words = further === null ? series.summary : further.picture.summary;
    this.#shell.canvas.setAttribute('aria-label', words === '' ? series.title : words);
  }

  /** Says in the chart's place that it could not be drawn. */
  fail(): void {
    this.clear();
    const { chartError } = this.#shell;
    chartError.hidden = false;
    replace(chartError, el('p', { class: 'chart-error-title' }, t('failed')), el('p', {}, t('failedHint')));
  }

  /** Takes the chart off the canvas. */
  clear(): void {
    this.#chart?.destroy();
    this.#chart = null;
    this.#built = null;
    this.#key = '';
    this.#forgetWalk();
  }

  /** Lets the next scene be drawn even where nothing but the palette has changed. */
  outdated(): void {
    this.#key = '';
  }

  /** The point whose marker lies under a place on the canvas. */
  #pointUnder(x: number, y: number): number | null {
    if (this.#chart === null || this.#built === null) return null;
    const [hit] = this.#chart.getElementsAtEventForMode(
      { type: 'click', native: null, x, y } as unknown as Event,
      'nearest',
      { intersect: true },
      false,
    );
    const point = this.#built.points.find(
      ({ datasetIndex, index }) => datasetIndex === hit?.datasetIndex && index === hit.index,
    );
    return point?.at ?? null;
  }
}
