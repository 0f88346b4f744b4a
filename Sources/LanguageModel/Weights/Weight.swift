/// The weights of a transformer under TransformerLens's names. The processing knows no others.
package enum Weight: Hashable, Sendable {
  /// W_E `[vocabulary, d_model]`
  case embedding
  /// W_pos `[context, d_model]`
  case positions
  /// The factors of the rotary divisors `[pairs]`, if a file lists them
  case rotaryFactors
  /// Scale or shift of the norm after the embedding `[d_model]`
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
  /// The bias of a linear map, `[out]`
  case bias(Int, Linear)

  package enum NormPart: String, Sendable, CaseIterable {
    case scale = "weight"
    case shift = "bias"
  }

  package enum BlockNorm: Sendable {
    /// ln1 and ln2, the norms before attention and MLP
    case beforeAttention, beforeMLP
    /// ln1_post and ln2_post, the norms of the outputs of attention and MLP (Gemma 2)
    case afterAttention, afterMLP
    /// The norms of each head's queries and keys (Qwen 3)
    case query, key
  }
}

/// The tensor of a checkpoint that holds a weight, and how it becomes `[out, in]`.
package struct Source: Sendable, Hashable {
  package let tensor: String
  /// The tensor's shape in the checkpoint.
  package let shape: [Int]
  package let layout: Layout
  /// A number that is added to every element: 1 if norm scales are stored as their difference from
  /// 1 (Gemma).
  package let addend: Float

  /// Which numbers of a tensor make up a weight. Rows run along the tensor's first axis; a vector
  /// has rows of one number.
  package enum Layout: Sendable, Hashable {
    case asStored
    /// Some rows of a tensor that holds several maps.
    case rows(Range<Int>)
    /// Part number `part` of `parts` of each head; rows are stored head by head, and a part has
    /// `size` rows.
    case partOfEachHead(Int, of: Int, size: Int)
    /// The rows of each head are stored in adjacent pairs (i, i + size/2), as in GGUF's queries and
    /// keys of Llama; they are reordered into halves.
    case pairsOfEachHead(size: Int)
    /// Some columns of a tensor stored `[in, out]` (GPT-2's Conv1D).
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

  /// The number of elements. It cannot overflow, because an `Architecture` limits all sizes.
  package var count: Int { resultShape.reduce(1, *) }

  /// The runs of stored rows that make up the weight, in its order; nil if it is stored transposed.
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
