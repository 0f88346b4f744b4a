import Foundation
import Testing

/// What a study names wrongly is told by `plan` and `build` before the model runs, all at once.
struct WrongNamesTests {
  @Test(arguments: [
    (
      "expect:\n  - {figure: sparse_probe.test_acuracy, at_least: 0.5}",
      "Did you mean test_accuracy?"
    ),
    (
      "published:\n  - {figure: prompts.1.clean.0.logit, value: 1, tolerance: 1, source: x}",
      "one item"
    ),
    (
      "evidence: {languages: off}\nexpect:\n  - {figure: languages.corpora.0.mcc, at_least: 0}",
      "languages: off"
    ),
    ("notes: notes.md", "Did you mean ablation?"),
  ])
  func aFigureThatCannotBe(extra: String, advice: String) throws {
    let study = try TinyStudy()
    let text = study.folder.text("study.yml").components(separatedBy: "expect:")[0]
    try study.folder.write(text + extra + "\n", to: "study.yml")
    try study.folder.write("See {{figure:abltion}}.\n", to: "notes.md")
    for command in ["plan", "build"] {
      let run = try study.run([command, "study.yml"])
      #expect(run.status == 2 && run.errors.contains(advice), "\(run.errors)")
    }
    #expect(!study.folder.names.contains { $0.hasPrefix("Site/reports") })
  }

  @Test func everythingThatIsWrongIsToldAtOnce() throws {
    let study = try TinyStudy()
    try study.folder.remove("a.txt")
    try study.folder.remove("b.txt")
    try study.folder.remove("model/tokenizer.json")
    try study.study("sparse_probe.test_accuracy", "sparse_probe.test_acuracy")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 2)
    for word in ["a.txt", "b.txt", "tokenizer.json", "test_acuracy"] {
      #expect(plan.errors.contains(word), "\(plan.errors)")
    }
    #expect(plan.errors.components(separatedBy: "error: ").count == 5)
  }

  @Test func everyWrongAnswerIsTold() throws {
    let study = try TinyStudy()
    try study.study("[\"i\", \"b\"]", "[\"  i\", \"bc\", \"b\"]")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 2 && plan.errors.contains("\"i\" is one token."), "\(plan.errors)")
    #expect(plan.errors.contains("such as the first of these: \"b\""))
    #expect(!plan.errors.contains("\"   i\""))
  }
}
