import Foundation
import Testing
import Yams

/// The README's recipes for a forge: they parse, and their shell steps run.
struct RecipeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Stands in for the program: notes how it was called, and refuses an option that the program,
  /// where it is built, does not have.
  static let stub = """
    #!/bin/sh
    echo "$*" >> "$LOG"
    if [ -x "$REPORTGEN" ]; then
      for word; do
        case $word in
        --*) "$REPORTGEN" "$1" --help | grep -q -e "$word" || exit 2 ;;
        esac
      done
    fi
    if [ "$1" = summary ]; then echo "<!-- reportgen:my-study -->"; fi
    """

  private func recipe(_ name: String) throws -> [String: Any] {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let blocks = readme.components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    let block = try #require(blocks.first { $0.hasPrefix("# \(name)") })
    return try #require(try Yams.load(yaml: block) as? [String: Any])
  }

  /// Runs the steps that call the program, in a folder of their own, as a runner does.
  private func calls(_ steps: [String], hasBase: Bool = false) throws -> [String] {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "recipe-" + UUID().uuidString)
    defer { try? files.removeItem(at: folder) }
    let base = folder.appending(path: "base/Site/reports/my-study")
    try files.createDirectory(
      at: hasBase ? base : folder, withIntermediateDirectories: true)
    let program = folder.appending(path: "reportgen")
    try Data(Self.stub.utf8).write(to: program)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    for step in steps where step.contains("reportgen ") {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-e", "-c", step]
      process.currentDirectoryURL = folder
      process.environment = [
        "PATH": "\(folder.path):/usr/bin:/bin", "LOG": folder.path + "/log",
        "REPORTGEN": Self.root.path + "/.build/release/reportgen",
        "GITHUB_STEP_SUMMARY": folder.path + "/step", "HEAD": "https://forge/raw/1",
        "CI_PROJECT_URL": "https://forge/p", "CI_COMMIT_SHA": "1",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(step)")
    }
    let summary = try String(contentsOf: folder.appending(path: "summary.md"), encoding: .utf8)
    #expect(summary == "<!-- reportgen:my-study -->\n")
    return try String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: [false, true])
  func theGitHubStepsRun(hasBase: Bool) throws {
    let recipe = try recipe("GitHub")
    let jobs = try #require(recipe["jobs"] as? [String: [String: Any]])
    let steps = try #require(jobs["report"]?["steps"] as? [[String: Any]])
    let uses = steps.compactMap { $0["uses"] as? String }
    #expect(uses.allSatisfy { $0.hasPrefix("actions/") })
    let comment = try #require(steps.first { ($0["uses"] as? String)?.contains("script") == true })
    #expect((comment["if"] as? String)?.contains("head.repo.full_name") == true)
    let calls = try calls(steps.compactMap { $0["run"] as? String }, hasBase: hasBase)
    let from = hasBase ? " --base base/Site/reports/my-study" : ""
    #expect(
      calls == [
        "build study.yml --single-file report.html",
        "summary Site/reports/my-study --link-base https://forge/raw/1/Site/reports/my-study"
          + from,
        "check Site/reports/my-study",
      ])
  }

  @Test func theGitLabStepsRun() throws {
    let recipe = try recipe("GitLab")
    let job = try #require(recipe["report"] as? [String: Any])
    let calls = try calls(try #require(job["script"] as? [String]))
    #expect(
      calls == [
        "build study.yml --single-file report.html",
        "summary Site/reports/my-study "
          + "--link-base https://forge/p/-/raw/1/Site/reports/my-study",
        "check Site/reports/my-study",
      ])
    let comment = try #require(recipe["comment"] as? [String: Any])
    #expect((comment["script"] as? [String])?.contains { $0.contains("curl") } == true)
  }
}
