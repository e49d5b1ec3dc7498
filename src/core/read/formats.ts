/**
 * The readers of nested data in the order in which they are asked: formats that state themselves by their keys first,
 * then files that people write, then any list of records.
 */
import { recordsFormat } from './records.ts';
import { runsFormat } from './runs.ts';
import type { TreeFormat } from './source.ts';

export const TREE_FORMATS: readonly TreeFormat[] = [runsFormat, recordsFormat];
