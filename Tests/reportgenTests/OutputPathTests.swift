import Foundation
import Testing

/// What a command writes beside the site: never over anything that it has not written itself, and
/// refused before anything is computed.
struct OutputPathTests {
  private static let single = "--single-file"
  private static let export = "--export-activations"

  /// The folder's files and their bytes; the cache and the site are no matter here.
  private static func refused(
    _ arguments: [String], _ status: Int32, _ words: String, in study: TinyStudy,
    shell: String? = nil
  ) throws {
    let before = try study.folder.contents(of: "")
    let run = try study.run(arguments, shell: shell)
    #expect(run.status == status, "\(arguments): \(run.errors)")
    #expect(run.errors.contains("error: ") && run.errors.contains(words), "\(run.errors)")
    #expect(!run.errors.contains("probing"), "told after computing: \(run.errors)")
    #expect(try study.folder.contents(of: "") == before, "\(arguments)")
  }

  @Test(arguments: [single, export])
  func noInputIsReplacedWhateverItIsCalled(option: String) throws {
    let study = try TinyStudy()
    try study.study("prompts:", "notes: notes.md\nprompts:")
    try study.folder.write("Notes.\n", to: "notes.md")
    try study.folder.write("", to: "texts/x")
    let folder = study.folder.path
    for file in ["a.txt", "study.yml", "notes.md", "model/model.safetensors"] {
      let name = String(file.split(separator: "/").last ?? "")
      try FileManager.default.linkItem(
        atPath: folder + "/" + file, toPath: folder + "/hard-" + name)
      try study.folder.link("link-" + name, to: file)
      for path in [
        file, "./" + file, "texts/../" + file, ".//" + file, folder + "/" + file, "hard-" + name,
        "link-" + name, "/proc/self/cwd/" + file,
      ] {
        try Self.refused(["build", "study.yml", option, path], 2, "expected", in: study)
      }
    }
    // The study read from a stream or by another name is still the study.
    try Self.refused(
      ["build", "/dev/stdin", option, "study.yml"], 2, "study", in: study,
      shell: "exec \"$@\" <study.yml")
  }

  @Test(arguments: [single, export])
  func anInputWithTheMarkOfAnOutputIsStillAnInput(option: String) throws {
    let study = try TinyStudy()
    #expect(try study.build([option, "own"]).status == 0)
    try study.study("prompts:", "notes: own\nprompts:")
    try FileManager.default.linkItem(
      atPath: study.folder.path + "/own", toPath: study.folder.path + "/hard")
    for path in ["own", "./own", "hard"] {
      try Self.refused(["build", "study.yml", option, path], 2, "the notes", in: study)
    }
  }

  @Test(arguments: [single, export])
  func onlyItsOwnFilesAreReplaced(option: String) throws {
    let study = try TinyStudy()
    try study.folder.write("mine", to: "theirs")
    try study.folder.write("", to: "empty")
    try study.folder.link("dangling", to: "nowhere")
    // An export with a column more, and a page that only begins like one.
    let header = "corpus,document,position,token,id,neuron,activation,loss,loss_change"
    try study.folder.write(header + ",mine\n", to: "columns.csv")
    try study.folder.write("<!doctype html>\n<p>mine</p>\n", to: "page.html")
    for path in [
      "theirs", "empty", "columns.csv", "page.html", "dangling", "/dev/null", "/dev/full",
      "/dev/stdout", "/dev/fd/1",
    ] {
      try Self.refused(["build", "study.yml", option, path], 2, path, in: study)
    }
    #expect(try study.build([option, "out"]).status == 0)
    let first = study.folder.text("out")
    #expect(first.count > 1000)
    #expect(try study.build([option, "./out"]).status == 0)
    #expect(study.folder.text("out") == first)
    // A page is no export, and an export no page.
    let other = option == Self.single ? Self.export : Self.single
    try Self.refused(["build", "study.yml", other, "out"], 2, "not written", in: study)
    try study.folder.link("link", to: "out")
    try Self.refused(["build", "study.yml", option, "link"], 2, "a link", in: study)
  }

  @Test(arguments: [single, export])
  func anOptionTakenForAFlagIsTold(option: String) throws {
    let study = try TinyStudy()
    for path in ["study.yml", "new.yml", "NEW.YAML", "demo", "pythia-70m-v0"] {
      try Self.refused(["build", option, path], 2, "the name of a study", in: study)
      #expect(!study.folder.names.contains("Site"))
    }
  }

  @Test(arguments: [
    ".", "./", "..", "../", "/", "//", "", " ", "\t", "  ", "model", "model/", "model/.",
    "absent/x",
    "absent/", "study.yml/x", "/proc/x", String(repeating: "n", count: 300),
  ])
  func oddPathsAreRefusedAndNothingTraps(path: String) throws {
    let study = try TinyStudy()
    for option in [Self.single, Self.export] {
      try Self.refused(["build", "study.yml", option, path], 4, "expected ", in: study)
    }
    let site = try study.run(["build", "study.yml", "--site", path])
    #expect([0, 2, 4].contains(site.status), "--site '\(path)': \(site.status) \(site.errors)")
    // Not into folders that are no matter of this test's.
    let isOutside = path.hasPrefix("/") || path.hasPrefix("..")
    for command in [
      ["init", path], ["templates", "--export", isOutside ? "." : path], ["check", path],
      ["verify", path],
      ["summary", path], ["compare", path, path], ["summary", path, "--base", path],
      ["render", path], ["render", "--site", path], ["render", "--templates", path],
      ["plan", path], ["plan", "study.yml", "--corpora", path], ["activations", path, "e"],
      ["verify", TinyStudy.report, "--rerun", "--study", path],
    ] {
      let run = try study.run(command)
      #expect(run.status < 128, "\(command): \(run.status) \(run.errors)")
    }
  }

