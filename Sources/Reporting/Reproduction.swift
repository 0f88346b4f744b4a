import JSON
import ReportModel
import StudyFile

/// The section "Reproduce": the commands that make, check and render this report again.
struct Reproduction {
  private let report: Report

  init(_ report: Report) {
    self.report = report
  }

  var section: Section {
    Section(
      id: "reproduce", title: "Reproduce",
      blocks: [.code(commands.joined(separator: "\n"), language: "sh"), .prose(explanation)])
  }

  private var study: FindingsStudy { report.study }

  private var commands: [String] {
    let folder = "Site/reports/\(report.slug)"
    var build = "reportgen build \(isBuiltIn ? report.slug : "STUDY.yml")"
    if isBuiltIn, namesModel { build += " --model \(Self.shellWord(study.file.model))" }
    if !files.isEmpty, isBuiltIn { build += " --corpora DIR" }
    return download + [build, "reportgen check \(folder)", "reportgen render \(folder)"]
  }

  /// The command that downloads the model; only a model of the hub has a revision.
  private var download: [String] {
    if isBuiltIn, let built = BuiltInStudy(rawValue: report.slug),
      let own = try? BuiltInStudy.named(report.slug), own.model == study.file.model,
      let command = built.modelDownload
    {
      return [command]
    }
    guard let revision = study.model.revision else { return [] }
    let words = [study.model.name, "--revision", revision]
    return ["hf download " + words.map(Self.shellWord).joined(separator: " ")]
  }

  private var explanation: String {
    let names = files.map { Markdown.code($0) }.joined(separator: ", ")
    let inputs =
      isBuiltIn
      ? files.isEmpty
        ? "The study\(namesModel ? "" : ", its model") and its corpora are part of the program."
        : "The study is part of the program; DIR is the folder that holds \(names)."
      : "The study's values stand under `study` in [findings.json](findings.json)."
    return """
      \(inputs) [findings.json](findings.json) holds every number of this report; \
      [provenance.json](provenance.json) the checksums of the study, the model and the corpora, the \
      program's version, the machine and the time it took.
      """
  }

  /// The corpus files that are not built into the program.
  private var files: [String] {
    study.corpora.flatMap(\.path.patterns).filter { !$0.hasPrefix("builtin:") }
  }

  /// Whether the command names the model: the study's is a file on disk, or another was studied.
  private var namesModel: Bool {
    guard let own = try? BuiltInStudy.named(report.slug) else { return false }
    return own.model != study.file.model || own.model.hasSuffix(".gguf")
  }

  /// Whether the program carries this very study, its model aside, which the command may name;
  /// compared as files hold it, with nine digits.
  private var isBuiltIn: Bool {
    guard var own = try? BuiltInStudy.named(report.slug) else { return false }
    own.model = study.file.model
    guard let built = try? JSON(encoding: own, file: ""),
      let found = try? JSON(encoding: study.file, file: "")
    else { return false }
    return built.text == found.text
  }

  /// `text` quoted as one word of a shell.
  private static func shellWord(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_./".unicodeScalars.contains($0))
    }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
