import Foundation
import StudyFile

/// The studies that goldens were recorded for: the demo's classes whole, the neuron the notebook's,
/// measured on the documents that chose it.
package enum InSampleStudy: String, CaseIterable, Sendable {
  case demo = "demo-in-sample"
  case french = "demo-french-in-sample"

  package var file: StudyFile {
    get throws { try StudyFile(reading: path) }
  }

  /// With as few controls and draws as there can be, for what looks at the notebook's figures alone.
  package var sparing: StudyFile {
    get throws {
      let yaml = try String(contentsOfFile: path, encoding: .utf8)
      let evidence = """
        evidence:
          probe_sweep: {documents: 20, window: 32, directions: 4, shuffles: 19, resamples: 100}
          ablation_controls: {random: 2, matched: 2, scaled: 2, directions: 2, resamples: 100}
          comparison: {resamples: 100}
          effects: {resamples: 100}
          neuron_logits: {resamples: 100}
          upstream: {random: 2, scaled: 2, directions: 2, resamples: 100}
          position_response: {pairs: 4, window: 16, resamples: 100}

        """
      return try StudyFile(yaml: yaml + "\n" + evidence, file: path)
    }
  }

  private var path: String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: rawValue + ".yml").path
  }
}
