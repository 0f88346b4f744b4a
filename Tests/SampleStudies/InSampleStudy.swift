import Foundation
import StudyFile

/// The studies that goldens were recorded for: the demo's classes whole, the neuron the notebook's,
/// measured on the documents that chose it.
package enum InSampleStudy: String, CaseIterable, Sendable {
  case demo = "demo-in-sample"
  case french = "demo-french-in-sample"

  package var file: StudyFile {
    get throws {
      try StudyFile(
        reading: URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: rawValue + ".yml").path)
    }
  }
}
