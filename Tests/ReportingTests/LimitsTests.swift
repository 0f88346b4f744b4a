import Analyses
import Reporting
import Testing

/// What the part on limits says, with findings that speak against the claim and for it.
struct LimitsTests {
  private func prompt(clean: Double, ablated: Double) -> String {
    func score(_ probability: Double) -> String {
      #"{"rank": 0, "logit": 1, "probability": \#(probability), "log_probability": \#(probability)}"#
    }
    return """
      {"text": "De leden", "tokens": ["<s>", "De"], "clean": [], "ablated": [], "either": [],
       "answers": [{"token": " van", "id": 3, "clean": \(score(clean)),
        "ablated": \(score(ablated))}]}
      """
  }

  private func statements(_ prompts: [String]) throws -> [String] {
    let json = Sample.json().replacing(
      "\"findings\": {", with: "\"findings\": {\"prompts\": [\(prompts.joined(separator: ","))],")
    return Limits.statements(try Sample.file(json).findings)
  }

  /// The demo: without the Dutch neuron “ van” rises from 32.7 to 41.1 %.
  @Test func anAnswerThatRisesIsNamedAsACounterExample() throws {
    let found = try statements([
      prompt(clean: 0.327, ablated: 0.411), prompt(clean: 0.5, ablated: 0.4),
      prompt(clean: 0.5, ablated: 0.5),
    ])
    #expect(
      found.contains(
        "In 1 of 3 prompts the first answer gets likelier without L3N436: after “De leden” the "
          + "answer “ van” rises from 32.7 to 41.1 %."))
  }

  /// Which documents the probe behind misses and false alarms is fitted and judged on.
  @Test func theProbesDocumentsAreSaid() {
    #expect(
      Limits.fitted(.init(fitted: 18, judged: 22, isNew: true))
        == "It is fitted on all tokens of the 18 documents of either class that chose the neuron, "
        + "and judged on 22 of either class, drawn at random, that took no part in that.")
    let same = Limits.fitted(.init(fitted: 1, judged: 1, isNew: false))
    #expect(same.contains("the 1 document of either class") && same.contains("may be the same"))
    #expect(!same.contains("took no part"))
    // Findings of earlier versions.
    #expect(Limits.fitted(nil).contains("may be of the same documents"))
  }

  @Test func whereNoneRisesThatIsSaid() throws {
    let found = try statements([prompt(clean: 0.5, ablated: 0.4)])
    #expect(
      found.contains("In 0 of 1 prompt the first answer gets likelier without L3N436."))
    #expect(try !statements([]).contains { $0.contains("prompt") })
  }
}
