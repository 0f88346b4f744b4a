import Foundation
import Testing
import Yams

/// Runs the shell steps of an action, or the script of a GitLab job, as a runner does.
struct ActionRunner {
  /// What stands in `${{ … }}`, by name.
  var expressions: [String: String]
  var environment: [String: String]
  /// Scripts that stand in for programs, by the program's name.
  var stubs: [String: String]

  /// The runs of the action's shell steps, the first that fails being the last.
  func run(_ action: String, in folder: String) throws -> [CommandRun] {
    let path = ".github/actions/" + action
    let yaml = try Workflow.yaml(path + "/action.yml")
    let inputs = yaml["inputs"] as? [String: [String: Any]] ?? [:]
    let runs = try #require(yaml["runs"] as? [String: Any])
    var done: [CommandRun] = []
    for step in try #require(runs["steps"] as? [[String: Any]]) {
      guard let script = step["run"] as? String else { continue }
      #expect(step["shell"] as? String == "bash")
      var own = environment
      own["GITHUB_ACTION_PATH"] = Workflow.root.path + "/" + path
      for (name, text) in step["env"] as? [String: String] ?? [:] {
        own[name] = text.replacing(#/\$\{\{ ([^}]+) \}\}/#) { value($0.1, inputs) }
      }
      done.append(try run(script, shell: "bash", in: folder, own))
      if done.last?.status != 0 { break }
    }
    return done
  }

  /// The run of a GitLab job, whose variables may name others.
  func run(_ job: [String: Any], shell: String, in folder: String) throws -> CommandRun {
    let variables = job["variables"] as? [String: String] ?? [:]
    let exports = variables.map { "export \($0.key)=\"\($0.value)\"\n" }.joined()
    let script = try #require(job["script"] as? [String]).joined(separator: "\n")
    return try run(exports + script, shell: shell, in: folder, environment)
  }

  private func run(
    _ script: String, shell: String, in folder: String, _ environment: [String: String]
  ) throws -> CommandRun {
    // Functions reach the scripts that bash starts, too, and need no file that may be run.
    let functions = stubs.sorted { $0.key < $1.key }.map { name, file in
      "\(name)() { sh '\(file)' \"$@\"; }\n" + (shell == "bash" ? "export -f \(name)\n" : "")
    }.joined()
    return try CommandRun(
      [], in: folder, environment: environment.merging(["SCRIPT": functions + script]) { $1 },
      shell: "exec \(shell) -e -c \"$SCRIPT\"")
  }

  /// The first of the alternatives that is not empty.
  private func value(_ expression: Substring, _ inputs: [String: [String: Any]]) -> String {
    for name in expression.split(separator: "||").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      let input = name.hasPrefix("inputs.") ? inputs[String(name.dropFirst(7))] : nil
      guard let value = expressions[name] ?? input?["default"] as? String else {
        Issue.record("\(name) is not known")
        continue
      }
      if !value.isEmpty { return value }
    }
    return ""
  }
}

/// The files of the repository that forges read.
enum Workflow {
  static let root = ManualTests.root

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func yaml(_ path: String) throws -> [String: Any] {
    try #require(try Yams.load(yaml: text(path)) as? [String: Any], "\(path)")
  }

  /// The YAML in the README that begins with this comment.
  static func recipe(_ name: String) throws -> [String: Any] {
    let blocks = try text("README.md").components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    let block = try #require(blocks.first { $0.hasPrefix("# \(name)") })
    return try #require(try Yams.load(yaml: block) as? [String: Any])
  }
}
