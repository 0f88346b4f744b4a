/// The weights of a transformer, by TransformerLens's names: the only vocabulary of the processing.
package enum Weight: Hashable, Sendable {
  /// W_E `[vocabulary, d_model]`
  case embedding
  /// W_pos `[context, d_model]`
  case positions
  /// What the divisors of rotary angles are multiplied by `[pairs]`, where a file lists it
  case rotaryFactors
  /// Scale or shift of the norm behind the embedding `[d_model]`
  case embeddingNorm(NormPart)
  /// Scale or shift of the norm before the unembedding `[d_model]`
  case finalNorm(NormPart)
  /// W_Uᵀ `[vocabulary, d_model]`
  case unembedding
  /// b_U `[vocabulary]`
  case unembeddingBias
  /// Scale or shift of a block's norm `[d_model]`; of queries' and keys' `[d_head]`
  case norm(Int, BlockNorm, NormPart)
  /// A linear map of a block, `[out, in]`
  case map(Int, Linear)
  /// Its bias, `[out]`
  case bias(Int, Linear)

  package enum NormPart: String, Sendable, CaseIterable {
    case scale = "weight"
    case shift = "bias"
  }

  package enum BlockNorm: Sendable {
    /// ln1 and ln2
    case beforeAttention, beforeMLP
    /// ln1_post and ln2_post: what attention and MLP write is normed (Gemma 2).
    case afterAttention, afterMLP
    /// Of each head's queries and keys (Qwen 3).
    case query, key
  }
}

/// Where a weight lies: a tensor of a checkpoint, and how it is laid to become `[out, in]`.
package struct Source: Sendable, Hashable {
  package let tensor: String
  /// The tensor's shape in the checkpoint.
  package let shape: [Int]
  package let layout: Layout
  /// Added to every number: 1 where norms are stored as what they differ from 1 by (Gemma).
  package let addend: Float

  /// Which numbers of a tensor make up a weight. Rows are those of the tensor's first axis; a
  /// vector has rows of one number.
  package enum Layout: Sendable, Hashable {
    case asStored
    /// Some rows: a part of a map that is stored together with others.
    case rows(Range<Int>)
    /// Of rows that lie head by head, the `part`-th of `parts` in each head, `size` rows long.
    case partOfEachHead(Int, of: Int, size: Int)
    /// Rows of a head lie as pairs (i, i + size/2) side by side, as GGUF has queries and keys of
    /// Llama; they become halves.
    case pairsOfEachHead(size: Int)
    /// Stored `[in, out]` (GPT-2's Conv1D); some columns of it.
    case transposed(columns: Range<Int>)
  }

  /// The weight's shape: `[out, in]`, or `[out]`.
  package var resultShape: [Int] {
    switch layout {
    case .asStored, .pairsOfEachHead: shape
    case .rows(let rows): [rows.count] + shape.dropFirst()
    case .partOfEachHead(_, let parts, _): [shape[0] / parts] + shape.dropFirst()
    case .transposed(let columns): [columns.count, shape[0]]
    }
  }

  /// The number of elements; an `Architecture` bounds it far below overflow.
  package var count: Int { resultShape.reduce(1, *) }

  /// The runs of stored rows that make up the weight, in its order; nil where it is transposed.
  var runs: [Range<Int>]? {
    switch layout {
    case .asStored: return [0..<(shape.first ?? 1)]
    case .rows(let rows): return [rows]
    case .partOfEachHead(let part, let parts, let size):
      return (0..<shape[0] / (parts * size)).map { head in
        let start = (head * parts + part) * size
        return start..<start + size
      }
    case .pairsOfEachHead(let size):
      return (0..<shape[0]).map { row in
        let (head, dimension) = (row / size, row % size)
        let stored = head * size + dimension % (size / 2) * 2 + dimension / (size / 2)
        return stored..<stored + 1
      }
    case .transposed: return nil
    }
  }
}
