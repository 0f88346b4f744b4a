import ArgumentParser
import Corpora
import Diagnostics
import LanguageModel
import Passes
import Reporting
import StudyFile
import Tokenization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen corpus`: shows the first documents of each corpus, as the program reads them.
struct ShowCorpora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "Shows the first documents of each of a study's corpora, with their tokens.",
    discussion: """
      Tokens stand between bars, their outer spaces as ␣. How many documents were read, matched \
      and taken is said for each corpus. No weight of the model is read.
      """)

  @Argument(
    help: "A study file, or a built-in study: \(StudyArguments.builtIn).",
    completion: .file(extensions: ["yml", "yaml"]))
  var study: String

  @Option(help: ArgumentHelp("Documents that are shown of each corpus.", valueName: "count"))
  var documents = 3

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp(
      "The folder that relative corpus paths start at, instead of the study's own.",
      valueName: "folder"), completion: .directory)
  var corporaFolder: String?

  func validate() throws {
    if documents < 1 {
      throw ValidationError("--documents takes a number from 1, found \(documents).")
    }
  }

  func run() throws {
    let file = try StudyArguments.file(study)
    var faults = FaultList()
    let corpora = faults.attempt { try StudyCorpora(loading: file, folder: corporaFolder) }
    let model = faults.attempt {
      try ResolvedStudy.tokenizer(of: file, environment: ProcessInfo.processInfo.environment)
    }
    try faults.check()
    guard let corpora, let (tokenizer, context) = model else { return }
    let listings = corpora.all.map { corpus in
      CorpusListing(corpus, first: documents, context: context) { text in
        tokenizer.encode(text).map { tokenizer.string(of: $0.id) }
      }.text
    }
    try StandardOutput.writeLine(listings.joined(separator: "\n\n"))
  }
}
