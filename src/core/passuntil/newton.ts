/** Damped Newton minimisation in two variables with exact derivatives: small enough to run for every instance. */

/** Value, gradient (2) and Hessian (aa, ab, bb). */
type Derivatives = readonly [number, number, number, number, number, number];

/** @returns the minimum found, and whether the gradient vanished there */
export function minimiseNewton(
  objective: (a: number, b: number) => Derivatives,
  startA: number,
  startB: number,
): { a: number; alpha: number; value: number; converged: boolean } {
  let a = startA;
  let b = startB;
  let now = objective(a, b);
  let damping = 1e-3;
  for (let iteration = 0; iteration < 200; iteration++) {
    const [value, ga, gb, haa, hab, hbb] = now;
    const size = Math.hypot(ga, gb);
    if (size <= 1e-11 * Math.max(1, Math.abs(value))) return { a, alpha: b, value, converged: true };
    let moved = false;
    for (let trial = 0; trial < 40; trial++) {
      const da = haa + damping * (Math.abs(haa) + 1e-12);
      const db = hbb + damping * (Math.abs(hbb) + 1e-12);
      const determinant = da * db - hab * hab;
      if (da > 0 && db > 0 && determinant > 0) {
        const stepA = (db * ga - hab * gb) / determinant;
        const stepB = (da * gb - hab * ga) / determinant;
        const next = objective(a - stepA, b - stepB);
        if (next[0] <= value) {
          const tiny = Math.abs(stepA) <= 1e-13 * (1 + Math.abs(a)) && Math.abs(stepB) <= 1e-13 * (1 + Math.abs(b));
          a -= stepA;
          b -= stepB;
          now = next;
          damping = Math.max(damping / 10, 1e-15);
          moved = true;
          if (tiny) return { a, alpha: b, value: next[0], converged: true };
          break;
        }
      }
      damping = Math.max(damping * 10, 1e-10);
    }
    if (!moved) {
      const scale = Math.max(1, Math.abs(value));
      return { a, alpha: b, value, converged: size <= 1e-6 * scale };
    }
  }
  return { a, alpha: b, value: now[0], converged: false };
}
