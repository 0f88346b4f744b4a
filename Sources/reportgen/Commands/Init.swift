import ArgumentParser
import Diagnostics
import Foundation
import StudyFile

/// `reportgen init`: a study file to start from.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a commented study file, or prints the demo's.")

  @Argument(help: "The study's name; NAME.yml is written, never over a file that is there.")
  var name: String?

  @Flag(help: "Print the demo's study file instead.")
  var demo = false

  func validate() throws {
    if demo == (name != nil) {
      throw ValidationError("Give a NAME, or --demo to print the demo's study file.")
    }
  }

  func run() throws {
    guard let name else {
      print(try StudyTemplate.demo(), terminator: "")
      return
    }
    let path = name.hasSuffix(".yml") || name.hasSuffix(".yaml") ? name : name + ".yml"
    let title = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let text = try StudyTemplate.text(title: title)
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Diagnostic(
        .study, file: path, expected: "a name that is free", found: "a file of this name",
        advice: "Choose another name, or move the file away.")
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
    } catch {
      throw Diagnostic(
        .resources, file: path, expected: "a file that can be written",
        found: error.localizedDescription, advice: "Check the folder and its permissions.")
    }
    print("Wrote \(path). Next: reportgen plan \(path)")
  }
}
