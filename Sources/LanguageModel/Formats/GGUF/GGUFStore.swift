import Diagnostics
import JSON
import Storage

/// A model in one GGUF file, or in several that are numbered `-00001-of-00003`.
package struct GGUFStore: TensorStore {
  package let files: [FileBytes]
  package let tensors: [StoredTensor]
  /// The keys and values of the first file, as an object.
  package let metadata: JSON

  package var name: String { files[0].name }
  package var naming: TensorNaming { .gguf }

  /// The ending of the names of files in this format.
  package static let ending = ".gguf"

  /// Opens a model's GGUF file, or all its files.
  ///
  /// - Parameter path: the path of the only or first file in the folder
  /// - Throws: `Diagnostic` of kind `.data` for a file that is missing, damaged or not the first of
  ///   several.
  package init(_ path: String, in folder: Folder) throws {
    guard let bytes = try folder.file(path, mapped: true) else {
      throw Diagnostic(
        .data, file: folder.name + "/" + path, expected: "a GGUF file", found: "none at this path",
        advice: "Check the path; relative paths start at the study file.")
    }
    let first = try GGUFFile(bytes)
    metadata = first.metadata
    let count = try Self.number("split.count", of: first, default: 1)
    guard count > 1 else {
      files = [bytes]
      tensors = first.tensors
      return
    }
    guard try Self.number("split.no", of: first, default: 0) == 0,
      let stem = Self.stem(path, count: count)
    else {
      throw Diagnostic(
        .data, file: bytes.name, field: "split.no",
        expected: "the first of \(count) files, named …\(Self.suffix(1, count))",
        found: path, advice: "Name the first file; the others are found beside it.")
    }
    var all = [first]
    for number in 2...count {
      let name = stem + Self.suffix(number, count)
      guard let bytes = try folder.file(name, mapped: true) else {
        throw Diagnostic(
          .data, file: bytes.name, field: "split.count", expected: "the file \(name) beside it",
          found: "no such file", advice: "Get all \(count) files of the model.")
      }
      let part = try GGUFFile(bytes)
      guard try Self.number("split.no", of: part, default: -1) == number - 1,
        try Self.number("split.count", of: part, default: -1) == count
      else {
        throw Diagnostic(
          .data, file: bytes.name, field: "split.no",
          expected: "number \(number - 1) of \(count)", found: "another file's",
          advice: "Get all \(count) files of one model.")
      }
      all.append(part)
    }
    files = all.map(\.file)
    tensors = all.flatMap(\.tensors)
    var seen = Set<ByteKey>()
    for tensor in tensors where !seen.insert(ByteKey(tensor.name)).inserted {
      throw Diagnostic(
        .data, file: tensor.file.name, field: tensor.name, expected: "each tensor once",
        found: "it in two files", advice: "Get all \(count) files of one model.")
    }
    let expected = try Self.number("split.tensors.count", of: first, default: tensors.count)
    guard tensors.count == expected else {
      throw Diagnostic(
        .data, file: bytes.name, field: "split.tensors.count", expected: "\(expected) tensors",
        found: "\(tensors.count) in all files", advice: "Get all \(count) files of one model.")
    }
  }

  /// Reads a count from the metadata: at most 65,535, since the format counts files in 16 bits, but
  /// for the number of tensors, which may be 2²⁴.
  private static func number(
    _ key: String, of file: GGUFFile, default standard: Int
  ) throws -> Int {
    guard let value = file.metadata[key] else { return standard }
    guard let number = value.integer,
      (0...(key.hasSuffix("tensors.count") ? 1 << 24 : 65_535))
        .contains(number)
    else {
      throw Diagnostic(
        .data, file: file.file.name, field: key, expected: "a number from 0",
        found: value.summary, advice: "The file may be damaged; get it again.")
    }
    return number
  }

  private static func suffix(_ number: Int, _ count: Int) -> String {
    func digits(_ number: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
    }
    return "-\(digits(number))-of-\(digits(count))\(ending)"
  }

  private static func stem(_ path: String, count: Int) -> String? {
    let suffix = suffix(1, count)
    return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : nil
  }
}
