/** What the log says of a thrown value: with where it was thrown. People are told the message alone. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
