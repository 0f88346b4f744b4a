import Diagnostics

/// The web address below which the files of a report can be reached.
package struct LinkBase: Sendable {
  /// The address, which ends in a slash.
  package let address: String

  /// - Throws: `Diagnostic` of kind `.study` if `text` is not a plain web address.
  package init(_ text: String) throws {
    func fault(_ expected: String, _ found: String, _ advice: String) -> Diagnostic {
      Diagnostic(
        .study, file: "--link-base", expected: expected, found: "\"\(found.prefix(200))\"",
        advice: advice)
    }
    guard
      let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }),
      text.utf8.count > scheme.utf8.count
    else {
      throw fault(
        "an address that begins with https://", text, "Give the address of the report's folder.")
    }
    let forbidden = text.unicodeScalars.first {
      !$0.isASCII || $0.value <= 0x20 || "<>\"\\`{}|^()[]?#".unicodeScalars.contains($0)
    }
    if let forbidden, ["?", "#"].contains(forbidden) {
      throw fault(
        "an address without a query or a fragment", text,
        "Leave out \(forbidden) and what follows: names of files are put behind the address.")
    }
    if let forbidden {
      let escaped = String(forbidden).utf8.map {
        "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)
      }
      throw fault(
        "an address of plain characters", text,
        "Write \(escaped.joined()) for \(forbidden == " " ? "a space" : "\"\(forbidden)\"").")
    }
    address = text.hasSuffix("/") ? text : text + "/"
  }
}
