import Storage

/// The `.gitattributes` file of a site. Git rewrites line ends, keywords and encodings as the
/// attributes of outer folders and each user's settings tell it. This file preserves every byte, so
/// that `reportgen verify` succeeds in every clone.
enum GitAttributes {
  static let name = ".gitattributes"

  /// The beginning of the file, which marks it as one that may be replaced.
  private static let mark = "# Written by reportgen"

  static let text = """
    \(mark): checksums are of these bytes, whatever git is set to.
    * -text -ident !filter !working-tree-encoding

    """

  /// Whether this program has written the file at `path`.
  static func isOwn(_ path: String) -> Bool {
    guard let file = try? FileBytes(reading: path) else { return false }
    return file.withBytes { $0.starts(with: mark.utf8) }
  }

  /// Whether the file at `path` has exactly this text; it then needs no checksum.
  static func isIntact(_ path: String) -> Bool {
    guard let file = try? FileBytes(reading: path) else { return false }
    return file.withBytes { $0.elementsEqual(text.utf8) }
  }
}
