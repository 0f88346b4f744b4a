/// Changes the bytes of a text file, without keeping it well-formed.
enum ByteMutator {
  private static let pieces: [[UInt8]] = [
    [0], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80],
    [0xF4, 0x90, 0x80, 0x80],
    [0x0D, 0x0A], [0x0A], [0x0D], Array("\\ud800".utf8), Array("{\"text\": ".utf8), Array("[".utf8),
    Array("]".utf8), Array("\"".utf8), Array("<html>".utf8), Array("- ".utf8), Array(": ".utf8),
    Array("\t".utf8), Array("&a ".utf8), Array("*a".utf8), Array("!!binary ".utf8),
    Array("version https://git-lfs.github.com/spec/v1".utf8), Array("%YAML 1.2\n---\n".utf8),
    Array("1e999".utf8), Array("~".utf8), Array("? ".utf8), Array("|+9\n".utf8),
  ]

  /// `bytes` with one to eight changes.
  static func mutated(_ bytes: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.pick([1, 1, 2, 3, 8]) { change(&bytes, &random) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    let place = random.below(bytes.count)
    let length = min(bytes.count - place, 1 + random.below(random.pick([1, 8, 64])))
    switch random.below(9) {
    case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1 where !bytes.isEmpty: bytes[place] = UInt8(random.below(256))
    case 2: bytes.removeSubrange(place..<place + length)
    case 3: bytes.insert(contentsOf: random.pick(pieces), at: place)
    case 4: bytes.removeSubrange(place...)
    case 5:
      bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: random.below(bytes.count))
    case 6:
      let text = Array(HostileValues.text(&random).utf8)
      bytes.replaceSubrange(place..<place + length, with: text)
    case 7 where random.oneIn(6):
      let piece = random.pick(pieces)
      let many = [[UInt8]](repeating: piece, count: random.pick([10, 300, 20_000])).flatMap { $0 }
      bytes.insert(contentsOf: many, at: place)
    default: swapLines(&bytes, &random)
    }
  }

  private static func swapLines(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines.swapAt(random.below(lines.count), random.below(lines.count))
    if random.oneIn(3) { lines.insert(random.pick(lines), at: random.below(lines.count)) }
    bytes = Array(lines.joined(separator: [0x0A]))
  }
}
