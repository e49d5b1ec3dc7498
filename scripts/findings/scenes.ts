// The pictures of findings at a place in a file: a small file with one fault, after faults of published tables where there
// are such, and the finding that the analysis makes of it.
import { gzipSync } from 'node:zlib';
import type { InputFile } from '../../src/core/study/study.ts';
import { excerptPicture } from './excerpt.ts';
import { findingsOf } from './trial.ts';

interface FileScene {
  /** What the reader sees, for those who cannot see it. */
  readonly alt: string;
  readonly name: string;
  readonly text: string;
  /** The bytes, where they are not the text's. */
  readonly bytes?: () => Uint8Array;
  readonly manifest?: true;
}

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

export const FILE_SCENES: Readonly<Record<string, FileScene>> = {
  'data.unit': {
    alt: 'A table of models with tokens in trillions; one cell says 627 where 0.627 is meant, and is underlined',
    name: 'models.csv',
    text: lines(
      'Model,Params (B),Tokens (T),hellaswag,arc_challenge',
      'pythia-1.4b,1.4,0.3,0.52,0.26',
      'pythia-2.8b,2.8,0.3,0.59,0.33',
      'btlm-3b-8k-base,2.6,627.0,0.69,0.35',
      'pythia-6.9b,6.9,0.3,0.64,0.35',
      'pythia-12b,11.8,0.3,0.67,0.36',
    ),
  },
  'data.compute-mismatch': {
    alt: 'A table of runs; the compute of one is far from six times parameters times tokens, and its cell is underlined',
    name: 'runs.csv',
    text: lines(
      'run,params,tokens,compute,loss',
      'a,2.1e8,4.2e9,5.3e18,3.41',
      'b,4.1e8,8.2e9,2.0e19,3.12',
      'c,8.0e8,1.424e12,7.7e19,2.88',
      'd,1.4e9,2.8e10,2.4e20,2.71',
      'e,2.8e9,5.6e10,9.4e20,2.54',
    ),
  },
  'data.outlier': {
    alt: 'A table of models; one that its name calls 7b is given 13 billion parameters, and the cell is underlined',
    name: 'models.csv',
    text: lines(
      'model,params,tokens,hellaswag',
      'open_llama_3b_v2,3.4e9,1e12,0.70',
      'open_llama_7b,6.7e9,1e12,0.72',
      'open_llama_7b_v2,13.0e9,1e12,0.72',
      'open_llama_13b,13.0e9,1e12,0.75',
      'pythia-6.9b,6.9e9,3e11,0.65',
      'pythia-12b,11.8e9,3e11,0.68',
    ),
  },
  'data.duplicate': {
    alt: 'A table of scores in which one row stands twice; the second is underlined',
    name: 'scores.csv',
    text: lines(
      'model,params,task,metric,score',
      'pythia-160m,1.6e8,hellaswag,accuracy,0.301',
      'pythia-410m,4.1e8,hellaswag,accuracy,0.338',
      'pythia-410m,4.1e8,hellaswag,accuracy,0.338',
      'pythia-1b,1.0e9,hellaswag,accuracy,0.376',
      'pythia-1.4b,1.4e9,hellaswag,accuracy,0.404',
    ),
  },
  'data.missing': {
    alt: 'A table of scores whose models have neither sizes nor sizes in their names; the column of models is underlined',
    name: 'scores.csv',
    text: lines(
      'model,hellaswag,arc_challenge,winogrande',
      'baseline,0.41,0.25,0.53',
      'deeper,0.47,0.27,0.55',
      'deeper-longer,0.55,0.31,0.58',
      'final,0.62,0.36,0.61',
    ),
  },
  'data.mixed-params': {
    alt: 'A column of sizes that gives dense models and one mixture of experts by its active parameters, which is underlined',
    name: 'models.csv',
    text: lines(
      'Model,Params (B),FLOPs (1E21),MMLU',
      'Qwen1.5-7B,7.7,185,0.61',
      'Qwen1.5-14B,14.2,341,0.68',
      'Qwen1.5-32B,32.5,780,0.73',
      'Qwen2-57B-A14B,14.0,378,0.76',
      'Qwen1.5-72B,72.3,1300,0.77',
    ),
  },
  'data.mixed-percent': {
    alt: 'A table of scores, the first of them fractions, the later ones percent; the first fraction is underlined',
    name: 'scores.csv',
    text: lines(
      'model,params,hellaswag accuracy',
      'pythia-160m,1.6e8,0.301',
      'pythia-410m,4.1e8,0.338',
      'pythia-1b,1.0e9,0.376',
      'pythia-2.8b,2.8e9,45.3',
      'pythia-6.9b,6.9e9,48.1',
      'pythia-12b,1.2e10,50.4',
    ),
  },
  'data.direction-conflict': {
    alt: 'Results of an evaluation that state a higher translation error rate to be better; the statement is underlined',
    name: 'results.json',
    text: lines(
      '{',
      '  "results": {',
      '    "wmt16": { "ter,none": 71.2, "chrf,none": 48.0 }',
      '  },',
      '  "higher_is_better": {',
      '    "wmt16": { "ter": true, "chrf": true }',
      '  },',
      '  "config": { "model": "hf", "model_num_parameters": 410000000 },',
      '  "model_name": "EleutherAI/pythia-410m"',
      '}',
    ),
  },
  'data.degenerate-metric': {
    alt: 'A table of scores in which a strict match is zero for every model; the header of the column is underlined',
    name: 'scores.csv',
    text: lines(
      'model,params,"gsm8k exact_match,strict-match","gsm8k exact_match,flexible-extract"',
      'pythia-410m,4.1e8,0,0.011',
      'pythia-1b,1.0e9,0,0.021',
      'pythia-2.8b,2.8e9,0,0.034',
      'pythia-6.9b,6.9e9,0,0.048',
      'pythia-12b,1.2e10,0,0.061',
    ),
  },
  'file.malformed': {
    alt: 'A table in which one row has four cells in place of five; the row is underlined',
    name: 'scores.csv',
    text: lines(
      'model,params,tokens,task,score',
      'pythia-160m,1.6e8,3e11,hellaswag,0.301',
      'pythia-410m,4.1e8,hellaswag,0.338',
      'pythia-1b,1.0e9,3e11,hellaswag,0.376',
      'pythia-1.4b,1.4e9,3e11,hellaswag,0.404',
      'pythia-2.8b,2.8e9,3e11,hellaswag,0.453',
    ),
  },
  'file.too-large': {
    alt: 'The first bytes of a small packed file that would unpack to 60 megabytes',
    name: 'results.csv.gz',
    text: '1f 8b 08 00 00 00 00 00 02 03 …   (gzip of 60 MB of zeros)',
    bytes: () => gzipSync(new Uint8Array(6e7), { level: 9 }),
  },
  'file.unrecognised': {
    alt: 'A table of prompts and answers without a number in it; its header is underlined',
    name: 'prompts.csv',
    text: lines('id,prompt,answer', 'a,What is it?,tea', 'b,Who was it?,nobody', 'c,Where is it?,here'),
  },
  'manifest.invalid': {
    alt: 'A scaling.yaml with a misspelt key, which is underlined',
    name: 'scaling.yaml',
    text: lines(
      'version: 1',
      'sources:',
      '  - files: results/*.csv',
      '    precent: yes',
      'models:',
      '  alder-1b: {N: 1.1B, D: 300B}',
    ),
    manifest: true,
  },
};

/**
 * One file through the analysis.
 * @throws when the analysis does not make the finding that the file is for
 */
export async function drawFile(
  code: string,
): Promise<{ readonly code: string; readonly alt: string; readonly message: string; readonly svg: string }> {
  const scene = FILE_SCENES[code];
  if (scene === undefined) throw new Error(`no file for ${code}`);
  const { name, text, bytes, alt } = scene;
  const file: InputFile = bytes === undefined ? { name, text } : { name, bytes: bytes() };
  const other: InputFile = { name: 'study.csv', text: 'model,params,loss\na-1b,1e9,3\na-2b,2e9,2.9\na-4b,4e9,2.8\n' };
  const findings = await findingsOf(
    scene.manifest === true ? { files: [other], manifest: text } : { files: [file] },
    false,
  );
  const finding = findings.find((one) => one.code === code);
  if (finding === undefined)
    throw new Error(`the file for ${code} makes ${findings.map((one) => one.code).join(', ') || 'no finding'}`);
  return { code, alt, message: finding.message, svg: excerptPicture(name, text, finding) };
}
