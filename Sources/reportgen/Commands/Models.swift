import ArgumentParser
import Diagnostics
import LanguageModel
import Passes
import Pipeline
import StudyFile
import Tokenization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen models`: lists the models that can be studied.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the families of models, or says what one model is.",
    discussion: """
      Without a name: every family that can be studied, by the model_type of its config.json. With \
      one: what that model is, and whether it can be studied. No weight is read.
      """)

  @Argument(
    help: "A model's folder or GGUF file, or its name on the Hugging Face hub.", completion: .file()
  )
  var model: String?

  @OptionGroup var output: JSONArgument

  func run() throws {
    guard let model else {
      if output.isJSON { return try Self.families.write() }
      for family in Families.all { try StandardOutput.writeLine(Self.line(family)) }
      return
    }
    let environment = ProcessInfo.processInfo.environment
    let located = try ModelSource.locate(
      model: model, relativeTo: ".", environment: environment)
    let files = try ModelFiles(located)
    _ = try Tokenizer.Found(files.tokenizer)
    let notes = located.notes + files.architecture.notes + files.checkpoint.notes
    if output.isJSON {
      let model = ModelDocument.Model(
        shape: .init(located.name, files.architecture),
        fileBytes: files.checkpoint.files.reduce(0) { $0 + $1.count },
        memoryBytes: files.checkpoint.estimatedBytes, notes: notes)
      return try ModelDocument(families: nil, model: model).write()
    }
    try StandardOutput.writeLine(Self.describe(files, name: located.name, notes: notes))
  }

  private static var families: ModelDocument {
    ModelDocument(
      families: Families.all.map { .init(modelType: $0.modelType, summary: $0.summary) }, model: nil
    )
  }

  private static func line(_ family: any Family.Type) -> String {
    let name = family.modelType.column(10)
    return name + " " + family.summary
  }

  static func describe(_ files: ModelFiles, name: String, notes: [String]) -> String {
    let shape = files.architecture
    var lines = ["\(name) can be studied."]
    lines += shape.description.map { "  " + $0 }
    let bytes = files.checkpoint.files.reduce(0) { $0 + $1.count }
    lines.append(
      "  \(Quantity.bytes(bytes)) of files, \(Quantity.bytes(files.checkpoint.estimatedBytes)) of "
        + "weights in memory")
    lines += notes.map { "  note: " + $0 }
    return lines.joined(separator: "\n")
  }
}
