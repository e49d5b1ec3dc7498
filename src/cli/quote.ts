/** An argument as a shell takes it: commands that we print are there to be pasted. */
export function quote(arg: string): string {
  return /^[\w./:=,@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
