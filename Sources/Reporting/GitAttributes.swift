import Storage

/// `.gitattributes`: a site is committed and cloned, and git rewrites line ends, keywords and
/// encodings as the attributes of folders above and each user's settings tell it. This file keeps
/// every byte, so that `reportgen verify` holds in every clone.
enum GitAttributes {
  static let name = ".gitattributes"

  /// How the file begins, by which it is known for one that may be replaced.
  private static let mark = "# Written by reportgen"

  static let text = """
    \(mark): checksums are of these bytes, whatever git is set to.
    * -text -ident !filter !working-tree-encoding

    """

  /// Whether the file at `path` is of this program's making.
  static func isOwn(_ path: String) -> Bool {
    guard let file = try? FileBytes(reading: path) else { return false }
    return file.withBytes { $0.starts(with: mark.utf8) }
  }

  /// Whether the file at `path` is this very one, which needs no checksum.
  static func isIntact(_ path: String) -> Bool {
    guard let file = try? FileBytes(reading: path) else { return false }
    return file.withBytes { $0.elementsEqual(text.utf8) }
  }
}
