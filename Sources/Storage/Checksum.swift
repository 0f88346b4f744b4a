import Crypto
import Foundation

/// SHA-256 in the form that provenance, caches and content policies write it.
package enum Checksum {
  package static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
    hexadecimal(SHA256.hash(data: bytes))
  }

  package static func sha256(of text: String) -> String {
    var text = text
    return text.withUTF8 { sha256(of: UnsafeRawBufferPointer($0)) }
  }

  /// In base 64, as a content policy names a style sheet.
  package static func sha256Base64(of text: String) -> String {
    Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }

  /// A checksum of bytes that come piece by piece.
  struct Running {
    private var hash = SHA256()

    mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// In lower-case hexadecimal.
    func finish() -> String { Checksum.hexadecimal(hash.finalize()) }
  }

  fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
