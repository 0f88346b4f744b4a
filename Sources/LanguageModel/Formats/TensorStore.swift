import Storage

/// The tensors of a checkpoint, in whatever format its files are written.
///
/// A store has read and checked its files' headers and no weight: what it lists lies within its
/// files, and each name is there once.
package protocol TensorStore: Sendable {
  /// The file, or the folder of several, as the user named it.
  var name: String { get }
  /// The files that were opened, in order.
  var files: [FileBytes] { get }
  var tensors: [StoredTensor] { get }
  /// How the format names and lays weights.
  var naming: TensorNaming { get }
}

/// Which names tensors have, and how their rows lie.
package enum TensorNaming: Sendable {
  /// As the family's `save_pretrained` in transformers.
  case huggingFace
  /// As llama.cpp's converter.
  case gguf
}

/// A tensor as it lies in its file.
package struct StoredTensor: Sendable {
  package let name: String
  /// The type of its numbers as the file spells it: `F16`, `I64`, `Q4_1`.
  package let type: String
  /// Outermost axis first.
  package let shape: [Int]
  package let file: FileBytes
  /// Where its bytes are in the file.
  package let bytes: Range<Int>

  package init(name: String, type: String, shape: [Int], file: FileBytes, bytes: Range<Int>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.file = file
    self.bytes = bytes
  }

  /// How its numbers are widened; nil for a type that holds no weights.
  package var encoding: Encoding? { Encoding(rawValue: type) }
}
