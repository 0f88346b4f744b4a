import Foundation
import Testing

/// A site that is committed and cloned is the same site, whatever git is told to do with text.
struct GitCloneTests {
  private static let hasGit = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").contains { access($0 + "/git", X_OK) == 0 }

  /// Commits `Site` in a folder with these attributes, and clones it.
  private static let script = """
    set -eu
    git() {
      command git -c user.email=a@example.org -c user.name=a -c init.defaultBranch=main \
        -c advice.detachedHead=false -c core.safecrlf=false "$@"
    }
    rm -rf origin clone; mkdir -p "origin/$place"; cp -R Site "origin/$place/"
    printf "$attributes" >origin/.gitattributes
    if [ -n "$own" ]; then printf "$own" >"origin/$place/Site/.gitattributes"; fi
    cd origin; git init -q .; git $setting add -A; git $setting commit -qm site; cd ..
    git $setting clone -q origin clone
    exec "$@"
    """

  @Test(.enabled(if: hasGit, "git is not installed"))
  func everyFileSurvivesAClone() throws {
    let study = try TinyStudy()
    // Text that git would rewrite where it may.
    let documents = TinyStudy.documents(of: "aeiou").map { "$Id$ \($0)" }
    try study.folder.write(documents.joined(separator: "\n") + "\n", to: "a.txt")
    #expect(try study.build().status == 0)
    let site = try study.folder.contents(of: "Site")
    let report = try study.folder.contents(of: TinyStudy.report)
    #expect(site.keys.contains(".gitattributes"))
    for name in study.folder.names(in: "Site") where name.contains(".") {
      #expect(!study.folder.text("Site/" + name).contains("\r"), "\(name)")
    }
    let places = ["", "docs/published"]
    let settings = ["", "-c core.autocrlf=input", "-c core.autocrlf=true", "-c core.eol=crlf"]
    let attributes = [
      "", "* text=auto\\n", "* text eol=crlf\\n", "*.csv text\\n*.svg -diff\\n",
      "* ident text=auto\\n*.json working-tree-encoding=UTF-16LE\\n", "*.html filter=lfs -text\\n",
    ]
    var cases: [[String]] = []
    for (index, attribute) in attributes.enumerated() {
      for setting in index < 2 ? settings : [settings[2]] {
        cases.append([attribute, setting, places[cases.count % 2], ""])
      }
    }
    // The site's own attributes are somebody else's: the reports have theirs.
    cases.append([attributes[2], settings[2], "", "* text=auto\\n"])
    for example in cases {
      let place = example[2].isEmpty ? "clone" : "clone/" + example[2]
      let run = try study.run(
        ["verify", "\(place)/\(TinyStudy.report)"],
        environment: [
          "attributes": example[0], "setting": example[1], "place": example[2], "own": example[3],
        ], shell: Self.script)
      #expect(run.status == 0, "\(example): \(run.output)\(run.errors)")
      #expect(try study.folder.contents(of: "\(place)/\(TinyStudy.report)") == report)
      if example[3].isEmpty {
        #expect(try study.folder.contents(of: place + "/Site") == site, "\(example)")
      }
    }
  }

  @Test func attributesOfOthersAreLeftAloneAndOursAreNoFault() throws {
    let study = try TinyStudy()
    try study.folder.write("*.html linguist-generated\n", to: "Site/.gitattributes")
    #expect(try study.build().status == 0)
    #expect(study.folder.text("Site/.gitattributes") == "*.html linguist-generated\n")
    let own = TinyStudy.report + "/.gitattributes"
    #expect(study.folder.text(own).contains("\n* -text"))
    #expect(try study.run(["verify", TinyStudy.report]).status == 0)
    // Uploads leave hidden files out.
    try study.folder.remove(own)
    #expect(try study.run(["verify", TinyStudy.report]).status == 0)
    try study.folder.write("* text\n", to: own)
    let changed = try study.run(["verify", TinyStudy.report])
    #expect(changed.status == 3 && changed.output.contains("extra  .gitattributes"))
  }
}
