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
  /// The bytes of parts that a unit is taken to read, check and add up in a second. Checking and adding
  /// alone do 600 MB; the rest is left to the file system.
  static let readingRate = 2e8

  let parts: PartFolder
  let cache: ContentCache
  /// About how many operations a unit has.
  let budget: Double

  /// The key of a part.
  func key(_ kind: String, _ content: [String]) -> String {
    cache.name(of: ContentKey(kind, content))
  }

  /// Divides a list into runs of about equal operations, near `budget` each.
  func grouped<Item>(_ items: [Item], operations: (Item) -> Double) -> [[Item]] {
    let total = items.reduce(0) { $0 + operations($1) }
    let share = total / Double(shares(total))
    var groups: [[Item]] = []
    var (done, last) = (0.0, -1)
    for item in items {
      let own = operations(item)
      // The middle of an item says which share it falls into.
      let place = total > 0 ? Int((done + own / 2) / share) : 0
      if place != last { groups.append([]) }
      groups[groups.count - 1].append(item)
      (done, last) = (done + own, place)
    }
    return groups
  }

  /// The number of shares that some operations are divided into.
  func shares(_ operations: Double) -> Int {
    max(1, Int(min(10_000, (operations / budget).rounded())))
  }
}
