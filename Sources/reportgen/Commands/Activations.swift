import Analyses
import ArgumentParser
import Diagnostics
import LanguageModel
import Passes
import Reporting
import SiteRenderer
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `reportgen activations`: shows the studied neuron's activation at every token of one text.
struct Activations: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a study's neuron does on a text of your own, token by token.",
    discussion: """
      On a terminal the text is shaded: orange above zero, blue below. A study whose neuron is \
      `auto` takes the one that its published report has settled, or probes for it first.
      """)

  @Argument(
    help: "A study file, or a built-in study: \(StudyArguments.builtIn).",
    completion: .file(extensions: ["yml", "yaml"]))
  var study: String

  @Argument(help: "The text; BOS is put in front of it.")
  var text: String

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp(
      "The folder that relative corpus paths start at, instead of the study's own.",
      valueName: "folder"), completion: .directory)
  var corporaFolder: String?

  @OptionGroup var siteArguments: SiteArguments

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let file = try StudyArguments.file(study)
    guard file.subject == .neuron else {
      throw file.diagnostic(
        "neurons", expected: "a study of one neuron", found: "a set",
        advice: "Name one of its neurons with layer: and neuron: in a study of its own.")
    }
    let study = try ResolvedStudy(
      file, corporaFolder: corporaFolder, environment: environment)
    let shape = study.architecture
    let ids = study.beginning + study.tokenizer.encode(text).map(\.id)
    guard ids.count > study.front, ids.count <= shape.context else {
      throw Diagnostic(
        .study, file: "text", expected: "1 to \(shape.context - study.front) tokens",
        found: "\(ids.count - study.front)", advice: "Give a text that fits the model's context.")
    }
    let model = try Transformer(architecture: shape, checkpoint: study.checkpoint)
    let neuron = try neuron(of: study, model, environment)
    let post = Trace(of: ids, in: model, layer: neuron.layer).post.column(neuron.neuron)
    // BOS is part of the input, but its activation says nothing about the text.
    let tokens = zip(
      study.tokenizer.texts(of: Array(ids.dropFirst(study.front))), post.dropFirst(study.front))
    // As no-color.org has it: an empty value turns nothing off.
    let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty
    let isShaded = isatty(STDOUT_FILENO) == 1 && !isPlain
    try StandardOutput.writeLine(
      TokenShading(neuron: neuron, tokens: Array(tokens)).text(isShaded: isShaded))
  }

  /// The studied neuron: from the study file, from the published report, or found by probing.
  private func neuron(
    of study: ResolvedStudy, _ model: Transformer, _ environment: [String: String]
  ) throws -> NeuronAddress {
    if case (.number(let layer), .number(let number)) = (study.file.layer, study.file.neuron) {
      return NeuronAddress(layer: layer, neuron: number)
    }
    if let published = try? siteArguments.publisher(environment).findings(of: study.file.slug)
      .findings.study, published.file == study.file, published.neuron.isIn(study.architecture)
    {
      return published.neuron
    }
    let settled = try ProbeSweep.settled(
      study, by: Sweep(study, needs: Needs(), environment: environment).engine(running: model))
    return try Sweep(settled, needs: Needs(), environment: environment).run(in: model).neuron
  }
}

extension NeuronAddress {
  /// Whether the neuron exists in a model of this shape; a published report may have been edited.
  fileprivate func isIn(_ shape: Architecture) -> Bool {
    (0..<shape.layers).contains(layer) && (0..<shape.dMLP).contains(neuron)
  }
}
