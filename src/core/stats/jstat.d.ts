// The part of jstat that distribution.ts uses (the package has no types of its own).
declare module 'jstat' {
  const jstat: {
    readonly studentt: { inv(p: number, df: number): number };
    readonly beta: { inv(p: number, a: number, b: number): number };
    lowRegGamma(a: number, x: number): number;
  };
  export default jstat;
}
