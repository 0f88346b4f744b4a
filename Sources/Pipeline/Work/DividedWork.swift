import LinearAlgebra
import Passes
import Storage

/// A study or an atlas whose passes are divided into units.
///
/// A unit depends on the inputs and on the passes before its own alone. Running it again leaves the same
/// parts.
protocol DividedWork {
  var passes: [WorkManifest.Pass] { get }

  /// The files that the work reads.
  var inputs: [WorkManifest.Input] { get }

  /// Keeps what every unit would compute anew before its own work.
  ///
  /// - Throws: `Diagnostic` if the folder cannot be written.
  func keepShared() throws

  /// Runs what is missing of some units. What they share, such as the model, is loaded once.
  ///
  /// - Throws: `Diagnostic`; `MissingPart` if a part of an earlier pass is missing or damaged.
  func run(_ pass: WorkManifest.Pass, units: [Int]) throws
}

/// A part that a unit reads is missing or damaged.
struct MissingPart: Error {
  let key: String
}

/// What the units of divided work share.
struct WorkStore: Sendable {
  let parts: PartFolder
  let cache: ContentCache
  /// The operations of a unit, which may be passed by the last item of it.
  let budget: Double

  /// The key of a part.
  func key(_ kind: String, _ content: [String]) -> String {
    cache.name(of: ContentKey(kind, content))
  }

  /// Divides a list into runs of about `budget` operations.
  func grouped<Item>(_ items: [Item], operations: (Item) -> Double) -> [[Item]] {
    var groups: [[Item]] = []
    var filled = Double.infinity
    for item in items {
      if filled >= budget {
        groups.append([])
        filled = 0
      }
      groups[groups.count - 1].append(item)
      filled += operations(item)
    }
    return groups
  }

  /// The number of shares that some operations are divided into.
  func shares(_ operations: Double) -> Int {
    max(1, min(10_000, Int((operations / budget).rounded(.up))))
  }
}
