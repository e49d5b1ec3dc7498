/**
 * Exports of what is shown. Pictures come from the SVG renderer, so PNG and SVG agree; a PNG is that drawing on a canvas
 * with its background painted, never transparent.
 */
import { pictureCsv, seriesCsv } from '../src/core/render/delimited.ts';
import { type Palette, paletteFor } from '../src/core/render/palette.ts';
import { parametersJson, parametersLatex, parametersPython } from '../src/core/render/parameters.ts';
import { curveOf, type PlotChoice } from '../src/core/render/plot.ts';
import { svgChart } from '../src/core/render/svg.ts';
import { base64 } from '../src/core/render/svg-element.ts';
import { svgPicture } from '../src/core/render/svg-picture.ts';
import type { PictureView, SeriesView } from '../src/core/render/view-model.ts';
import type { ExportKind } from '../src/protocol/panel.ts';

export type Look = 'light' | 'dark' | 'current';

const WIDTH = 880;
const HEIGHT = 540;
/** Pixels per unit in a PNG: sharp in print and on dense screens. */
const DENSITY = 2;

export interface ExportInput {
  readonly series: SeriesView;
  readonly choice: PlotChoice;
  /** The palette on screen, for the look 'current'. */
  readonly palette: Palette;
  /** The further chart on screen; null for the plain one. */
  readonly picture: PictureView | null;
}

/** The exported data: text, or base64 for PNG. Throws an Error in words where there is nothing to export. */
export async function exportData(
  kind: ExportKind,
  look: Look,
  input: ExportInput,
): Promise<{ name: string; data: string }> {
  const { series, choice, picture: shown } = input;
  const title = shown === null ? series.title : `${series.title} ${shown.title}`;
  const name = `${fileName(title)}${kind === 'latex' ? '.tex' : kind === 'python' ? '.py' : `.${kind}`}`;
  switch (kind) {
    case 'svg':
      return { name, data: drawing(look, input) };
    case 'png': {
      const canvas = await picture(look, input);
      return { name, data: canvas.toDataURL('image/png').split(',')[1] as string };
    }
    case 'csv':
      return { name, data: shown === null ? seriesCsv(series, choice.law ?? null) : pictureCsv(series, shown) };
    case 'json':
    case 'latex':
    case 'python': {
      const curve = curveOf(series, choice.law);
      if (curve === null) throw new Error(series.noCurve ?? 'No law was fitted to this series.');
      const write = { json: parametersJson, latex: parametersLatex, python: parametersPython }[kind];
      return { name, data: write(series, curve) };
    }
  }
}

/** Copies the picture to the clipboard. Works only from a button of the focused page, as browsers demand. */
export async function copyPicture(look: Look, input: ExportInput): Promise<void> {
  const canvas = await picture(look, input);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the picture is too large');
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
}

function drawing(look: Look, { series, choice, palette, picture: shown }: ExportInput): string {
  const chosen = look === 'current' ? palette : paletteFor(look);
  if (shown !== null) return svgPicture(series, shown, { width: WIDTH, height: HEIGHT, palette: chosen, choice });
  return svgChart(series, { width: WIDTH, height: HEIGHT, palette: chosen, choice });
}

async function picture(look: Look, input: ExportInput): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${base64(drawing(look, input))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * DENSITY;
  canvas.height = HEIGHT * DENSITY;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = (look === 'current' ? input.palette : paletteFor(look)).background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A title as a file name that every system accepts. */
export function fileName(title: string): string {
  const name = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return [...(name === '' ? 'chart' : name)].slice(0, 80).join('');
}
