/**
 * Parameter counts from the shape of a decoder: width, layers, feed-forward size, vocabulary, what is tied and what has
 * biases. Exact for the families named here (checked against published counts: Pythia-1.4b 1 414 647 808, Cerebras-GPT
 * 111 050 496, open_lm 153 677 376), and said to be an estimate otherwise.
 */
import { at, entriesOf, flagOf, type MapNode, type Node, numberOf, type ScalarNode, scalarOf, textOf } from './tree.ts';

/** What was counted and how. */
export interface Architecture {
  /** All parameters; null without a vocabulary size. */
  readonly params: number | null;
  /** Without input and output embeddings (open_lm: without the input embedding). */
  readonly nonEmbedding: number;
  readonly how: string;
  readonly exact: boolean;
  /** The key that the count begins at, for the place. */
  readonly anchor: ScalarNode;
  readonly sequence: number | null;
}

type Family = 'neox' | 'cerebras' | 'open_lm' | 'olmo' | 'mpt' | 'hf' | 'gpt';

const WIDTH = ['d_model', 'hidden_size', 'hidden-size', 'hidden_dim', 'n_embd', 'n_embed', 'dim'];
const LAYERS = ['n_layers', 'num_hidden_layers', 'num-layers', 'num_layers', 'n_layer'];
const HEADS = ['n_heads', 'num_attention_heads', 'num-attention-heads', 'num_heads', 'n_head'];
const SEQUENCE = [
  'max_sequence_length',
  'max_seq_len',
  'seq_len',
  'seq-length',
  'max_position_embeddings',
  'max-position-embeddings',
  'n_positions',
  'block_size',
];

/** The first map (outermost first) that states a width and a number of layers. */
export function findArchitecture(root: Node): Architecture | null {
  const queue: { node: Node; depth: number }[] = [{ node: root, depth: 0 }];
  for (let i = 0; i < queue.length && i < 5000; i++) {
    const { node, depth } = queue[i] as { node: Node; depth: number };
    if (node.kind !== 'map') continue;
    const found = count(node);
    if (found !== null) return found;
    if (depth < 5) for (const { value } of entriesOf(node)) queue.push({ node: value, depth: depth + 1 });
  }
  return null;
}

function count(map: MapNode): Architecture | null {
  const width = first(map, WIDTH);
  const layers = first(map, LAYERS);
  const d = numberOf(width);
  const L = numberOf(layers);
  if (width === undefined || d === undefined || L === undefined) return null;
  if (!(Number.isInteger(d) && Number.isInteger(L) && d >= 8 && d <= 200_000 && L >= 1 && L <= 1000)) return null;
  const family = familyOf(map);
  const heads = numberOf(first(map, HEADS));
  const V = vocabulary(map, family);
  const sequence = numberOf(first(map, SEQUENCE)) ?? null;
  const shape = shapeOf(map, family, d, heads, sequence);
  const perLayer = shape.attention + shape.feedForward + shape.norms;
  const body = L * perLayer + shape.final;
  const embeddings = V === null ? null : (shape.tied ? 1 : 2) * V * d + shape.positions;
  const params = embeddings === null ? null : body + embeddings;
  const nonEmbedding = family === 'open_lm' && V !== null ? body + (shape.tied ? 0 : V * d) : body;
  const exact = family !== 'gpt';
  const how = `${exact ? 'computed' : 'estimated'} from ${width.raw} wide, ${layers?.raw ?? L} layers, feed-forward ${shape.width}${V === null ? '; the vocabulary is not stated, so embeddings are not counted' : `, vocabulary ${V}${shape.tied ? ' (tied)' : ' (not tied)'}`}`;
  return { params, nonEmbedding, how, exact, anchor: width, sequence };
}

interface Shape {
  readonly attention: number;
  readonly feedForward: number;
  readonly norms: number;
  readonly final: number;
  readonly positions: number;
  readonly tied: boolean;
  readonly width: number;
}

