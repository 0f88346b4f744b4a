import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// SHA-256 in the forms that provenance, caches and content policies use.
package enum Checksum {
  package static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
    hexadecimal(SHA256.hash(data: bytes))
  }

  /// - Parameter freed: is called with each piece of the bytes once it has been read; pieces begin at
  ///   multiples of a page.
  static func sha256(
    of bytes: UnsafeRawBufferPointer, freed: (UnsafeRawBufferPointer) -> Void
  ) -> String {
    var hash = Running()
    for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
      let end = min(start + pieceBytes, bytes.count)
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      hash.add(piece)
      freed(piece)
    }
    return hash.finish()
  }

  private static let pieceBytes = 1 << 23

  package static func sha256(of text: String) -> String {
    var text = text
    return text.withUTF8 { sha256(of: UnsafeRawBufferPointer($0)) }
  }

  /// The SHA-256 in base 64, as a content security policy writes it.
  package static func sha256Base64(of text: String) -> String {
    Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }

  /// A checksum of bytes that arrive in pieces.
  struct Running {
    private var hash = SHA256()

    mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// The SHA-256 in lower-case hexadecimal.
    func finish() -> String { Checksum.hexadecimal(hash.finalize()) }
  }

  fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
