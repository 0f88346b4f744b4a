import Testing

/// A row of the table of bad input: what is done to a sound study, and how the build ends.
struct InputRow: Sendable, CustomTestStringConvertible {
  let row: Int
  let name: String
  let status: Int32
  /// What the message must say.
  let words: [String]
  let change: @Sendable (TinyStudy) throws -> Void

  /// A row that is refused.
  init(
    _ row: Int, _ name: String, _ status: Int32, _ words: [String],
    _ change: @escaping @Sendable (TinyStudy) throws -> Void
  ) {
    self.row = row
    self.name = name
    self.status = status
    self.words = words
    self.change = change
  }

  var testDescription: String { "row \(row): \(name)" }

  /// Builds, and checks the exit code, the form and the words of the message, and that nothing was
  /// written.
  func checkRefused() throws {
    let study = try TinyStudy()
    try change(study)
    let before = study.folder.names
    let build = try study.start(["build", "study.yml"])
    try build.wait()
    let result = build.result
    #expect(result.status == status, "\(result.errors)")
    let lines = result.errors.split(separator: "\n")
    let first = lines.firstIndex { $0.hasPrefix("error: ") }
    let message = first.map { lines[$0...].joined(separator: "\n") } ?? ""
    #expect(
      message.contains(": expected ") && message.contains(", found ") && message.contains("\n  "),
      "\(result.errors)")
    for word in words { #expect(message.contains(word), "\(word) is not in: \(message)") }
    #expect(result.output.isEmpty)
    #expect(study.folder.names == before)
    #expect(build.leftovers.isEmpty)
  }
}
