// The part of jstat that distribution.ts uses (the package has no types of its own).
declare module 'jstat' {
  interface OneShape {
    cdf(x: number, shape: number): number;
    inv(p: number, shape: number): number;
  }
  interface TwoShapes {
    cdf(x: number, first: number, second: number): number;
    inv(p: number, first: number, second: number): number;
    pdf(x: number, first: number, second: number): number;
  }
  const jstat: {
    readonly studentt: OneShape;
    readonly chisquare: OneShape;
    readonly beta: TwoShapes;
    readonly centralF: TwoShapes;
    gammaln(x: number): number;
    lowRegGamma(a: number, x: number): number;
    ibeta(x: number, a: number, b: number): number;
  };
  export default jstat;
}