function shapeOf(map: MapNode, family: Family, d: number, heads: number | undefined, sequence: number | null): Shape {
  switch (family) {
    case 'neox':
      // Biases everywhere, rotary positions, two matrices of embeddings.
      return {
        attention: 4 * d * d + 4 * d,
        feedForward: 8 * d * d + 5 * d,
        norms: 4 * d,
        final: 2 * d,
        positions: 0,
        tied: flag(map, ['no-weight-tying', 'no_weight_tying']) !== true,
        width: 4 * d,
      };
    case 'cerebras': {
      const ff = numberOf(at(map, 'filter_size')) ?? 4 * d;
      const learned = textOf(at(map, 'position_embedding_type')) === 'learned';
      const bias = flag(map, ['use_projection_bias_in_attention']) !== false;
      return {
        attention: 4 * d * d + (bias ? 4 * d : 0),
        feedForward: 2 * d * ff + (flag(map, ['use_ffn_bias']) === false ? 0 : ff + d),
        norms: 4 * d,
        final: 2 * d,
        positions: learned && sequence !== null ? sequence * d : 0,
        tied: flag(map, ['share_embedding_weights']) !== false,
        width: ff,
      };
    }
    case 'open_lm': {
      const ff = 256 * Math.floor((Math.floor((2 * 4 * d) / 3) + 255) / 256);
      return {
        attention: 4 * d * d,
        feedForward: 3 * d * ff,
        norms: 2 * d,
        final: d,
        positions: 0,
        tied: flag(map, ['weight_tying']) === true,
        width: ff,
      };
    }
    case 'olmo': {
      const inner = numberOf(at(map, 'mlp_hidden_size')) ?? (numberOf(at(map, 'mlp_ratio')) ?? 4) * d;
      const gated = textOf(at(map, 'activation_type')) !== 'gelu' && textOf(at(map, 'activation_type')) !== 'relu';
      const kv = numberOf(at(map, 'n_kv_heads'));
      const share = kv !== undefined && heads !== undefined && heads > 0 ? kv / heads : 1;
      const affine = flag(map, ['layer_norm_with_affine']) === false ? 0 : 2 * d;
      return {
        attention: 2 * d * d + 2 * share * d * d,
        feedForward: d * inner + (gated ? inner / 2 : inner) * d,
        norms: affine,
        final: affine / 2,
        positions: 0,
        tied: flag(map, ['weight_tying']) !== false,
        width: inner,
      };
    }
    case 'mpt': {
      const ff = (numberOf(at(map, 'expansion_ratio')) ?? 4) * d;
      const bias = flag(map, ['no_bias']) === false;
      const alibi = flag(map, ['alibi']) === true || flagOf(at(map, 'attn_config', 'alibi')) === true;
      return {
        attention: 4 * d * d + (bias ? 4 * d : 0),
        feedForward: 2 * d * ff + (bias ? ff + d : 0),
        norms: bias ? 4 * d : 2 * d,
        final: bias ? 2 * d : d,
        positions: alibi || sequence === null ? 0 : sequence * d,
        tied: true,
        width: ff,
      };
    }
    case 'hf': {
      const ff = numberOf(at(map, 'intermediate_size')) ?? 4 * d;
      const head = numberOf(at(map, 'head_dim')) ?? (heads === undefined || heads === 0 ? d : d / heads);
      const query = head * (heads ?? 1);
      const kv = head * (numberOf(at(map, 'num_key_value_heads')) ?? heads ?? 1);
      return {
        attention: 2 * d * query + 2 * d * kv,
        feedForward: 3 * d * ff,
        norms: 2 * d,
        final: d,
        positions: 0,
        tied: flag(map, ['tie_word_embeddings']) === true,
        width: ff,
      };
    }
    case 'gpt': {
      const ff =
        numberOf(
          at(map, 'intermediate_size') ?? at(map, 'n_inner') ?? at(map, 'ffn_hidden_size') ?? at(map, 'ffn_dim'),
        ) ?? 4 * d;
      return {
        attention: 4 * d * d + 4 * d,
        feedForward: 2 * d * ff + ff + d,
        norms: 4 * d,
        final: 2 * d,
        positions: 0,
        tied: flag(map, ['tie_word_embeddings', 'weight_tying']) !== false,
        width: ff,
      };
    }
  }
}

function familyOf(map: MapNode): Family {
  const has = (...keys: readonly string[]): boolean => keys.some((key) => at(map, key) !== undefined);
  if (has('num-layers') && has('hidden-size')) return 'neox';
  if (has('filter_size') || has('share_embedding_weights')) return 'cerebras';
  if (has('hidden_dim') && (has('post_embed_norm') || has('weight_tying'))) return 'open_lm';
  if (has('mlp_ratio', 'mlp_hidden_size') && has('d_model')) return 'olmo';
  if (has('expansion_ratio') && has('d_model')) return 'mpt';
  if (/^(?:llama|mistral|qwen2|qwen3|gemma|gemma2|olmo|olmo2|phi3|stablelm)$/.test(textOf(at(map, 'model_type')) ?? ''))
    return 'hf';
  return 'gpt';
}

function vocabulary(map: MapNode, family: Family): number | null {
  const stated = numberOf(
    at(map, 'embedding_size') ?? at(map, 'vocab_size') ?? at(map, 'padded_vocab_size') ?? at(map, 'vocab-size'),
  );
  if (stated !== undefined && stated > 0) return stated;
  // GPT-NeoX pads its own tokenizer (50 254 words and specials) to a multiple of 128.
  if (family === 'neox' && /20B_tokenizer/.test(textOf(at(map, 'vocab-file')) ?? '')) return 50_304;
  return null;
}

function first(map: MapNode, keys: readonly string[]): ScalarNode | undefined {
  for (const key of keys) {
    const found = scalarOf(at(map, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function flag(map: MapNode, keys: readonly string[]): boolean | undefined {
  for (const key of keys) {
    const found = flagOf(at(map, key));
    if (found !== undefined) return found;
  }
  return undefined;
}
