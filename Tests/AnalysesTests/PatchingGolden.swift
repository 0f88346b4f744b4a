import Analyses
import Foundation
import JSON
import LanguageModel
import Passes
import SampleStudies
import Storage
import StudyFile
import Testing

/// The small study of `Tests/reference/evidence_patching.py` and what TransformerLens found of it.
struct PatchingGolden {
  let study: ResolvedStudy
  let evidence: Evidence
  let expected: JSON

  init(ablation value: AblationSettings.Value = .otherMean) throws {
    var file = try Self.file()
    file.ablation.value = value
    study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    var needs = Upstream().needs(study)
    needs.formUnion(PositionResponse().needs(study))
    evidence = try Sweep(
      study, needs: needs, environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
    expected = try Self.golden()
  }

  static func file() throws -> StudyFile {
    var file = try InSampleStudy.demo.file
    file.documents = 40
    file.probe.documents = 14
    file.measuring = MeasuringSettings(documents: 24, window: 24)
    file.probe.splits = 1
    file.neuron = .number(436)
    file.corpora.removeAll { ["Italian", "Portuguese", "Swedish"].contains($0.name) }
    file.other = ["German", "English", "Spanish", "French"]
    return file
  }

  static func golden() throws -> JSON {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/evidence-patching.json").path
    return try JSON(parsing: FileBytes(reading: path))
  }

  /// The documents that are measured: none of the probed ones.
  var sample: DocumentSample { DocumentSample(of: .target, in: study) }

  /// Float32 on both sides, summed in different orders.
  static func close(
    _ found: Double?, _ expected: JSON?, _ tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let found, let expected = expected?.double else {
      Issue.record("\(what) is missing", sourceLocation: sourceLocation)
      return
    }
    #expect(
      abs(found - expected) <= tolerance, "\(what): \(found) for \(expected)",
      sourceLocation: sourceLocation)
  }

  static func close(
    _ found: Measured?, _ expected: JSON?, _ tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let ends = expected?.array ?? []
    #expect(ends.count == 3)
    for (value, end) in zip([found?.value, found?.low, found?.high], ends) {
      close(value, end, tolerance, what, sourceLocation: sourceLocation)
    }
  }
}
