import Diagnostics
import Reporting
import Testing

/// What an author's notes take from the findings.
struct NotesTests {
  private func discussion(_ notes: String) throws -> String {
    let text = MarkdownWriter(try Sample.report(Sample.json(notes: notes))).text
    let start = try #require(text.range(of: "### Discussion\n\n"))
    let end = try #require(text.range(of: "\n\n<!-- anchor: reproduce -->"))
    return String(text[start.upperBound..<end.lowerBound])
  }

  private func fault(_ notes: String) throws -> Diagnostic? {
    let report = try Sample.report(Sample.json(notes: notes))
    return #expect(throws: Diagnostic.self) { try Sample.pages().page(report) }
  }

  @Test(arguments: [
    ("ablation.corpora.Dutch.masked.ablated | %.3f", "4.630"),
    ("ablation.corpora.\"Dutch\".masked.ablated|%.1e", "4.6e+00"),
    ("activation_histogram.mean.other | %.3g", "−0.05"),
    ("activation_histogram.rows.target | %d", "66194"),
    ("activation_histogram.rows.target", "66,194"),
    ("activation_histogram.percent.target.2 | %.0f", "60"),
    ("neuron_accuracy.splits.0.neurons.0.test_accuracy", "0.9123"),
  ])
  func aNumberStandsInPlaceOfItsAddress(reference: String, shown: String) throws {
    #expect(try discussion("It is {{\(reference)}} there.") == "It is \(shown) there.")
  }

  @Test func aFigureIsLinkedByItsNumber() throws {
    let notes = "See {{figure:ablation}}."
    let report = try Sample.report(Sample.json(notes: notes))
    let number = try #require(report.figures.firstIndex { $0.id == "ablation" }) + 1
    let page = try Sample.pages().page(report)
    #expect(page.contains("See <a href=\"#figure-ablation\">figure \(number)</a>."))
    #expect(page.contains("<figure class=\"figure\" id=\"figure-ablation\">"))
    #expect(
      MarkdownWriter(report).text.contains("See [figure \(number)](charts/ablation.svg)."))
  }

  @Test(arguments: ["`{{figure:x}}`", "\\{{figure:x}}", "{{figure:x", "{x}", "```\n{{x}}\n```"])
  func codeAndEscapedBracesStayAsTheyAre(notes: String) throws {
    #expect(try discussion(notes) == notes)
    #expect(try Sample.pages().page(try Sample.report(Sample.json(notes: notes))).isEmpty == false)
  }

  @Test(arguments: [
    ("\n{{figure:abaltion}}", "Did you mean ablation?"),
    ("\n{{ablation.corpora.Duch.masked.ablated}}", "Did you mean Dutch?"),
    ("\n{{ablation.corpora}}", "Name one number"),
    ("\nx {{activation_histogram.mean.other | %d}}", "Digits may be"),
    ("\n{{activation_histogram.mean.other | %n}}", "Digits may be"),
    ("\n{{activation_histogram.mean.other | %.18f}}", "Digits may be"),
    ("\n{{activation_histogram.mean.other | %.f}}", "Digits may be"),
    ("\n{{a b}}", "braces as they are"), ("\n{{}}", "braces as they are"),
  ])
  func whatIsNotThereIsAnErrorWithTheNearestName(notes: String, advice: String) throws {
    let fault = try fault(notes)
    #expect(fault?.kind == .study && fault?.file == "notes.md" && fault?.field == "line 2")
    #expect(fault?.advice.contains(advice) == true, "\(fault?.message ?? "")")
  }
}
