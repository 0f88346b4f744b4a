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
    /// The documents that choose the neuron.
    let choosing: Choosing
    /// The documents on which everything but the notebook's own analyses is measured.
    let measuring: Measuring
    /// Documents of the target that are in the other class, too.
    let sharedDocuments: Int
    let operations: Operations
    /// What the page will weigh, in words.
    let page: String
    let memoryBytes: Int
    let temporaryBytes: Int

    enum CodingKeys: String, CodingKey {
      case title, slug, file, model, layer, neurons, notes, corpora, classes, choosing, measuring
      case operations, page
      case sharedDocuments = "shared_documents"
      case memoryBytes = "memory_bytes"
      case temporaryBytes = "temporary_bytes"
    }
  }

  struct Choosing: Encodable {
    let target: Count
    let other: Count
    /// Whether they are drawn at random; else they are the first of each class, as the notebook's.
    let isDrawn: Bool

    enum CodingKeys: String, CodingKey {
      case target, other
      case isDrawn = "drawn"
    }
  }

  struct Measuring: Encodable {
    let target: Int
    let other: Int
    /// The most tokens of each document.
    let window: Int
    /// Whether none of them chose the neuron.
    let isHeldOut: Bool

    enum CodingKeys: String, CodingKey {
      case target, other, window
      case isHeldOut = "held_out"
    }
  }

  struct Corpus: Encodable {
    let name: String
    /// Whether the study takes only some of the documents read.
    let isSelective: Bool
    /// Documents read, that match, that are taken, that are used.
    let read: Int
    let matched: Int
    let taken: Int
    let used: Int
    let tokens: Int
    /// Documents cut to the context, and blank ones skipped.
    let cut: Int
    let blank: Int

    enum CodingKeys: String, CodingKey {
      case name, read, matched, taken, used, tokens, cut, blank
      case isSelective = "selective"
    }
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
    /// All together, choosing included.
    let total: Double
    let seconds: Double
    /// Of all cores, measured just now.
    let ratePerSecond: Double
    let cores: Int
    /// The choice of the neuron, where a run of its own makes it, and each analysis alone; what
    /// several need is run once.
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
