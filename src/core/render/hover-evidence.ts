/**
 * What a hover adds to a task's law and sparkline: the evidence for its shape in one small table, and its slices or the
 * line of its pass rate as a small image with the same in words.
 */
import { clip, escapeMarkdown, markdownTable } from './markdown.ts';
import { sparkPictureUri } from './spark-picture.ts';
import type { SeriesView } from './view-model.ts';

/** Rows of evidence at most: a hover is a glance. */
const MOST_ROWS = 7;
const LONGEST = 300;

/** The tests that decided the shape as a Markdown table; null where nothing did. */
export function evidenceTable({ shape }: Pick<SeriesView, 'shape'>): string | null {
  if (shape === null || shape.rows.length === 0) return null;
  const rows = shape.rows.slice(0, MOST_ROWS).map((row) => row.map((text) => escapeMarkdown(clip(text, LONGEST))));
  return markdownTable(['shape', escapeMarkdown(shape.title)], rows);
}

/** The first further chart of a series: an image, and what it shows in words; null where there is none. */
export function pictureMarkdown({ pictures }: Pick<SeriesView, 'pictures'>): string | null {
  const [picture] = pictures;
  if (picture === undefined) return null;
  // Inside brackets only letters, digits and plain punctuation: nothing can end the image early.
  const words = clip(picture.heading, LONGEST).replace(/[^\p{L}\p{N} ,.-]/gu, '');
  return `![${words}](${sparkPictureUri(picture)})  \n*${escapeMarkdown(clip(picture.summary, LONGEST))}*`;
}
