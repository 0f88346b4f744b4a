/// `reportgen plan --json`.
struct PlanDocument: CommandDocument {
  static let command = "plan"

  let format = 1
  let studies: [Study]

  struct Study: Encodable {
    let title: String
    let slug: String
    let file: String
    let model: ModelDocument.Shape
    let layer: String
    let neurons: [String]
    let notes: [String]
    let corpora: [Corpus]
    let classes: Classes
    /// Documents of the target that are in the other class, too.
    let sharedDocuments: Int
    let operations: Operations
    /// What the page will weigh, in words.
    let page: String
    let memoryBytes: Int
    let temporaryBytes: Int

    enum CodingKeys: String, CodingKey {
      case title, slug, file, model, layer, neurons, notes, corpora, classes, operations, page
      case sharedDocuments = "shared_documents"
      case memoryBytes = "memory_bytes"
      case temporaryBytes = "temporary_bytes"
    }
  }

  struct Corpus: Encodable {
    let name: String
    /// Documents read, that match, that are taken, that are used.
    let read: Int
    let matched: Int
    let taken: Int
    let used: Int
    let tokens: Int
    /// Documents cut to the context, and blank ones skipped.
    let cut: Int
    let blank: Int
  }

  struct Classes: Encodable {
    let target: Count
    let other: Count
  }

  struct Count: Encodable {
    let documents: Int
    let tokens: Int
  }

  struct Operations: Encodable {
    let total: Double
    let seconds: Double
    /// Of all cores, measured just now.
    let ratePerSecond: Double
    let cores: Int
    /// Each analysis alone; what several need is run once.
    let parts: [Part]

    enum CodingKeys: String, CodingKey {
      case total, seconds, cores, parts
      case ratePerSecond = "rate_per_second"
    }
  }

  struct Part: Encodable {
    let id: String
    let operations: Double
    let seconds: Double
  }
}
