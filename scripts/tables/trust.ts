/**
 * Regenerates the tables of docs/trust.md from the public data in `../shared/data/{revisiting,predictability}` and from
 * simulated studies: `node scripts/tables/trust.ts` (SCALING_LENS_LONG=1: 1,000 studies a regime instead of 100). Names of
 * tables as arguments remake those alone, `simulation:broken` one row of the simulation.
 */
import { REGIMES } from '../../test/core/forecast/simulated.ts';
import { curveCoverage, curvesLeftOut, selectionTable } from './curve-tables.ts';
import { benchmarkTable, taskTable, worseTable } from './form-tables.ts';
import { hierarchyLeftOut } from './held-out-constants.ts';
import { readPage, writePage, writeTables } from './page.ts';
import { scoreCoverage, scoresLeftOut, togetherTable } from './score-tables.ts';
import { simulationRow, simulationTable, withRegime } from './simulation-table.ts';

const PAGE = 'trust.md';

/** How each table of the page is made. */
export const TABLES: Readonly<Record<string, () => string>> = {
  selection: selectionTable,
  'curve-coverage': curveCoverage,
  'curve-left-out': curvesLeftOut,
  'score-coverage': scoreCoverage,
  'score-left-out': scoresLeftOut,
  benchmark: () => benchmarkTable(),
  'hierarchy-left-out': () => hierarchyLeftOut().table,
  together: togetherTable,
  tasks: taskTable,
  worse: worseTable,
  simulation: simulationTable,
};

if (import.meta.main) {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : Object.keys(TABLES)) {
    const regime = REGIMES.find((r) => name === `simulation:${r}`);
    const make = TABLES[name];
    if (regime !== undefined) writePage(PAGE, withRegime(readPage(PAGE), regime, simulationRow(regime)));
    else if (make !== undefined) writeTables(PAGE, new Map([[name, make()]]));
    else throw new Error(`no table '${name}': ${Object.keys(TABLES).join(', ')}`);
    process.stdout.write(`${name}\n`);
  }
}
