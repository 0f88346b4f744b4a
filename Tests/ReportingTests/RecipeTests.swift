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

  /// Shell functions that stand in for programs. A program just written may not be run while another
  /// test starts a process, which holds the file open for writing until it has begun.
  private static func functions(_ stubs: [String: String], in folder: URL) throws -> String {
    try stubs.sorted { $0.key < $1.key }.map { name, stub in
      let file = folder.appending(path: name + ".sh")
      try Data((stub + "\n").utf8).write(to: file)
      return "\(name)() { sh '\(file.path)' \"$@\"; }\n"
    }.joined()
  }

  /// Runs the steps that call the program, in a folder of their own, as a runner does.
  private func calls(_ steps: [String], hasBase: Bool = false) throws -> [String] {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "recipe-" + UUID().uuidString)
    defer { try? files.removeItem(at: folder) }
    let base = folder.appending(path: "base/Site/reports/my-study")
    try files.createDirectory(
      at: hasBase ? base : folder, withIntermediateDirectories: true)
    let functions = try Self.functions(["reportgen": Self.stub], in: folder)
    for step in steps where step.contains("reportgen ") || step.contains("committed.json") {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-e", "-c", functions + step]
      process.currentDirectoryURL = folder
      process.environment = [
        "PATH": "/usr/bin:/bin", "LOG": folder.path + "/log",
        "REPORTGEN": Self.root.path + "/.build/release/reportgen",
        "GITHUB_STEP_SUMMARY": folder.path + "/step", "HEAD": "https://forge/raw/1",
        "NUMBER": "2",
        "CI_PROJECT_URL": "https://forge/p", "CI_COMMIT_SHA": "1",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(step)")
    }
    let place = files.fileExists(atPath: folder.path + "/comment") ? "comment/" : ""
    let summary = try String(
      contentsOf: folder.appending(path: place + "summary.md"), encoding: .utf8)
    #expect(summary == "<!-- reportgen:my-study -->\n")
    return try String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: [false, true])
  func theGitHubStepsRun(hasBase: Bool) throws {
    let recipe = try recipe("GitHub: .github/workflows/report.yml")
    // Whatever a fork's study does in there, it can write nothing.
    #expect(recipe["permissions"] as? [String: String] == ["contents": "read"])
    let jobs = try #require(recipe["jobs"] as? [String: [String: Any]])
    let steps = try #require(jobs["report"]?["steps"] as? [[String: Any]])
    let uses = steps.compactMap { $0["uses"] as? String }
    #expect(uses.allSatisfy { $0.hasPrefix("actions/") && !$0.contains("script") })
    let calls = try calls(steps.compactMap { $0["run"] as? String }, hasBase: hasBase)
    let from = hasBase ? " --base base/Site/reports/my-study" : ""
    #expect(
      calls == [
        "build study.yml --single-file report.html",
        "summary Site/reports/my-study --link-base https://forge/raw/1/Site/reports/my-study"
          + " --committed committed.json" + from,
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
  }

  // MARK: Posting or updating the one comment

  private static func has(_ tool: String) -> Bool {
    ["/usr/bin/", "/usr/local/bin/", "/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + tool)
    }
  }

  /// Runs `program` with `arguments`, the last of which is a script, in a folder with a summary; the
  /// lines that it leaves in `log`.
  private func posted(
    _ program: String, _ arguments: [String], stubs: [String: String] = [:],
    environment: [String: String] = [:]
  ) throws -> [String] {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "comment-" + UUID().uuidString)
    defer { try? files.removeItem(at: folder) }
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("<!-- reportgen:my-study -->\n\n\"Text\"\n".utf8)
      .write(to: folder.appending(path: "summary.md"))
    try Data("2\n".utf8).write(to: folder.appending(path: "number"))
    let functions = try Self.functions(stubs, in: folder)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments.dropLast() + [functions + (arguments.last ?? "")]
    process.currentDirectoryURL = folder
    process.environment = environment.merging([
      "PATH": "/usr/local/bin:/usr/bin:/bin", "LOG": folder.path + "/log",
    ]) { own, _ in own }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test(.enabled(if: has("jq"), "needs jq"), arguments: [false, true])
  func theGitLabJobPostsOneComment(isThere: Bool) throws {
    let recipe = try recipe("GitLab")
    let job = try #require(recipe["comment"] as? [String: Any])
    let script = try #require(job["script"] as? [String]).joined(separator: "\n")
    let own = #"{"id": 7, "body": "<!-- reportgen:my-study -->\\nold"}"#
    let notes = #"[{"id": 3, "body": "by somebody"}"# + (isThere ? ", \(own)]" : "]")
    let log = try posted(
      "sh", ["-e", "-c", script],
      stubs: [
        "apk": "true",
        "curl": """
        for word; do
          case $word in
          *per_page=*) echo '\(notes)'; exit ;;
          PUT|POST) method=$word ;;
          esac
        done
        echo "$method $word $(jq -r .body | head -n 1)" >> "$LOG"
        """,
      ],
      environment: [
        "CI_API_V4_URL": "https://forge/api/v4", "CI_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_IID": "2", "REPORT_TOKEN": "t",
      ])
    let address = "https://forge/api/v4/projects/1/merge_requests/2/notes"
    #expect(
      log == [
        (isThere ? "PUT \(address)/7" : "POST \(address)") + " <!-- reportgen:my-study -->"
      ])
  }

  /// The workflow that may write runs after the other, and nothing of the fork's.
  @Test func theCommentingWorkflowChecksNothingOut() throws {
    let recipe = try recipe("GitHub: .github/workflows/comment.yml")
    let jobs = try #require(recipe["jobs"] as? [String: [String: Any]])
    let steps = try #require(jobs["comment"]?["steps"] as? [[String: Any]])
    let uses = steps.compactMap { $0["uses"] as? String }
    #expect(uses.count == steps.count && !uses.contains { $0.contains("checkout") })
    #expect(!steps.contains { $0["run"] != nil })
  }

  @Test(.enabled(if: has("node"), "needs node"), arguments: [false, true])
  func theGitHubScriptPostsOneComment(isThere: Bool) throws {
    let recipe = try recipe("GitHub: .github/workflows/comment.yml")
    let jobs = try #require(recipe["jobs"] as? [String: [String: Any]])
    let steps = try #require(jobs["comment"]?["steps"] as? [[String: Any]])
    let with = try #require(
      steps.compactMap { $0["with"] as? [String: Any] }.last {
        $0["script"] != nil
      })
    let script = try #require(with["script"] as? String)
    let bot = #"{ id: 7, user: { type: "Bot" }, body: "<!-- reportgen:my-study -->\nold" }"#
    let surroundings = """
      const note = (what) => (given) => require("fs").appendFileSync(process.env.LOG,
        `${what} ${given.comment_id ?? given.issue_number} ${given.body.split("\\n")[0]}\\n`);
      const context = { repo: { owner: "o", repo: "r" },
        payload: { workflow_run: { head_sha: "abc" } } };
      const comments = [{ id: 3, user: { type: "User" }, body: "<!-- reportgen:my-study -->" }]
        .concat(\(isThere ? bot : "[]"));
      const github = { paginate: async () => comments, rest: {
        pulls: { get: async () => ({ data: { head: { sha: "abc" } } }) },
        issues: { listComments: null, updateComment: note("update"), createComment: note("create") } } };
      (async () => { \(script) })();
      """
    let log = try posted("node", ["-e", surroundings])
    #expect(
      log == [(isThere ? "update 7" : "create 2") + " <!-- reportgen:my-study -->"])
  }
}
