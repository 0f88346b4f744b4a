import Foundation
import Fuzzing
import LanguageModel
import Testing

/// The first cases of the fuzz program, in this process: none may trap, hang or throw what is no
/// diagnostic. The program itself, `reportgen-fuzz`, runs as many as asked for.
struct FuzzTests {
  @Test(.timeLimit(.minutes(5))) func twoThousandCasesEndWellOrWithADiagnostic() throws {
    let folder = NSTemporaryDirectory() + "fuzz-tests-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fuzzer = try Fuzzer(seed: 1, folder: folder)
    var outcomes = Set<FuzzOutcome>()
    for number in 0..<2000 {
      let outcome = fuzzer.run(number)
      #expect(outcome.fault == nil, "case \(number)")
      outcomes.insert(outcome)
    }
    for kind in FuzzKind.allCases {
      let found = outcomes.filter { $0.kind == kind }
      #expect(found.contains { $0.text == "ok" }, "no \(kind.rawValue) is read")
      #expect(found.contains { $0.text != "ok" }, "no \(kind.rawValue) is refused")
    }
  }

  /// The fuzzer damages one of these at a time; each is read and run when it is not damaged.
  @Test func everyFamilyHasASoundConfiguration() throws {
    #expect(try Set(Fuzzer.runSoundConfigurations()) == Set(Families.all.map { $0.modelType }))
  }

  @Test func aCaseIsTheSameAgain() throws {
    let folder = NSTemporaryDirectory() + "fuzz-tests-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fuzzer = try Fuzzer(seed: 7, folder: folder)
    for number in 0..<40 { #expect(fuzzer.run(number) == fuzzer.run(number)) }
  }
}
