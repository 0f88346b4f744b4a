import Foundation
import Testing

/// Standard output: what cannot be written is an error, and a reader who has had enough is none.
struct StandardOutputTests {
  private static let commands: [[String]] = [
    ["summary", TinyStudy.report], ["check", TinyStudy.report], ["verify", TinyStudy.report],
    ["compare", TinyStudy.report, TinyStudy.report],
    ["compare", TinyStudy.report, TinyStudy.report, "--format", "json"],
    ["compare", TinyStudy.report, TinyStudy.report, "--format", "html"],
    ["plan", "study.yml"], ["init", "--demo"], ["init", "new"], ["activations", "study.yml", "ae"],
    ["tokens", "model", "ae", "i"], ["tokens", "model", "ae", "--json"], ["models"],
    ["models", "model"], ["build", "study.yml"], ["render"], ["templates", "--export", "own"],
    ["cache"],
    ["cache", "clear"], ["--version"], [], ["--help"], ["help"], ["help", "build"],
    ["build", "--help"], ["cache", "list", "--help"], ["--generate-completion-script", "bash"],
  ]

  private static func built() throws -> TinyStudy {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    return study
  }

  @Test(.enabled(if: access("/dev/full", F_OK) == 0, "the system has no /dev/full"))
  func aFullDiskIsTold() throws {
    let study = try Self.built()
    for command in Self.commands {
      let run = try study.run(command, shell: "exec \"$@\" >/dev/full")
      #expect(run.status == 4, "\(command): \(run.status) \(run.errors)")
      #expect(
        run.errors.contains("error: standard output: expected to write all of it, found No space"),
        "\(command): \(run.errors)")
      try? study.folder.remove("new.yml")
      try? study.folder.remove("own")
    }
    // The work is done all the same, on every study.
    let two = try study.run(
      ["build", "study.yml", "demo", "--site", "Two"], shell: "exec \"$@\" >/dev/full")
    #expect(two.status == 4 && study.folder.names(in: "Two/reports").contains("demo/index.html"))
    #expect(try study.run(["verify", TinyStudy.report]).status == 0)
  }

  @Test func aStreamThatCannotBeWrittenIsTold() throws {
    let study = try Self.built()
    for command in [["summary", TinyStudy.report], ["--help"]] {
      let run = try study.run(command, shell: "exec \"$@\" 1</dev/null")
      #expect(run.status == 4 && run.errors.contains("standard output"), "\(run.errors)")
    }
    let limited = try study.run(
      ["summary", TinyStudy.report], shell: "ulimit -f 2; exec \"$@\" >out")
    #expect(limited.status == 4 && limited.errors.contains("File too large"), "\(limited.errors)")
  }

  @Test func aClosedPipeStaysQuiet() throws {
    let study = try Self.built()
    for command in Self.commands {
      // The status is the command's own, not the pipe's.
      let run = try study.run(
        command, shell: "{ sleep 0.05; \"$@\"; echo $? >status; } | true; cat status")
      #expect(run.output == "0\n", "\(command): \(run.output) \(run.errors)")
      #expect(!run.errors.contains("error:") && !run.errors.contains("roken"), "\(run.errors)")
      try? study.folder.remove("new.yml")
      try? study.folder.remove("own")
    }
  }

  @Test func standardInputMayBeAnything() throws {
    let study = try TinyStudy()
    try study.folder.write("\"ae\"\n\"i\"\n", to: "lines")
    for (shell, status, words) in [
      ("exec \"$@\" <lines", 0, "\"ids\""), ("cat lines | \"$@\"", 0, "\"ids\""),
      ("exec \"$@\" </dev/null", 0, ""), ("exec \"$@\" <&-", 0, ""),
      ("exec \"$@\" <.", 4, "standard input"), ("exec \"$@\" 0>out", 4, "standard input"),
    ] as [(String, Int32, String)] {
      let run = try study.run(["tokens", "model", "--lines", "-"], shell: shell)
      #expect(run.status == status, "\(shell): \(run.status) \(run.errors)")
      #expect(words.isEmpty || (run.output + run.errors).contains(words), "\(run.errors)")
    }
  }

  @Test func failuresKeepTheirCodesAndBeginAlike() throws {
    let study = try TinyStudy()
    for (command, status) in [(["--no-such-option"], 2), (["check", "absent"], 3)]
      as [([String], Int32)]
    {
      let run = try study.run(command, shell: "exec \"$@\" >/dev/null")
      #expect(run.status == status && run.errors.hasPrefix("error: "), "\(run.errors)")
    }
  }
}
