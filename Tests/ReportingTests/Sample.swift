import Analyses
import Charts
import Foundation
import JSON
import ReportModel
import Reporting
import SiteRenderer
import Storage

/// Small findings made by hand; no model is needed to present them.
enum Sample {
  /// Text that acts, hides or breaks out of Markdown, HTML, TeX or CSV.
  static let hostile =
    "1. </title><script>alert(1)</script> ![x](javascript:alert(1)) ]]> | ` ``` \" <!-- \u{202E} "
    + "*b* _i_ \\| www.a.b https://a.b {\u{0}}\n# h\n\n---\n</details> \"\u{301} onload=x"

  static func json(
    title: String = "A neuron", slug: String = "sample", corpus: String = "Dutch",
    storiesPath: String = "./nl.txt", prompt: String = "De leden", note: String = "Some text.",
    notes: String? = nil, date: String? = "2025-09-17", mean: Double = 1.8,
    expect: String = "[]", published: String = "[]"
  ) -> String {
    func quoted(_ text: String) -> String {
      JSON.string(text).text.trimmingCharacters(in: .newlines)
    }
    let name = quoted(corpus)
    return """
      {"format": 1,
       "study": {
        "title": \(quoted(title)), "slug": \(quoted(slug)), "model": "builtin:demo",
        "revision": "main", "target": \(name), "other": ["German"], "layer": 3, "neuron": "auto",
        "documents": 1000, "date": \(date.map(quoted) ?? "null"),
        "corpora": [
         {"name": \(name), "path": "nl.txt", "role": "study", "note": \(quoted(note))},
         {"name": "German", "path": "de.txt", "role": "study"},
         {"name": "Stories", "path": \(quoted(storiesPath)), "role": "evaluation", "documents": 20}],
        "probe": {"documents": 200, "k": 2, "test_size": 0.2, "seed": 3, "splits": 2,
         "candidates": 2},
        "ablation": {"corpora": ["target", "Stories"], "value": "other-mean"},
        "prompts": [{"text": \(quoted(prompt)), "answers": []}],
        "positions": {"neurons": [], "corpora": []},
        "padded": {"batch": 32, "batches": {"other": 10, "Stories": 1}},
        "expect": \(expect), "published": \(published), "notes": "notes.md",
        "notes_text": \(notes.map(quoted) ?? "null"),
        "resolved_model": {"name": "builtin:demo", "revision": null, "layers": 6, "d_model": 128,
         "d_mlp": 512, "vocabulary": 2048, "context": 512, "notes": ["use_parallel_residual: true"]},
        "corpus_counts": [
         {"name": \(name), "path": "nl.txt", "role": "study", "documents": 40, "blank": 1,
          "cut": 2, "tokens": 66194, "note": \(quoted(note))},
         {"name": "German", "path": "de.txt", "role": "study", "documents": 40, "blank": 0,
          "cut": 1, "tokens": 9000},
         {"name": "Stories", "path": \(quoted(storiesPath)), "role": "evaluation",
          "documents": 20, "blank": 0, "cut": 0, "tokens": 4000}],
        "resolved_neuron": {"layer": 3, "neuron": 436},
        "classes": {"target": {"documents": 40, "tokens": 66194},
         "other": {"documents": 40, "tokens": 9000}}},
       "findings": {
        "neuron_accuracy": {"layer": 3,
         "splits": [
          {"seed": 3, "neurons": [
           {"neuron": 436, "train_accuracy": 0.91, "test_accuracy": 0.9123456789},
           {"neuron": 31, "train_accuracy": 0.77, "test_accuracy": 0.78}]}],
         "studied": [
          {"seed": 3, "neuron": 436, "train_accuracy": 0.91, "test_accuracy": 0.9123456789}]},
        "activation_histogram": {"layer": 3, "neuron": 436, "constant": false,
         "mean": {"target": \(mean), "other": -0.05}, "edges": [-1, 0, 1, 2],
         "percent": {"target": [10, 30, 60], "other": [80, 15, 5]},
         "rows": {"target": 66194, "other": 9000}},
        "ablation": {"layer": 3, "neuron": 436, "value": -0.05, "corpora": {
         \(name): {"documents": 40, "tokens": 66194,
          "padded": {"clean": 5.4976, "ablated": 5.5018},
          "masked": {"clean": 4.58, "ablated": 4.63}}}}}}
      """
  }

  static func file(_ json: String) throws -> FindingsFile {
    try FindingsFile(reading: FileBytes(Array(json.utf8), name: "findings.json"))
  }

  static func report(_ json: String = json()) throws -> Report { Report(try file(json)) }

  /// A report of one section with one figure of `rows` points.
  ///
  /// - Parameter caption: of the figure; `words`, which stand everywhere else, unless given.
  static func report(words: String, rows: Int = 3, caption: String? = nil) throws -> Report {
    let data = DataTable(
      header: ["token", words, "count"],
      rows: (0..<rows).map {
        [.text($0 == 0 ? words : " t\($0)"), .number(Double($0) / 3, decimals: 3), .integer($0)]
      })
    let chart = LineChart(
      title: words, x: .numeric(Axis("position")), y: Axis("activation"),
      series: [.init(words, values: (0..<rows).map { Double($0) })])
    let figure = Figure(id: "curve", caption: caption ?? words, chart: .line(chart), data: data)
    let file = try file(
      json(
        title: words, corpus: words, storiesPath: words, prompt: words, note: words, notes: words,
        date: words))
    return Report(
      study: file.findings.study, json: file.json, verdict: Verdict(findings: file.findings),
      sections: [
        Section(
          id: "curve_section", title: words,
          blocks: [.prose("Here is \(Markdown.text(words))."), .figure(figure), .table(data)])
      ], date: words)
  }

  static func pages() throws -> PageBuilder { PageBuilder(templates: try TemplateLibrary()) }
}
