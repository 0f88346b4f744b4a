/// A regular expression compiled to a list of instructions for `RegexMatcher`.
struct RegexProgram: Sendable {
  enum Code: UInt8, Sendable {
    /// Matches a character of set `a`.
    case set
    /// Matches a run of characters of set `a`: at least `b`, at most `c`. If `c` is −1, there is no
    /// limit and `b` is 0 or 1.
    case runGreedy, runLazy, runPossessive
    /// Continues at `a`, and if that fails at `b`. `c` and `d` are the sets of characters with
    /// which `a` and `b` can start.
    case split
    /// Continues at `a`.
    case jump
    /// Tests whether the next character is, or is not, in set `a`.
    case peek, notPeek
    /// Tests whether the instructions from `a` on match here, or do not; continues at `b`.
    case ahead, notAhead
    /// Tests whether the character before is, or is not, in set `a`.
    case behind, notBehind
    /// Tests the boundary `RegexBoundary(a)`; set `b` is `\w`.
    case boundary
    case accept
  }

  struct Instruction: Sendable {
    var code: Code
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    var d: Int32 = 0
    /// The instruction's row in the matcher's memory; −1 if it needs none.
    var slot: Int32 = -1
  }

  private(set) var instructions: [Instruction] = []
  private(set) var alphabet: RegexAlphabet
  /// The number of rows that the matcher's memory needs.
  private(set) var slots = 0
  /// The number of the set of characters with which a match can start.
  private(set) var start = 0

  private static let instructionLimit = 20_000

  /// - Parameter word: the characters that `\w` matches; by default those of Oniguruma.
  /// - Throws: `RegexFault` for syntax that is not supported.
  init(
    _ pattern: String, word: ScalarSet = UnicodeProperties.word
  ) throws(RegexFault) {
    let tree = try RegexParser.parse(pattern, word: word)
    var compiler = Compiler(word: word)
    try compiler.compile(tree)
    try compiler.add(Instruction(code: .accept))
    alphabet = try RegexAlphabet(compiler.sets)
    instructions = compiler.instructions
    for index in instructions.indices {
      switch instructions[index].code {
      case .split, .ahead, .notAhead, .runGreedy, .runLazy, .runPossessive:
        instructions[index].slot = Int32(slots)
        slots += 1
      default: break
      }
    }
    var known: [[Bool]: Int] = [:]
    for index in instructions.indices where instructions[index].code == .split {
      instructions[index].c = Int32(firstSet(Int(instructions[index].a), &known))
      instructions[index].d = Int32(firstSet(Int(instructions[index].b), &known))
    }
    start = firstSet(0, &known)
  }

  /// Adds the set of all symbols that can come next at an instruction; returns its number.
  private mutating func firstSet(_ place: Int, _ known: inout [[Bool]: Int]) -> Int {
    var row = [Bool](repeating: false, count: 256)
    var seen = Set<Int>()
    var open = [place]
    while let place = open.popLast() {
      guard seen.insert(place).inserted else { continue }
      let step = instructions[place]
      func hold(_ set: Int32) {
        for symbol in 0..<256 where alphabet.members[Int(set) << 8 | symbol] { row[symbol] = true }
      }
      switch step.code {
      case .set: hold(step.a)
      case .runGreedy, .runLazy, .runPossessive:
        hold(step.a)
        if step.b == 0 { open.append(place + 1) }
      case .split: open += [Int(step.a), Int(step.b)]
      case .jump: open.append(Int(step.a))
      case .peek, .notPeek, .behind, .notBehind, .boundary: open.append(place + 1)
      case .ahead, .notAhead: open.append(Int(step.b))
      case .accept: row = [Bool](repeating: true, count: 256)
      }
    }
    if let number = known[row] { return number }
    let number = alphabet.addSet { row[Int($0)] }
    known[row] = number
    return number
  }

  private struct Compiler {
    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []
    private let word: ScalarSet
    private var numbers: [ScalarSet: Int32] = [:]

    init(word: ScalarSet) { self.word = word }

    mutating func add(_ instruction: Instruction) throws(RegexFault) {
      guard instructions.count < instructionLimit else {
        throw RegexFault(found: "more than \(instructionLimit) steps")
      }
      instructions.append(instruction)
    }

    private var next: Int32 { Int32(instructions.count) }

    private mutating func number(of set: ScalarSet) -> Int32 {
      if let number = numbers[set] { return number }
      let number = Int32(sets.count)
      sets.append(set)
      numbers[set] = number
      return number
    }

    mutating func compile(_ node: RegexNode) throws(RegexFault) {
      switch node {
      case .set(let set): try add(Instruction(code: .set, a: number(of: set)))
      case .sequence(let parts): for part in parts { try compile(part) }
      case .either(let parts): try compile(either: parts)
      case .repeated(.set(let set), let least, let most, let greed):
        try compile(run: number(of: set), least, most, greed)
      case .repeated(let part, let least, let most, let greed):
        try compile(loop: part, least, most, greed)
      case .ahead(.set(let set), let isNegated):
        try add(Instruction(code: isNegated ? .notPeek : .peek, a: number(of: set)))
      case .ahead(let part, let isNegated):
        let place = Int(next)
        try add(Instruction(code: isNegated ? .notAhead : .ahead, a: next + 1))
        try compile(part)
        try add(Instruction(code: .accept))
        instructions[place].b = next
      case .behind(let set, let isNegated):
        try add(Instruction(code: isNegated ? .notBehind : .behind, a: number(of: set)))
      case .boundary(let boundary):
        let word = number(of: word)
        try add(Instruction(code: .boundary, a: boundary.rawValue, b: word))
      }
    }

    private mutating func compile(either parts: [RegexNode]) throws(RegexFault) {
      var jumps: [Int] = []
      for (index, part) in parts.enumerated() {
        guard index + 1 < parts.count else {
          try compile(part)
          break
        }
        let split = Int(next)
        try add(Instruction(code: .split, a: next + 1))
        try compile(part)
        jumps.append(Int(next))
        try add(Instruction(code: .jump))
        instructions[split].b = next
      }
      for jump in jumps { instructions[jump].a = next }
    }

    private mutating func compile(
      run set: Int32, _ least: Int, _ most: Int?, _ greed: RegexGreed
    ) throws(RegexFault) {
      let code: Code =
        switch greed {
        case .greedy: .runGreedy
        case .lazy: .runLazy
        case .possessive: .runPossessive
        }
      guard let most else {
        for _ in 0..<max(0, least - 1) { try add(Instruction(code: .set, a: set)) }
        try add(Instruction(code: code, a: set, b: Int32(min(least, 1)), c: -1))
        return
      }
      if most > 0 { try add(Instruction(code: code, a: set, b: Int32(least), c: Int32(most))) }
    }

    private mutating func compile(
      loop part: RegexNode, _ least: Int, _ most: Int?, _ greed: RegexGreed
    ) throws(RegexFault) {
      for _ in 0..<least { try compile(part) }
      var splits: [Int] = []
      if let most {
        for _ in 0..<max(0, most - least) {
          splits.append(Int(next))
          try add(Instruction(code: .split))
          try compile(part)
        }
      } else {
        splits.append(Int(next))
        try add(Instruction(code: .split))
        try compile(part)
        try add(Instruction(code: .jump, a: Int32(splits[0])))
      }
      for split in splits {
        let inner = Int32(split + 1)
        instructions[split].a = greed == .lazy ? next : inner
        instructions[split].b = greed == .lazy ? inner : next
      }
    }
  }
}
