import Atlas

/// What an atlas found in one layer, in sentences that hold for all findings.
struct LayerClaim {
  let lead: String
  let detail: String

  init(_ findings: AtlasFindings, _ layer: Int) {
    let places = findings.places(layer: layer)
    let grades = findings.bestGrades[places]
    let confirmed = grades.count { $0 == .confirmed }
    let suggestive = grades.count { $0 == .suggestive }
    lead =
      "Of \(places.count.of("neuron")) in layer \(layer), "
      + AtlasText.grades(confirmed: confirmed, suggestive: suggestive) + "."
    detail = [Self.dead(findings, layer), Self.clusters(findings, layer)].joined(separator: " ")
  }

  /// The neurons that fire on no token.
  static func dead(_ findings: AtlasFindings, _ layer: Int) -> String {
    let places = findings.places(layer: layer)
    let dead = places.count { findings.neurons.firing[$0] == 0 }
    let middle = places.map { findings.neurons.firing[$0] }.sorted()[places.count / 2]
    let median = "the median neuron fires on \(AtlasText.percent(middle)) of tokens"
    switch dead {
    case 0: return "Every neuron fires on some token; \(median)."
    case places.count: return "No neuron fires on any token."
    default:
      return "\(dead.grouped) \(dead == 1 ? "fires" : "fire") on no token; \(median)."
    }
  }

  private static func clusters(_ findings: AtlasFindings, _ layer: Int) -> String {
    let places = findings.places(layer: layer)
    let indices = Set(places.map { findings.neurons.cluster[$0] }).subtracting([-1])
    let members = places.count { findings.neurons.cluster[$0] >= 0 }
    let limit = AtlasText.duplicate
    guard findings.design.correlated > 0 else { return AtlasText.notCorrelated }
    guard members > 0 else { return "None of its neurons nearly repeats another (\(limit))." }
    return "\(members.grouped) of its neurons \(members == 1 ? "nearly repeats" : "nearly repeat") "
      + "another (\(limit)), in \(indices.count.of("cluster"))."
  }
}
