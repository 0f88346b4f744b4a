import Charts
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A chart read back from its text, with its labels and lines measured.
final class SVGReader: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""
    /// The text of a `title` directly inside.
    var tooltip: String?
  }

  /// A label and the corners of its box, in pixels.
  struct Label {
    let text: String
    let corners: [(x: Double, y: Double)]

    func isInside(width: Double, height: Double) -> Bool {
      corners.allSatisfy { (0...width).contains($0.x) && (0...height).contains($0.y) }
    }

    /// Whether the boxes share an area: no edge of either separates them.
    func overlaps(_ other: Label) -> Bool {
      for box in [corners, other.corners] {
        for edge in 0..<2 {
          let axis = (x: box[edge + 1].x - box[edge].x, y: box[edge + 1].y - box[edge].y)
          let mine = corners.map { $0.x * axis.x + $0.y * axis.y }
          let theirs = other.corners.map { $0.x * axis.x + $0.y * axis.y }
          guard let a = mine.min(), let b = mine.max(), let c = theirs.min(), let d = theirs.max()
          else { return false }
          if b <= c + 1e-9 || d <= a + 1e-9 { return false }
        }
      }
      return true
    }
  }

  private(set) var elements: [Element] = []
  private(set) var labels: [Label] = []
  private(set) var isWellFormed = false
  private var open: [Int] = []

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  var width: Double { measure(elements[0].attributes["width"]) }
  var height: Double { measure(elements[0].attributes["height"]) }
  var names: Set<String> { Set(elements.map(\.name)) }
  var texts: [String] { elements.filter { $0.name == "text" }.map(\.text) }
  var classes: Set<String> {
    Set(elements.flatMap { ($0.attributes["class"] ?? "").split(separator: " ").map(String.init) })
  }

  /// The pieces of the paths stroked with `paint`, as points.
  func lines(stroked paint: String) -> [[(x: Double, y: Double)]] {
    elements.filter {
      $0.name == "path" && $0.attributes["fill"] == "none"
        && $0.attributes["stroke-linecap"] != nil
        && ($0.attributes["class"] ?? "").split(separator: " ").contains("s-\(paint)")
    }.flatMap { Self.pieces($0.attributes["d"] ?? "") }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let index = open.last { elements[index].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    let index = open.removeLast()
    if name == "title", let parent = open.last { elements[parent].tooltip = elements[index].text }
    if name == "text" { labels.append(label(elements[index])) }
  }

  private func label(_ element: Element) -> Label {
    func inherited(_ key: String) -> String? {
      element.attributes[key] ?? open.reversed().compactMap { elements[$0].attributes[key] }.first
    }
    let size = measure(inherited("font-size"))
    let isMono = inherited("font-family")?.contains("mono") ?? false
    let natural =
      isMono
      ? TextWidth.mono(element.text, size: size)
      : TextWidth.of(element.text, size: size, bold: element.attributes["font-weight"] != nil)
    let width = element.attributes["textLength"].map { measure($0) } ?? natural
    let (x, y) = (measure(element.attributes["x"]), measure(element.attributes["y"]))
    let anchor = element.attributes["text-anchor"]
    let left = anchor == "end" ? -width : anchor == "middle" ? -width / 2 : 0
    let isTurned = element.attributes["transform"]?.hasPrefix("rotate(-45 ") ?? false
    let turn = isTurned ? 0.5.squareRoot() : 0
    let across = isTurned ? turn : 1
    let edges = [(left, -0.76), (left + width, -0.76), (left + width, 0.2), (left, 0.2)]
    let corners = edges.map { along, lines -> (x: Double, y: Double) in
      let down = lines * size
      return (x + along * across + down * turn, y - along * turn + down * across)
    }
    return Label(text: element.text, corners: corners)
  }

  /// The pieces of a path that starts at M and goes on relatively, by m, l, h and v.
  private static func pieces(_ path: String) -> [[(x: Double, y: Double)]] {
    var result: [[(x: Double, y: Double)]] = []
    var at = (x: 0.0, y: 0.0)
    for command in path.split(before: { $0.isLetter }) {
      let numbers = command.dropFirst().split(before: { $0 == " " || $0 == "-" })
        .compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      switch command.first {
      case "M", "m", "l": at = (at.x + numbers[0], at.y + numbers[1])
      case "h": at.x += numbers[0]
      case "v": at.y += numbers[0]
      default: continue
      }
      if command.first != "l", numbers.count == 2 { result.append([]) }
      result[result.count - 1].append(at)
    }
    return result
  }
}

private func measure(_ text: String?) -> Double { text.flatMap { Double($0) } ?? .nan }

extension StringProtocol {
  /// The text cut before each character that `isStart` names.
  fileprivate func split(before isStart: (Character) -> Bool) -> [String] {
    var parts: [String] = []
    for character in self {
      if parts.isEmpty || isStart(character) { parts.append("") }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
