/** Where the value of a row came from, as small integers over the rows of a table. */
export const FROM = {
  none: 0,
  column: 1,
  manifest: 2,
  joined: 3,
  name: 4,
  constant: 5,
  derived: 6,
  path: 7,
  perToken: 8,
  steps: 9,
} as const;
export type From = (typeof FROM)[keyof typeof FROM];
