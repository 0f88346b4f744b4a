import Diagnostics
import SampleStudies
import Storage
import StudyFile
import Testing

/// Whatever the file holds, reading it ends with a study or a diagnostic, and soon.
@Suite struct MalformedYAMLTests {
  private static let bomb: String = {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<40 {
      let item = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [\(Array(repeating: item, count: 10).joined(separator: ", "))]\n"
    }
    return text + "? *a39\n: 1\n"
  }()

  private static func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  private static let hostile: [String: String] = [
    "open lists": times(900, "["), "a million open lists": times(1_000_000, "["),
    "nested lists": times(900, "[") + times(900, "]"), "nested mappings": times(900, "{a: "),
    "nested items": times(900, "- "), "many nested items": times(200_000, "- "),
    "nested keys": times(5000, "? "), "keys of keys": times(10_000, "a: "),
    "indentation": (0..<900).map { times($0, " ") + "a:\n" }.joined(),
    "a long comment": times(2_000_000, "#"), "empty lines": times(1_000_000, "\n"),
    "quotation marks": times(100_001, "'"),
    "a nested key": "? " + times(500, "[") + times(500, "]") + "\n: 1",
    "a long title": "title: " + times(500_000, "x"), "a long key": times(500_000, "x") + ": 1",
    "a bomb": bomb, "a bad tag": "!<tag:%FF> a: 1", "a version": "%YAML 9.9\n---\na: 1",
    "a tag directive": "%TAG ! !\n", "a block": "a: |99\n  b", "a merge": "<<: {a: 1}",
    "nothing but NUL": "\u{0}", "odd keys": "? ? ?\n: :\n", "empty keys": "[]: {}\n{}: []\n",
    "a float tag": "a: !!float nan\n", "an anchor": "&a", "an alias": "*a", "both": "- &a\n- *a",
    "an end": "...", "a start": "---",
  ]

  @Test(arguments: hostile.keys.sorted())
  func endsWithADiagnostic(name: String) throws {
    #expect(SampleStudy.refusal(try #require(Self.hostile[name]))?.kind == .study)
  }

  /// Every file of ours with bytes changed, dropped, doubled and moved, from a fixed seed.
  @Test(arguments: BuiltInStudy.allCases)
  func damagedStudiesEndWithAStudyOrADiagnostic(study: BuiltInStudy) throws {
    let file = try study.file
    // The start of the longest file; its rest repeats itself.
    let original = file.withBytes { Array($0.prefix(3000)) }
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let marks = Array("[]{}:,-?&*!|>'\"%@`#\n\t 0\u{0}".utf8) + [0xC3, 0xFF]
    for _ in 0..<400 {
      var bytes = original
      for _ in 0...random(4) where bytes.count > 10 {
        let place = random(bytes.count - 8)
        switch random(4) {
        case 0: bytes[place] = marks[random(marks.count)]
        case 1: bytes.insert(marks[random(marks.count)], at: place)
        case 2: bytes.removeSubrange(place..<place + random(8))
        default: bytes.replaceSubrange(place..<place, with: bytes[random(place + 1)...place])
        }
      }
      do {
        _ = try StudyFile(parsing: FileBytes(bytes, name: "damaged.yml"), folder: nil)
      } catch {
        #expect((error as? Diagnostic)?.kind == .study)
      }
    }
  }
}