  @Test func anOutputIsNotInTheWayOfTheSiteNorOfAnotherOutput() throws {
    let study = try TinyStudy()
    try study.folder.link("site-link", to: "Site")
    // Where no site is yet, and where one is.
    for _ in 0..<2 {
      for path in [
        "Site/page.html", "./Site//page.html", "Site/reports/x", "Site/reports/tiny/x.html",
        "Site/new/deep/x", "site-link/x", "Site/assets/x.css",
      ] {
        for option in [Self.single, Self.export] {
          try Self.refused(["build", "study.yml", option, path], 2, "site", in: study)
        }
      }
      try Self.refused(
        ["build", "study.yml", "--site", "out/Site", Self.single, "out"], 2, "--site", in: study)
      try Self.refused(
        ["build", "study.yml", Self.single, "x", Self.export, "./x"], 2, Self.export, in: study)
      #expect(try study.build().status == 0)
    }
    for path in ["Site/mine", "Site/reports/tiny/mine", "site-link/mine"] {
      try Self.refused(["init", path], 2, "inside the site", in: study)
      try Self.refused(["templates", "--export", path], 2, "inside the site", in: study)
      try Self.refused(
        ["build", "study.yml", "--site", "Other", Self.single, path], 2, "inside the site",
        in: study)
      try Self.refused(["render", Self.single, path], 2, "site", in: study)
    }
    try Self.refused(["render", Self.single, "study.yml"], 2, "the name of a study", in: study)
    try Self.refused(["render", Self.single, "a.txt"], 2, "not written", in: study)
    try Self.refused(["render", Self.single, "."], 4, "a folder", in: study)
    #expect(try study.run(["render", Self.single, "page.html"]).status == 0)
    #expect(try study.build().status == 0, "nothing blocks the site")
  }

  @Test func aSiteHoldsNoInputAndNoCache() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    try study.study("prompts:", "notes: \(TinyStudy.report)/report.md\nprompts:")
    try Self.refused(["build", "study.yml"], 2, "the notes", in: study)
    try Self.refused(["build", "study.yml", "--site", "."], 2, "--site", in: study)
    try Self.refused(["build", "demo", "--templates", "Site"], 2, "--site", in: study)
    let cached = try study.run(
      ["build", "demo", "--site", "Other"],
      environment: ["XDG_CACHE_HOME": study.folder.path + "/Other/cache"])
    #expect(cached.status == 2 && cached.errors.contains("the cache"), "\(cached.errors)")
    #expect(!study.folder.names.contains("Other"))
  }

  @Test func aStreamThatLeadsIntoAnInputIsRefused() throws {
    let study = try TinyStudy()
    for file in ["a.txt", "study.yml"] {
      try Self.refused(
        ["build", "study.yml"], 2, "standard output", in: study, shell: "exec \"$@\" >>\(file)")
    }
    let log = try study.run(["build", "study.yml"], shell: "\"$@\" >log 2>log")
    #expect(log.status == 0)
  }

  @Test func templatesAndInitNeverReplaceAnything() throws {
    let study = try TinyStudy()
    try study.folder.link("dangling", to: "nowhere")
    try study.folder.link("kept.yml", to: "nowhere")
    try study.folder.write("mine", to: "folder/style.css")
    for path in ["study.yml", "a.txt", "dangling", "folder", "model/config.json"] {
      try Self.refused(["templates", "--export", path], 2, "expected a", in: study)
    }
    for name in ["study", "study.yml", "./study.yml", "kept", "kept.yml"] {
      try Self.refused(["init", name], 2, "a name that is free", in: study)
    }
    for name in ["", " ", ".", "..", "/", "a/", ".yml", "folder/.yaml", "folder/ "] {
      try Self.refused(["init", name], 2, "a name for the study", in: study)
    }
    #expect(try study.run(["init", "deep/own.study"]).status == 0)
    #expect(study.folder.text("deep/own.study.yml").contains("title: \"own.study\""))
  }

  @Test func twoStudiesOfOneSlugAreRefused() throws {
    let study = try TinyStudy()
    let yaml = study.folder.text("study.yml")
    try study.folder.write(
      yaml.replacing("slug: tiny\n", with: "").replacing("A tiny study", with: "Tiny!"),
      to: "other.yml")
    for studies in [
      ["study.yml", "other.yml"], ["study.yml", "./study.yml"], ["demo", "study.yml", "demo"],
    ] {
      for command in ["build", "plan"] {
        try Self.refused([command] + studies, 2, "slug", in: study)
      }
    }
    try study.folder.replace("Tiny!", with: "Another", in: "other.yml")
    #expect(try study.run(["build", "study.yml", "other.yml"]).status == 0)
    #expect(study.folder.names(in: "Site/reports").contains("another"))
  }
}
