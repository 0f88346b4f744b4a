import Foundation
import Storage
import Testing

/// The actions of `.github/actions` and the template for GitLab: their shell steps run here, with the
/// program that is built and a repository on disk.
struct ActionTests {
  private static let report = TinyStudy.report

  /// Stands in for the download: notes the address and copies a file.
  private static let download = """
    while [ $# -gt 0 ]; do
      case $1 in
      -o) shift; cp "$SOURCE" "$1" ;;
      https://*) echo "$1" >> "$LOG" ;;
      esac
      shift
    done
    """

  /// A clone on a branch that changes a prompt, as a runner has it; `main` has a report or none.
  private static func clone(hasBase: Bool, outside: ScratchFolder) throws -> TinyStudy {
    let study = try TinyStudy()
    if hasBase { try #expect(study.build().status == 0) }
    let origin = outside.path + "/origin.git"
    try run(
      """
      git init -q -b main .
      git add -A
      git commit -q -m base
      git clone -q --bare . '\(origin)'
      git remote add origin '\(origin)'
      git checkout -q -b change
      """, in: study.folder.path,
      [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
      ])
    try study.study("text: \"ae\"", "text: \"ei\"")
    // What is released is a file that runs by itself.
    try outside.write("#!/bin/sh\nexec '\(CommandRun.program)' \"$@\"\n", to: "released")
    try outside.write(download, to: "download.sh")
    return study
  }

  private static func run(_ script: String, in folder: String, _ environment: [String: String])
    throws
  {
    let run = try CommandRun([], in: folder, environment: environment, shell: "set -e\n" + script)
    #expect(run.status == 0, "\(run.errors)")
  }

  /// The folder of the runner, and what its expressions are worth.
  private static func runner(_ outside: ScratchFolder) throws -> ActionRunner {
    ActionRunner(
      expressions: [
        "inputs.url": "https://forge/reportgen", "inputs.study": "study.yml",
        "inputs.sha256": try FileBytes(reading: outside.path + "/released").sha256,
        "inputs.report": report, "runner.temp": outside.path, "github.base_ref": "main",
        "github.server_url": "https://forge", "github.repository": "base/r", "github.sha": "1",
        "github.event.pull_request.head.repo.full_name": "fork/r",
        "github.event.pull_request.head.sha": "abc", "github.event.pull_request.number": "2",
      ],
      environment: [
        "SOURCE": outside.path + "/released", "LOG": outside.path + "/log",
        "GITHUB_STEP_SUMMARY": outside.path + "/step",
      ],
      stubs: ["curl": outside.path + "/download.sh"])
  }

  // MARK: The report

  @Test(arguments: [false, true]) func theActionsStepsRun(hasBase: Bool) throws {
    let outside = try ScratchFolder()
    let study = try Self.clone(hasBase: hasBase, outside: outside)
    let steps = try Self.runner(outside).run("report", in: study.folder.path)
    #expect(steps.map(\.status) == [0, 0, 0], "\(steps.map(\.errors))")
    #expect(outside.text("log") == "https://forge/reportgen\n")
    try Self.expectOutput(in: outside, "reportgen/output", hasBase: hasBase)
    let summary = outside.text("reportgen/output/comment/summary.md")
    #expect(summary.contains("https://forge/fork/r/raw/abc/Site/reports/tiny"))
    #expect(outside.text("reportgen/output/comment/number") == "2\n")
    #expect(outside.text("step") == summary)
  }

  private static func expectOutput(in folder: ScratchFolder, _ output: String, hasBase: Bool)
    throws
  {
    #expect(folder.text(output + "/report.html").hasPrefix("<!doctype html>"))
    let summary = folder.text(output + "/comment/summary.md")
    #expect(summary.hasPrefix("<!-- reportgen:tiny -->\n"))
    // The prompt is what the branch changed.
    let comparison = folder.text(output + "/comparison.md")
    #expect(comparison.contains("prompts") == hasBase, "\(comparison)")
    #expect(folder.names(in: output).contains("base.json"))
    #expect(folder.text(output + "/base.json").isEmpty == !hasBase)
  }

  @Test func whatFailsAnExpectationIsKeptFirst() throws {
    let outside = try ScratchFolder()
    let study = try Self.clone(hasBase: true, outside: outside)
    try study.study("at_least: 0.5", "at_least: 2")
    let steps = try Self.runner(outside).run("report", in: study.folder.path)
    #expect(steps.map(\.status) == [0, 0, 1], "\(steps.map(\.errors))")
    #expect(!outside.text("reportgen/output/report.html").isEmpty)
  }

  @Test func aProgramWithAnotherChecksumIsNotRun() throws {
    let outside = try ScratchFolder()
    let study = try Self.clone(hasBase: false, outside: outside)
    let runner = try Self.runner(outside)
    try outside.write("#!/bin/sh\ntouch '\(outside.path)/ran'\n", to: "released")
    let steps = try runner.run("report", in: study.folder.path)
    #expect(steps.map(\.status) == [3])
    #expect(steps[0].errors.contains("expected SHA-256"))
    #expect(outside.names(in: "reportgen/bin").isEmpty)
    #expect(!outside.names.contains("ran"))
  }

  @Test(arguments: ["sh", "bash"]) func theGitLabJobRunsTheSame(shell: String) throws {
    let template = try Workflow.yaml(".github/actions/report/gitlab.yml")
    let job = try #require(template["neuron-report"] as? [String: Any])
    let script = try #require(job["script"] as? [String])
    for (block, name) in zip(script, ["install", "report", "check"]) {
      #expect(try block == Workflow.text(".github/actions/report/\(name).sh"), "\(name).sh")
    }
    let outside = try ScratchFolder()
    let study = try Self.clone(hasBase: true, outside: outside)
    // What a merge request has left in the folder of the programs is not run.
    try study.folder.write("touch ran", to: ".reportgen/bin/sha256sum")
    try Self.run("chmod 755 .reportgen/bin/sha256sum", in: study.folder.path, [:])
    var runner = try Self.runner(outside)
    for (name, value) in [
      ("CI_PROJECT_DIR", study.folder.path), ("CI_PROJECT_URL", "https://forge/p"),
      ("CI_COMMIT_SHA", "abc"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
      ("REPORTGEN_URL", "https://forge/reportgen"), ("REPORTGEN_STUDY", "study.yml"),
      ("REPORTGEN_REPORT", Self.report), ("GITHUB_STEP_SUMMARY", ""),
      ("REPORTGEN_SHA256", runner.expressions["inputs.sha256"] ?? ""),
    ] {
      runner.environment[name] = value
    }
    let run = try runner.run(job, shell: shell, in: study.folder.path)
    #expect(run.status == 0, "\(run.errors)")
    try Self.expectOutput(in: study.folder, ".reportgen/output", hasBase: true)
    let summary = study.folder.text(".reportgen/output/comment/summary.md")
    #expect(summary.contains("https://forge/p/-/raw/abc/Site/reports/tiny"))
    #expect(!study.folder.names.contains("ran"))
  }

  // MARK: The comment

  /// Stands in for the forge: pull request 2 is at `abc`, the comments are in files, and what would be
  /// written is noted.
  private static let forge = """
    method=GET
    for word; do
      case $word in
      POST|PUT|PATCH) method=$word ;;
      @-) line=$(jq -r .body | head -n 1) ;;
      https://*) address=$word ;;
      esac
    done
    case "$method $address" in
    GET*/pulls/2) echo '{"head": {"sha": "abc"}}' ;;
    GET*/user) echo '{"id": 9}' ;;
    GET*) cat "$COMMENTS${address##*&page=}" ;;
    *) echo "$method $address $line" >> "$LOG" ;;
    esac
    """
  private static let mark = "<!-- reportgen:tiny -->"

  /// A folder with a comment, a forge's comments of which the last may be this program's own, and a
  /// runner.
  private static func comment(isThere: Bool) throws -> (ScratchFolder, ActionRunner) {
    let folder = try ScratchFolder()
    try folder.write(mark + "\n\n\"Text\"\n", to: "reportgen/comment/summary.md")
    try folder.write("2\n", to: "reportgen/comment/number")
    try folder.write(forge, to: "forge.sh")
    // A full page by others, one of whom has copied the mark.
    let others = (1...100).map {
      #"{"id": \#($0), "user": {"type": "User"}, "author": {"id": 1},"#
        + #" "body": "\#($0 == 3 ? mark : "hello")"}"#
    }
    let own = #"{"id": 700, "user": {"type": "Bot"}, "author": {"id": 9}, "body": "\#(mark)\nold"}"#
    try folder.write("[\(others.joined(separator: ","))]", to: "comments1")
    try folder.write("[\(isThere ? own : "")]", to: "comments2")
    return (
      folder,
      ActionRunner(
        expressions: [
          "runner.temp": folder.path, "github.token": "t",
          "github.event.workflow_run.head_sha": "abc",
        ],
        environment: [
          "LOG": folder.path + "/log", "COMMENTS": folder.path + "/comments",
          "GITHUB_API_URL": "https://api.forge", "GITHUB_REPOSITORY": "o/r",
        ],
        stubs: ["curl": folder.path + "/forge.sh"])
    )
  }

  @Test(.enabled(if: ManualTests.has("jq"), "needs jq"), arguments: [false, true])
  func oneCommentIsPostedOnGitHub(isThere: Bool) throws {
    let (folder, runner) = try Self.comment(isThere: isThere)
    let steps = try runner.run("comment", in: folder.path)
    #expect(steps.map(\.status) == [0], "\(steps.map(\.errors))")
    let api = "https://api.forge/repos/o/r/issues/"
    #expect(
      folder.text("log")
        == (isThere ? "PATCH \(api)comments/700" : "POST \(api)2/comments") + " \(Self.mark)\n")
  }

  @Test(
    .enabled(if: ManualTests.has("jq"), "needs jq"),
    arguments: [
      ("rm summary.md; ln -s /etc/passwd summary.md", "a link"),
      ("rm number; ln -s /etc/passwd number", "a link"),
      ("printf '2/../3' > number", "the number"), ("printf '' > number", "the number"),
      ("sed -i 's/reportgen/other/' summary.md", "the mark"),
    ])
  func aForgedCommentIsRefused(change: String, word: String) throws {
    let (folder, runner) = try Self.comment(isThere: true)
    try Self.run(change, in: folder.path + "/reportgen/comment", [:])
    let steps = try runner.run("comment", in: folder.path)
    #expect(steps.map(\.status) == [3])
    #expect(steps[0].errors.contains(word), "\(steps[0].errors)")
    #expect(folder.text("log").isEmpty)
  }

  @Test(.enabled(if: ManualTests.has("jq"), "needs jq"))
  func theCommentOfAnotherCommitIsRefused() throws {
    let (folder, given) = try Self.comment(isThere: true)
    var runner = given
    runner.expressions["github.event.workflow_run.head_sha"] = "def"
    let steps = try runner.run("comment", in: folder.path)
    #expect(steps.map(\.status) == [3])
    #expect(steps[0].errors.contains("to be at def, found abc"))
    #expect(folder.text("log").isEmpty)
  }

  @Test(.enabled(if: ManualTests.has("jq"), "needs jq"), arguments: [false, true])
  func oneCommentIsPostedOnGitLab(isThere: Bool) throws {
    let template = try Workflow.yaml(".github/actions/report/gitlab.yml")
    let job = try #require(template["neuron-report-comment"] as? [String: Any])
    let script = try #require(job["script"] as? [String])
    #expect(try script.last == Workflow.text(".github/actions/comment/comment.sh"))
    let (folder, given) = try Self.comment(isThere: isThere)
    var runner = given
    try folder.write("true", to: "apk.sh")
    runner.stubs["apk"] = folder.path + "/apk.sh"
    try Self.run("mkdir .reportgen; mv reportgen .reportgen/output", in: folder.path, [:])
    for (name, value) in [
      ("CI_API_V4_URL", "https://forge/api/v4"), ("CI_PROJECT_ID", "1"),
      ("CI_PROJECT_DIR", folder.path), ("CI_MERGE_REQUEST_IID", "2"), ("REPORT_TOKEN", "t"),
      ("GITHUB_REPOSITORY", ""),
    ] {
      runner.environment[name] = value
    }
    let run = try runner.run(job, shell: "sh", in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let notes = "https://forge/api/v4/projects/1/merge_requests/2/notes"
    #expect(
      folder.text("log") == (isThere ? "PUT \(notes)/700" : "POST \(notes)") + " \(Self.mark)\n")
  }

  // MARK: The release on GitLab

  /// Stands in for the forge: a release is there when the file `there` is; what is sent is noted.
  private static let releases = """
    for word; do
      case $previous in
      -X) method=$word ;;
      --upload-file) method=PUT; file=$word ;;
      --data-binary) cat > body.json ;;
      esac
      case $word in https://*) address=$word ;; esac
      previous=$word
    done
    if [ -z "$method" ]; then [ -e ../there ]; exit; fi
    echo "$method $address $file" >> "$LOG"
    """

  private static func publish(_ change: String) throws -> (run: CommandRun, folder: ScratchFolder) {
    let template = try Workflow.yaml(".github/packaging/gitlab-release.yml")
    let job = try #require(template["release-publish"] as? [String: Any])
    let folder = try ScratchFolder()
    try folder.write(releases, to: "forge.sh")
    try folder.write("true", to: "apk.sh")
    try folder.write("a program", to: "release/reportgen")
    try folder.write("a wheel", to: "release/reportgen-1.whl")
    try Self.run(
      "cd release; sha256sum reportgen reportgen-1.whl > SHA256SUMS; cd ..; " + change,
      in: folder.path, [:])
    let runner = ActionRunner(
      expressions: [:],
      environment: [
        "LOG": folder.path + "/log", "CI_API_V4_URL": "https://forge/api/v4", "CI_PROJECT_ID": "1",
        "CI_COMMIT_TAG": "0.1.0", "CI_JOB_TOKEN": "t",
      ],
      stubs: ["curl": folder.path + "/forge.sh", "apk": folder.path + "/apk.sh"])
    return (try runner.run(job, shell: "sh", in: folder.path), folder)
  }

  @Test(.enabled(if: ManualTests.has("jq"), "needs jq")) func aReleaseOnGitLabHasEveryFile() throws
  {
    let (run, folder) = try Self.publish("true")
    #expect(run.status == 0, "\(run.errors)")
    let names = ["SHA256SUMS", "reportgen", "reportgen-1.whl"]
    let project = "https://forge/api/v4/projects/1/"
    let files = project + "packages/generic/reportgen/0.1.0/"
    #expect(
      folder.text("log")
        == names.map { "PUT \(files)\($0) \($0)\n" }.joined() + "POST \(project)releases \n")
    let body = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.text("release/body.json").utf8))
        as? [String: Any])
    #expect(body["tag_name"] as? String == "0.1.0")
    #expect(body["description"] as? String == folder.text("release/SHA256SUMS"))
    let links = (body["assets"] as? [String: [[String: String]]])?["links"]
    #expect(links == names.map { ["name": $0, "url": files + $0] })
  }

  @Test(
    .enabled(if: ManualTests.has("jq"), "needs jq"),
    arguments: [
      ("touch there", "expected none, found one"), ("echo >> release/reportgen", "reportgen"),
    ])
  func aReleaseThatIsThereOrWasChangedIsNotPublished(change: String, word: String) throws {
    let (run, folder) = try Self.publish(change)
    #expect(run.status != 0)
    #expect((run.errors + run.output).contains(word), "\(run.errors)")
    #expect(folder.text("log").isEmpty)
  }
}
