/** The part of ml-regression that is used; the package carries no types. */
declare module 'ml-regression' {
  /** Median of pairwise slopes (Theil 1950, Sen 1968). */
  export class TheilSenRegression {
    constructor(x: readonly number[], y: readonly number[]);
    readonly slope: number;
    readonly intercept: number;
    predict(x: number): number;
  }
}
