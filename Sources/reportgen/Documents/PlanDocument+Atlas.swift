import Atlas
import LanguageModel
import LinearAlgebra
import Pipeline

extension PlanDocument.Atlas {
  init(_ atlas: ResolvedAtlas) {
    let plan = AtlasPlan(atlas)
    let cores = ParallelLoop.cores
    let rate = MachineRate.measure(threads: cores)
    func part(_ id: String, _ operations: Double) -> PlanDocument.Part {
      .init(
        id: id, operations: operations, seconds: operations / (rate * MachineRate.expectedShare))
    }
    // Permuting is a product as well, though none of the model's.
    let parts =
      plan.parts.map { part($0.id, $0.operations.total) }
      + [part("permutations", plan.permutationOperations)]
    let front = atlas.model.beginning.count
    func count(_ label: Int, _ confirms: Bool) -> PlanDocument.Count {
      let own = atlas.labels[label].filter { $0.confirms == confirms }
      return .init(documents: own.count, tokens: own.reduce(0) { $0 + $1.ids.count - front })
    }
    self.init(
      title: atlas.file.title, slug: atlas.file.slug, file: atlas.file.origin.file,
      model: .init(atlas.model.source.name, atlas.model.architecture), notes: atlas.notes,
      labels: atlas.labels.indices.map { label in
        .init(
          name: atlas.file.corpora[label].name, discovery: count(label, false),
          confirmation: count(label, true), repeated: atlas.repeated[label],
          cut: atlas.cut[label])
      }, permutations: atlas.file.permutations,
      operations: .init(
        total: parts.reduce(0) { $0 + $1.operations },
        seconds: parts.reduce(0) { $0 + $1.seconds }, ratePerSecond: rate, cores: cores,
        parts: parts), memoryBytes: plan.bytes(workers: cores, .whole))
  }
}

extension PlanDocument.Atlas: CustomStringConvertible {
  /// The plan as a person reads it.
  var description: String {
    var lines = [
      title,
      "  model       \(model.name): \(model.layers) layers of \(model.dMLP) neurons, "
        + "\(Quantity.of(model.layers * model.dMLP, "neuron"))",
    ]
    lines += notes.map { "  note        \($0)" }
    for label in labels {
      var line =
        "  label       \(label.name): \(Quantity.of(label.discovery.documents, "document")) choose, "
        + "\(label.confirmation.documents) confirm; "
        + Quantity.tokens(label.discovery.tokens + label.confirmation.tokens)
      if label.repeated > 0 { line += ", \(label.repeated) left out as near-duplicates" }
      if label.cut > 0 { line += ", \(label.cut) cut" }
      lines.append(line)
    }
    func cost(_ operations: Double, _ seconds: Double) -> String {
      "\(Quantity.operations(operations)), about \(Quantity.duration(seconds))"
    }
    lines.append(
      "  operations  at most \(cost(operations.total, operations.seconds)) at "
        + "\(Quantity.operations(operations.ratePerSecond))/s, measured just now on "
        + "\(Quantity.of(operations.cores, "core"))")
    lines += operations.parts.map { part in
      "    \(part.id.column(18)) \(cost(part.operations, part.seconds))"
    }
    lines.append("  memory      about \(Quantity.bytes(memoryBytes))")
    return lines.joined(separator: "\n")
  }
}
