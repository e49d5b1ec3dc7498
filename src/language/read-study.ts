/** The reader of studies with a host's decompressors: what hovers, fixes and analyses read files with. */
import type { ReadPorts } from '../core/read/ports.ts';
import { readStudy } from '../core/read-study.ts';
import type { ReadStudy } from './ports.ts';

export function readStudyWith(ports: ReadPorts): ReadStudy {
  return (files, options, signal) => readStudy(files, options, ports, signal);
}
