/**
 * Leave to start the external checker of a sampling run: never in a workspace that is not trusted, and asked for once per
 * workspace and command, word for word. What asks and what remembers is handed in, so the rule can be held in a test.
 */

/** The editor as far as the question needs it. */
export interface LeaveDesk {
  /** Whether the user trusts the workspace, now. */
  readonly trusted: () => boolean;
  /** What this workspace remembers. */
  readonly memory: {
    readonly get: (key: string) => unknown;
    readonly update: (key: string, value: boolean) => PromiseLike<void>;
  };
  /** Shows the command and asks; true only when the user allows it. */
  readonly ask: (command: string) => PromiseLike<boolean>;
  /** Says that the workspace must be trusted first. */
  readonly refuse: (command: string) => void;
}

/**
 * Whether a command may be started.
 * @param command program and arguments, as they would be run
 */
export async function mayStart(command: readonly string[], desk: LeaveDesk): Promise<boolean> {
  const text = command.join(' ');
  if (!desk.trusted()) {
    desk.refuse(text);
    return false;
  }
  // The list itself, not its words joined: `a "b c"` is another command than `a b c`.
  const known = `passuntil.command ${JSON.stringify(command)}`;
  if (desk.memory.get(known) === true) return true;
  // The user may have turned the workspace into one that is not trusted while the question stood there.
  if (!(await desk.ask(text)) || !desk.trusted()) return false;
  await desk.memory.update(known, true);
  return true;
}
