import Diagnostics
import Foundation
import LanguageModel
import Testing

/// Where models of the hub are looked for, held against huggingface_hub itself
/// (`Tests/reference/hub_cache_paths.py`).
struct HubCachePathTests {
  struct Case: Decodable, CustomTestStringConvertible {
    var environment: [String: String]
    var root: String

    var testDescription: String {
      environment.filter { $0.key != "LC_ALL" }.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
  }

  static let cases =
    (try? JSONDecoder().decode([Case].self, from: Data(hubCachePaths.utf8))) ?? []

  @Test func casesAreThere() {
    #expect(Self.cases.count > 40)
  }

  @Test(arguments: cases) func variablesAreExpandedAsInHuggingFaceHub(example: Case) throws {
    // The superuser's folder differs between systems.
    let home = try #require(FileManager.default.homeDirectory(forUser: "root")).path
    let root = example.root.replacingOccurrences(of: "HOME_OF_ROOT", with: home)
    let message = message(kind: .data) {
      _ = try ModelSource.locate(
        model: "org/none-of-this-name", relativeTo: "/absent", environment: example.environment)
    }
    #expect(message?.contains("or a model in the cache \(root), found") == true)
  }
}
