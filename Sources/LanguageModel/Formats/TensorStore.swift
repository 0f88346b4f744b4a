import Storage

/// The tensors of a checkpoint, in any format.
///
/// A store has read and checked the headers of its files but no weight: all tensors it lists lie
/// within its files, and their names are unique.
package protocol TensorStore: Sendable {
  /// The file, or the folder if there are several, as the user named it.
  var name: String { get }
  /// The files that were opened, in order.
  var files: [FileBytes] { get }
  var tensors: [StoredTensor] { get }
  /// The convention for the names and layouts of weights.
  var naming: TensorNaming { get }
}

/// A convention for the names of tensors and the order of their rows.
package enum TensorNaming: Sendable {
  /// The names and layouts that the family's `save_pretrained` in transformers writes.
  case huggingFace
  /// The names and layouts that llama.cpp's converter writes.
  case gguf
}

/// A tensor in its file.
package struct StoredTensor: Sendable {
  package let name: String
  /// The type of its numbers as the file spells it: `F16`, `I64`, `Q4_1`.
  package let type: String
  /// The sizes of the axes, the outermost first.
  package let shape: [Int]
  package let file: FileBytes
  /// The range of the tensor's bytes in the file.
  package let bytes: Range<Int>

  package init(name: String, type: String, shape: [Int], file: FileBytes, bytes: Range<Int>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.file = file
    self.bytes = bytes
  }

  /// The encoding of the numbers; nil for a type that cannot be widened.
  package var encoding: Encoding? { Encoding(rawValue: type) }
}
