/**
 * The part of the reading room that needs the readers of every format and the manifest's schema: a megabyte of code that
 * the server loads when the first document asks for it, from the bundle that its worker threads run too.
 */
import type { ReadPorts } from '../core/read/ports.ts';
import { readStudy } from '../core/read-study.ts';
import { actionsOf } from './actions.ts';
import { completionsOf, namesBeneath } from './completion.ts';
import { answer } from './inquiry.ts';
import { manifestDiagnostics, manifestHover } from './manifest.ts';
import type { ReadStudy } from './ports.ts';

export interface Room {
  readonly readStudy: ReadStudy;
  readonly answer: typeof answer;
  readonly actionsOf: typeof actionsOf;
  readonly completionsOf: typeof completionsOf;
  readonly namesBeneath: typeof namesBeneath;
  readonly manifestDiagnostics: typeof manifestDiagnostics;
  readonly manifestHover: typeof manifestHover;
}

/** The room with a host's decompressors. */
export function createRoom(ports: ReadPorts): Room {
  return {
    readStudy: (files, options, signal, progress) => readStudy(files, options, ports, signal, progress),
    answer,
    actionsOf,
    completionsOf,
    namesBeneath,
    manifestDiagnostics,
    manifestHover,
  };
}
