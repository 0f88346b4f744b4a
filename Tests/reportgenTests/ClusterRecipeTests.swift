import Foundation
import StudyFile
import Testing

/// `reportgen init --cluster`: the recipes that run a study on many machines.
struct ClusterRecipeTests {
  private static func refused(
    _ arguments: [String], _ words: String, in folder: ScratchFolder
  ) throws {
    let before = folder.names
    let run = try CommandRun(["init"] + arguments, in: folder.path)
    #expect(run.status == 2, "\(arguments): \(run.errors)")
    #expect(run.errors.contains("error: ") && run.errors.contains(words), "\(run.errors)")
    #expect(folder.names == before, "\(arguments)")
  }

  @Test(arguments: ClusterRecipe.allCases)
  func aRecipeIsWrittenBesideTheStudyAndSaysHowItStarts(recipe: ClusterRecipe) throws {
    let folder = try ScratchFolder()
    try folder.write("title: Mine\n", to: "study/mine.yml")
    let run = try CommandRun(["init", "--cluster", recipe.rawValue, "study"], in: folder.path)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("Next, in that folder: \(recipe.start)\n"), "\(run.output)")
    for file in try recipe.files {
      #expect(run.output.contains(file.path))
      #expect(folder.text("study/" + file.path) == file.text)
    }
    #expect(folder.text("study/mine.yml") == "title: Mine\n")
    // What it is started by is among the files.
    let script = recipe == .snakemake ? "Snakefile" : String(recipe.start.split(separator: " ")[1])
    #expect(try recipe.files.map(\.path).contains(script))
  }

  @Test(arguments: ClusterRecipe.allCases)
  func aRecipeStandsOnRelativePathsAndKnowsEveryCode(recipe: ClusterRecipe) throws {
    for file in try recipe.files {
      // A path from the root would be one machine's.
      #expect(!file.text.dropFirst(2).contains(#/[ "'=]/(?!usr/bin/env)[a-z]/#), "\(file.path)")
      #expect(file.text.hasSuffix("\n") && file.text.hasPrefix("#"), "\(file.path)")
      #expect(file.text.split(separator: "\n").allSatisfy { $0.count <= 110 }, "\(file.path)")
    }
    let text = try recipe.files.map(\.text).joined()
    for words in [
      "work plan", "work status", "work run", "work merge", "--memory", "--unit", ".refused",
      "case $code in\n  2 | 3)",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test(arguments: ClusterRecipe.allCases)
  func noFileOfTheUsersIsReplaced(recipe: ClusterRecipe) throws {
    for file in try recipe.files {
      let folder = try ScratchFolder()
      try folder.write("mine", to: file.path)
      try Self.refused(
        ["--cluster", recipe.rawValue, "."], "\(file.path): expected a name that is free",
        in: folder)
      #expect(folder.text(file.path) == "mine")
    }
  }

  @Test(arguments: [
    (["--cluster", "nomad", "."], "'slurm', 'snakemake' or 'parallel'"),
    (["--cluster", "slurm"], "the folder of the recipe"),
    (["--cluster", "slurm", ""], "a folder"),
    (["--cluster", "slurm", "--demo"], "neither --demo nor --atlas"),
    (["--cluster", "slurm", "--atlas", "."], "neither --demo nor --atlas"),
    (["--cluster", "slurm", "file"], "something else of this name"),
  ]) func wrongWordsAreRefused(_ arguments: [String], _ words: String) throws {
    let folder = try ScratchFolder()
    try folder.write("", to: "file")
    try Self.refused(arguments, words, in: folder)
  }

  @Test func aRecipeIsNoPartOfASite() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    try Self.refused(["--cluster", "slurm", "Site/recipe"], "inside the site", in: study.folder)
  }

  /// One step under a program that ends with `code`: how often it was called, and with what it ended.
  private static func step(_ code: Int32, times: Int) throws -> (calls: Int, codes: [Int32]) {
    let folder = try ScratchFolder()
    let run = try CommandRun(["init", "--cluster", "parallel", "."], in: folder.path)
    #expect(run.status == 0)
    try folder.write("#!/bin/sh\necho \"$@\" >> calls\nexit \(code)\n", to: "program")
    var codes: [Int32] = []
    for _ in 0..<times {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = [
        "-c", "chmod +x program && exec bash step.sh w work run w scan --unit 0",
      ]
      process.currentDirectoryURL = URL(filePath: folder.path)
      process.environment = [
        "PATH": "/usr/bin:/bin", "REPORTGEN": "./program", "REPORTGEN_PATIENCE": "0",
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      codes.append(process.terminationStatus)
    }
    return (folder.text("calls").split(separator: "\n").count, codes)
  }

  /// The wrapper of all recipes: 2 and 3 are never tried again, 7 is looked at once more.
  @Test(arguments: [
    (Int32(0), 2, [Int32(0), 0]), (4, 2, [4, 4]), (7, 4, [7, 7]), (2, 1, [2, 3]), (3, 1, [3, 3]),
  ]) func aStepKnowsWhatMayBeTriedAgain(code: Int32, calls: Int, codes: [Int32]) throws {
    let step = try Self.step(code, times: 2)
    #expect(step.calls == calls && step.codes == codes)
  }
}
