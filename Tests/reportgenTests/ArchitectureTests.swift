import Foundation
import Testing

/// Holds the picture in `.github/ARCHITECTURE.md` against what `Package.swift` says.
struct ArchitectureTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The targets of this package that each target of `Sources` depends on.
  private static func dependencies() throws -> [String: Set<String>] {
    let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let list = try #require(text.firstRange(of: "let targets: [Target] = ["))
    let end = try #require(text[list.upperBound...].firstRange(of: "\n]\n"))
    var found: [String: Set<String>] = [:]
    for part in text[list.upperBound..<end.lowerBound].split(separator: "arget(").dropFirst()
    where part.contains("name:") {
      let names = part.matches(of: /"([^"]+)"/).map { String($0.1) }
      let name = try #require(names.first)
      let inside = part.firstRange(of: "dependencies: [").map { part[$0.upperBound...] } ?? ""
      let own = inside.replacing(/\.product\([^)]*\)/, with: "")
      found[name] = Set(own.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
    for library in text.matches(of: /\.systemLibrary\(\s*name: "([^"]+)"/) {
      found[String(library.1)] = []
    }
    return found
  }

  /// The arrows of the picture, and the rooms of the table below it.
  private static func picture() throws -> (arrows: [(String, String)], rooms: Set<String>) {
    let text = try String(
      contentsOf: root.appending(path: ".github/ARCHITECTURE.md"), encoding: .utf8)
    let arrows = text.matches(of: /(?m)^  ([\w-]+) --> ([\w-]+)$/).map {
      (String($0.1), String($0.2))
    }
    let table = try #require(text.firstRange(of: "| Room | What lives there |"))
    let rows = text[table.upperBound...].prefix { $0 != "#" }.split(separator: "\n")
    let rooms = rows.compactMap { $0.split(separator: "|").first }
      .flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.1) } }
    return (arrows, Set(rooms))
  }

  @Test func everyArrowIsADependency() throws {
    let dependencies = try Self.dependencies()
    for (from, to) in try Self.picture().arrows {
      #expect(dependencies[from]?.contains(to) == true, "\(from) --> \(to)")
    }
  }

  @Test func everyDependencyIsReachedByArrows() throws {
    let arrows = try Self.picture().arrows
    for (target, uses) in try Self.dependencies() {
      var (reached, open): (Set<String>, [String]) = ([], [target])
      while let room = open.popLast() {
        for (from, to) in arrows where from == room && reached.insert(to).inserted {
          open.append(to)
        }
      }
      #expect(uses.isSubset(of: reached), "\(target): \(uses.subtracting(reached).sorted())")
    }
  }

  @Test func theTableNamesEveryRoom() throws {
    #expect(try Self.picture().rooms == Set(Self.dependencies().keys))
  }
}
