import ArgumentParser
import Diagnostics
import Reporting

/// `reportgen check`: checks a report against the expectations of its study.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Checks a report or an atlas against its file's expectations; exit code 1 when one fails.")

  @Argument(
    help: "The report's or atlas's folder, or its findings.json.", completion: .file())
  var report: String

  @OptionGroup var output: JSONArgument

  func run() throws {
    let checks = try PublishedWork(at: report).checks
    if output.isJSON {
      try CheckDocument(checks).write()
    } else {
      try tell(checks)
    }
    if !checks.allSatisfy(\.holds) { throw ExitCode(Diagnostic.Kind.expectation.rawValue) }
  }

  private func tell(_ checks: [CheckResult]) throws {
    for check in checks { try StandardOutput.writeLine(check.line) }
    if checks.isEmpty {
      try StandardOutput.writeLine("The study expects nothing; add `expect:` to it.")
    }
  }
}
