import Foundation
import ReportModel
import SampleStudies
import StudyFile
import Testing

/// A study's words without a model: the built-in demo, resolved by hand.
enum VerdictSamples {
  static func study(_ change: (inout StudyFile) -> Void = { _ in }) throws -> FindingsStudy {
    var file = try InSampleStudy.demo.file
    change(&file)
    let parts = [
      try JSONEncoder().encode(file),
      Data(
        """
        {"resolved_model": {"name": "demo", "layers": 6, "d_model": 64, "d_mlp": 512,
          "vocabulary": 512, "context": 512, "notes": []},
         "corpus_counts": [], "resolved_neuron": {"layer": 3, "neuron": 436},
         "classes": {"target": {"documents": 2, "tokens": 9},
           "other": {"documents": 2, "tokens": 9}}}
        """.utf8),
    ]
    let members = try parts.map {
      try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
    }
    return try decoded(
      try JSONSerialization.data(withJSONObject: members[0].merging(members[1]) { $1 }))
  }

  static func decoded<Value: Decodable>(_ json: String) throws -> Value {
    try decoded(Data(json.utf8))
  }

  private static func decoded<Value: Decodable>(_ json: Data) throws -> Value {
    try JSONDecoder().decode(Value.self, from: json)
  }

  static func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension Section {
  /// All prose, that of folds included.
  var prose: String { blocks.map(Self.prose).joined() }

  /// All tables, those of folds included.
  var tables: [DataTable] { blocks.flatMap(Self.tables) }

  private static func prose(_ block: Block) -> String {
    switch block {
    case .prose(let prose): prose
    case .fold(_, let blocks): blocks.map(prose).joined()
    default: ""
    }
  }

  private static func tables(_ block: Block) -> [DataTable] {
    switch block {
    case .table(let table): [table]
    case .fold(_, let blocks): blocks.flatMap(tables)
    default: []
    }
  }
}
