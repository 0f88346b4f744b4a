import Diagnostics

/// Decides which addresses in a Markdown text may become links and images.
package enum SafeAddress {
  /// The schemes that a link may have; an address without a scheme is relative.
  private static let schemes: Set<String> = ["http", "https", "mailto"]

  /// Whether a link to `address` is harmless to follow.
  static func isLink(_ address: String) -> Bool {
    let bytes = Array(address.utf8)
    // Browsers ignore tabs and line ends inside a scheme, and read a backslash as a slash.
    guard !bytes.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "\\") }) else { return false }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return true }
    let scheme = bytes[..<colon]
    if scheme.contains(where: { "/?#".utf8.contains($0) }) { return true }
    return schemes.contains(String(decoding: scheme, as: UTF8.self).lowercased())
  }

  /// Whether `address` is a file beside the page: relative, and not a place on the page itself.
  static func isOwnFile(_ address: String) -> Bool {
    let end = address.utf8.firstIndex { ":/?#".utf8.contains($0) } ?? address.utf8.endIndex
    let hasScheme = end < address.utf8.endIndex && address.utf8[end] == UInt8(ascii: ":")
    return !address.isEmpty && address.utf8.first != UInt8(ascii: "#") && !hasScheme
  }

  /// Whether an image at `address` is in the report's own folder: relative and without `..`.
  static func isOwnImage(_ address: String) -> Bool {
    guard isLink(address), !address.isEmpty, !address.utf8.contains(UInt8(ascii: ":")) else {
      return false
    }
    let parts = address.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return address.utf8.first != UInt8(ascii: "/")
      && !parts.contains { part in
        String(decoding: part, as: UTF8.self).lowercased().replacing("%2e", with: ".") == ".."
      }
  }

  /// A path below the site as a link's address. Everything but unreserved characters and slashes is
  /// percent-encoded, so that a file name cannot become a scheme, a query or a fragment.
  package static func encoded(path: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      if byte.isASCIIAlphanumeric || "-._~/".utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
