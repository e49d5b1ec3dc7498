// The channel's timeout is the one thing the protocol needs beyond the core's globals; every host has it.
declare function setTimeout(callback: () => void, milliseconds?: number): unknown;
declare function clearTimeout(timer: unknown): void;
