/// The output of `reportgen plan --json`.
struct PlanDocument: CommandDocument {
  static let command = "plan"

  let format = 1
  var studies: [Study] = []
  /// The atlases; absent where none was named.
  var atlases: [Atlas]?

  struct Study: Encodable {
    let title: String
    let slug: String
    let file: String
    let model: ModelDocument.Shape
    /// The layer, `auto`, or the layers of a set.
    let layer: String
    /// The neuron and those beside it, or the neurons of a set.
    let neurons: [String]
    /// Whether the neurons are studied together; it is not printed as JSON.
    let isSet: Bool
    let notes: [String]
    let corpora: [Corpus]
    let classes: Classes
    /// The documents that choose the neuron.
    let choosing: Choosing
    /// The documents that all analyses but the notebook's own measure.
    let measuring: Measuring
    /// The number of the target's documents that are also in the other class.
    let sharedDocuments: Int
    let operations: Operations
    /// The expected size of the page, in words.
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

  struct Atlas: Encodable {
    let title: String
    let slug: String
    let file: String
    let model: ModelDocument.Shape
    let notes: [String]
    let labels: [Label]
    let permutations: Int
    let operations: Operations
    let memoryBytes: Int

    enum CodingKeys: String, CodingKey {
      case title, slug, file, model, notes, labels, permutations, operations
      case memoryBytes = "memory_bytes"
    }
  }

  struct Label: Encodable {
    let name: String
    let discovery: Count
    let confirmation: Count
    /// The number of documents left out as near-duplicates.
    let repeated: Int
    let cut: Int
  }

  struct Choosing: Encodable {
    let target: Count
    let other: Count
    /// Whether the documents are drawn at random; otherwise they are the first of each class, as in
    /// the notebook.
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
    /// Whether none of these documents chose the neuron.
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
    /// The numbers of documents that were read, that match the conditions, that are taken, and that
    /// are used.
    let read: Int
    let matched: Int
    let taken: Int
    let used: Int
    let tokens: Int
    /// The number of documents cut to the context; below, of blank documents skipped.
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
    /// All operations together, those of choosing included.
    let total: Double
    let seconds: Double
    /// The measured speed of all cores together, in operations per second.
    let ratePerSecond: Double
    let cores: Int
    /// The operations of choosing the neuron, if that is a run of its own, and of each analysis as
    /// if it ran alone. What several need is run only once, so the parts may add up to more than
    /// the total.
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
