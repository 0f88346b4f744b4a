import Foundation
import Testing

/// What the workflows, the actions and the README's recipes may do.
struct WorkflowTests {
  private static let workflows: [String] = {
    let folder = ManualTests.root.appending(path: ".github/workflows").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { ".github/workflows/" + $0 }
  }()
  private static let recipes = [
    "GitHub: .github/workflows/report.yml", "GitHub: .github/workflows/comment.yml",
  ]
  private static let actions = ["report", "comment"].map { ".github/actions/\($0)/action.yml" }

  private static func load(_ name: String) throws -> [String: Any] {
    try recipes.contains(name) ? Workflow.recipe(name) : Workflow.yaml(name)
  }

  private static func jobs(_ yaml: [String: Any]) throws -> [String: [String: Any]] {
    try #require(yaml["jobs"] as? [String: [String: Any]])
  }

  private static func steps(_ job: [String: Any]) throws -> [[String: Any]] {
    try #require(job["steps"] as? [[String: Any]])
  }

  /// What a stranger has written, such as the name of a branch, would be run as a part of a script.
  private func expectSafe(_ steps: [[String: Any]], _ place: String) {
    for step in steps {
      if let run = step["run"] as? String { #expect(!run.contains("${{"), "\(place): \(run)") }
      guard let uses = step["uses"] as? String else { continue }
      let isPinned = uses.wholeMatch(of: #/[\w\-]+/[\w.\/\-]+@([0-9a-f]{40}|COMMIT)/#) != nil
      #expect(isPinned, "\(place): \(uses)")
    }
  }

  @Test(arguments: actions) func anActionIsPinnedAndRunsNoExpression(name: String) throws {
    let runs = try #require(try Workflow.yaml(name)["runs"] as? [String: Any])
    #expect(runs["using"] as? String == "composite")
    expectSafe(try Self.steps(runs), name)
  }

  @Test(arguments: workflows + recipes) func nobodyWritesWhoRunsWhatOthersWrote(name: String)
    throws
  {
    let yaml = try Self.load(name)
    let triggers = yaml["on"] as? [String: Any] ?? [yaml["on"] as? String ?? "none": ""]
    #expect(triggers["none"] == nil && triggers["pull_request_target"] == nil)
    let general = try #require(yaml["permissions"] as? [String: String], "\(name)")
    for (id, job) in try Self.jobs(yaml) {
      let steps = try Self.steps(job)
      expectSafe(steps, "\(name), \(id)")
      let rights = job["permissions"] as? [String: String] ?? general
      guard rights.values.contains("write") else { continue }
      let uses = steps.compactMap { $0["uses"] as? String }
      #expect(!uses.contains { $0.contains("checkout") }, "\(name), \(id)")
      #expect(triggers["pull_request"] == nil, "\(name), \(id)")
      for run in steps.compactMap({ $0["run"] as? String }) {
        #expect(!run.contains("bash ") && !run.contains("./"), "\(name), \(id): \(run)")
      }
    }
  }

  @Test func theReleaseIsAttestedBeforeItIsPublished() throws {
    let jobs = try Self.jobs(Workflow.yaml(".github/workflows/release.yml"))
    #expect(jobs["make"]?["permissions"] as? [String: String] == ["contents": "read"])
    #expect(jobs["attest"]?["needs"] as? String == "make")
    #expect(jobs["publish"]?["needs"] as? String == "attest")
    let uses = try Self.steps(#require(jobs["attest"])).compactMap { $0["uses"] as? String }
    #expect(uses.contains { $0.hasPrefix("actions/attest-build-provenance@") })
    #expect(uses.contains { $0.hasPrefix("actions/attest-sbom@") })
    let script = try Self.steps(#require(jobs["make"])).compactMap { $0["run"] as? String }
    #expect(script == ["bash .github/packaging/release.sh .build-packages \"$GITHUB_REF_NAME\""])
    for name in ["release", "binary"] {
      let run = try CommandRun(
        [], in: Workflow.root.path, shell: "exec bash -n .github/packaging/\(name).sh")
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func theReleaseOnGitLabIsSignedBeforeItIsPublished() throws {
    let jobs = try Workflow.yaml(".github/packaging/gitlab-release.yml")
    func job(_ name: String) throws -> [String: Any] {
      try #require(jobs[name] as? [String: Any], "\(name)")
    }
    let make = try job("release-make")
    #expect(
      (make["script"] as? [String])?.first
        == "bash .github/packaging/release.sh .build-packages \"$CI_COMMIT_TAG\"")
    #expect(
      (make["variables"] as? [String: String])?["RUNNER_GENERATE_ARTIFACTS_METADATA"] == "true")
    let attest = try job("release-attest")
    #expect(attest["needs"] as? [String] == ["release-make"])
    let script = (attest["script"] as? [String])?.joined(separator: "\n") ?? ""
    #expect(script.contains("cosign sign-blob") && script.contains("cosign attest-blob"))
    let needs = try #require(try job("release-publish")["needs"] as? [Any])
    #expect((needs.last as? [String: Any])?["job"] as? String == "release-attest")
    // What has a token of its own runs nothing of the repository.
    for name in ["release-attest", "release-publish"] {
      let variables = try job(name)["variables"] as? [String: String]
      #expect(variables?["GIT_STRATEGY"] == "none", "\(name)")
    }
  }

  // MARK: The README's recipes

  @Test func theRecipesFitTheActions() throws {
    let report = try Workflow.recipe(Self.recipes[0])
    let comment = try Workflow.recipe(Self.recipes[1])
    #expect(report["permissions"] as? [String: String] == ["contents": "read"])
    let steps = try Self.steps(#require(Self.jobs(report)["report"]))
    let given = try #require(steps.last?["with"] as? [String: String])
    let action = try Workflow.yaml(Self.actions[0])
    let inputs = try #require(action["inputs"] as? [String: [String: Any]])
    #expect(Set(given.keys).isSubset(of: inputs.keys))
    for (name, input) in inputs {
      #expect(given[name] != nil || input["default"] is String, "\(name)")
    }
    for (steps, name) in [
      (steps, "report"), (try Self.steps(#require(Self.jobs(comment)["comment"])), "comment"),
    ] {
      #expect(
        steps.last?["uses"] as? String == "OWNER/reportgen/.github/actions/\(name)@COMMIT")
    }
    // The second workflow follows the first.
    let on = try #require(comment["on"] as? [String: Any])
    let follows = try #require(on["workflow_run"] as? [String: Any])
    #expect(follows["workflows"] as? [String] == [try #require(report["name"] as? String)])

    let lab = try Workflow.recipe("GitLab")
    let template = try Workflow.text(".github/actions/report/gitlab.yml")
    for name in try #require(lab["variables"] as? [String: String]).keys {
      #expect(template.contains("#     \(name): "), "\(name)")
    }
  }
}
