/** Shapes whose trend changes direction within the data: no monotone law may cross the turn. */
import type { Shape, ShapeLabel } from '../report-model.ts';

type TurningLabel = 'u-shaped' | 'inverted-u' | 'mixed';

const TURNING: ReadonlySet<ShapeLabel> = new Set<TurningLabel>(['u-shaped', 'inverted-u', 'mixed']);

/** True where the trend turns; false for a series whose shape is not known. */
export function isTurning(shape: Shape | null): shape is Shape & { readonly label: TurningLabel } {
  return shape !== null && TURNING.has(shape.label);
}
