import Diagnostics
import Reporting
import Storage
import StudyFile

// A study of a neuron of a published atlas has a name like a file's: `…/findings.json#L3N436`, or for
// several together `…/findings.json#L3N436+L4N52`.
extension NeuronStudy {
  private static let mark = FindingsFile.name + "#"

  /// The name of a study, by which `file(named:)` finds it.
  static func name(_ neurons: [NeuronAddress], of folder: String) -> String {
    FileWriting.joined(folder, mark + neurons.map(\.description).joined(separator: "+"))
  }

  /// Reads `L3N436` or `L3N436+L4N52`; nil for any other text.
  package static func neurons(_ text: some StringProtocol) -> [NeuronAddress]? {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    let neurons = parts.compactMap { NeuronAddress(String($0)) }
    return neurons.count == parts.count ? neurons : nil
  }

  /// The study of a neuron of the atlas in `folder`, or of several together, as if it lay beside the
  /// atlas's file.
  ///
  /// - Throws: `Diagnostic`, of kind `.study` for a neuron that the model does not have.
  package static func file(of neurons: [NeuronAddress], in folder: String) throws -> StudyFile {
    try SitePublisher.checkIsReport(folder, holding: FindingsFile.name)
    let report = try AtlasReport(
      reading: FileBytes(reading: FileWriting.joined(folder, FindingsFile.name)))
    let model = report.findings.model
    let places = try neurons.map { neuron in
      guard let place = report.findings.place(neuron) else {
        throw Diagnostic(
          .study, file: folder, field: neuron.description,
          expected: "a neuron of the atlas's model", found: "none of this address",
          advice: "\(model.name) has layers 0 to \(model.layers - 1) of \(model.dMLP) neurons.")
      }
      return place
    }
    let text = try NeuronStudy(report, places: places).text
    return try StudyFile(
      yaml: text, file: name(neurons, of: folder), folder: start(of: folder),
      sha256: Checksum.sha256(of: text))
  }

  /// The study that a name means; nil if it is no such name.
  ///
  /// - Throws: the errors of `file(of:in:)`.
  package static func file(named name: String) throws -> StudyFile? {
    guard let range = name.ranges(of: mark).last,
      let neurons = neurons(name[range.upperBound...])
    else { return nil }
    let folder = name[..<range.lowerBound]
    return try file(of: neurons, in: folder.isEmpty ? "." : String(folder.dropLast()))
  }

  /// The folder of the file from which the atlas was built; nil for a built-in one.
  private static func start(of folder: String) throws -> String? {
    let path = try Provenance(reading: FileWriting.joined(folder, Provenance.name)).study.path
    if path.hasPrefix("builtin:") { return nil }
    return path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
  }
}
