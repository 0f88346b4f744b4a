/// Finds the matches of a program in a text, from left to right, in linear time.
///
/// It backtracks in the same order as Oniguruma and therefore finds the same matches. If that takes
/// many more steps than the text has bytes, it starts to remember which choices failed where. Then
/// no choice is tried twice at the same place, not even for another match.
struct RegexMatcher {
  private let program: RegexProgram
  private var stack: [Frame] = []
  private var memory: RegexMemory?
  /// The number of steps taken in this text.
  private var steps = 0

  /// The data that a match reads, valid while one text is split.
  private struct Source {
    let instructions: UnsafeBufferPointer<RegexProgram.Instruction>
    let members: UnsafeBufferPointer<Bool>
    let symbols: UnsafeBufferPointer<UInt8>

    var count: Int { symbols.count - 1 }

    @inline(__always)
    func holds(_ set: Int32, _ at: Int) -> Bool { members[Int(set) << 8 | Int(symbols[at])] }

    /// The index at which the character after the one at `at` starts.
    @inline(__always)
    func next(_ at: Int) -> Int {
      var at = at + 1
      while at < symbols.count, symbols[at] == RegexAlphabet.inside { at += 1 }
      return at
    }

    /// The index at which the character before `at` starts.
    @inline(__always)
    func back(_ at: Int) -> Int {
      var at = at - 1
      while at > 0, symbols[at] == RegexAlphabet.inside { at -= 1 }
      return at
    }
  }

  /// A choice to backtrack to; for `note`, a fact to remember once everything after it has failed.
  private struct Frame {
    enum Kind: UInt8 {
      case other, greedy, lazy, note
    }

    var kind: Kind
    /// The instruction to continue at, or the run's own instruction; for a note, its row of the
    /// memory.
    var place: Int32
    /// The place at which the choice was made.
    var start: Int
    /// The end of the fewest repetitions.
    var low: Int
    /// The end of the repetitions taken now, where the match continues.
    var current: Int
    /// The end of the longest run; for a lazy run, how many more characters it may take.
    var limit: Int
  }

  private enum Outcome {
    case end(Int)
    case none
    case tooLong
  }

  private enum Step {
    case end(Int)
    case failed
    /// The memory knows that this leads to a match.
    case succeeded
  }

  private static let patience = 64

  init(_ program: RegexProgram) { self.program = program }

  /// Calls `body` with each match and each part between matches, in order, like `find_matches` of
  /// `tokenizers`.
  ///
  /// - Complexity: O(n·m) for n bytes and m instructions.
  mutating func split(
    _ text: Bytes, _ range: Range<Int>, _ body: (_ part: Range<Int>, _ isMatch: Bool) -> Void
  ) {
    let program = program
    var symbols: [UInt8] = []
    program.alphabet.read(text, range, into: &symbols)
    memory = nil
    steps = 0
    symbols.withUnsafeBufferPointer { symbols in
      program.alphabet.members.withUnsafeBufferPointer { members in
        program.instructions.withUnsafeBufferPointer { instructions in
          let source = Source(instructions: instructions, members: members, symbols: symbols)
          split(source, offset: range.lowerBound, body)
        }
      }
    }
  }

  private mutating func split(
    _ source: Source, offset: Int, _ body: (_ part: Range<Int>, _ isMatch: Bool) -> Void
  ) {
    let count = source.count
    var covered = 0
    var at = 0
    var lastEnd = -1
    while at <= count, let (start, end) = match(source, from: at) {
      if start == end, lastEnd == end {
        at = source.next(end)
        continue
      }
      if covered < start { body(offset + covered..<offset + start, false) }
      body(offset + start..<offset + end, true)
      covered = end
      lastEnd = end
      at = end
    }
    if covered < count { body(offset + covered..<offset + count, false) }
  }

  /// The first match that starts at or after `from`.
  private mutating func match(_ source: Source, from: Int) -> (start: Int, end: Int)? {
    let first = Int32(program.start)
    var start = from
    while true {
      while start < source.count, !source.holds(first, start) { start = source.next(start) }
      switch run(source, 0, start, isAhead: false, limit: 100_000 + Self.patience * start) {
      case .end(let end): return (start, end)
      case .none: break
      case .tooLong:
        memory = RegexMemory(slots: program.slots, places: source.count + 1)
        continue
      }
      if start >= source.count { return nil }
      start = source.next(start)
    }
  }

  /// Executes the program from one instruction on.
  private mutating func run(
    _ source: Source, _ place: Int, _ start: Int, isAhead: Bool, limit: Int
  ) -> Outcome {
    var place = place
    var at = start
    let base = stack.count
    defer { if stack.count > base { stack.removeSubrange(base...) } }
    while true {
      if steps > limit, memory == nil { return .tooLong }
      let step = source.instructions[place]
      var result = Step.failed
      switch step.code {
      case .set: if source.holds(step.a, at) { result = .end(source.next(at)) }
      case .runGreedy, .runPossessive:
        result = takeRun(source, step, place, at, isAhead: isAhead)
      case .runLazy: result = takeLazily(source, step, place, at, isAhead: isAhead)
      case .split:
        steps += 1
        switch recall(step, at, isAhead) {
        case .failed?: break
        case .succeeded?: result = .succeeded
        case nil:
          if memory != nil { note(step.slot, at, at) }
          if source.holds(step.c, at) {
            if source.holds(step.d, at) {
              stack.append(
                Frame(kind: .other, place: step.b, start: at, low: at, current: at, limit: at))
            }
            place = Int(step.a)
          } else {
            place = Int(step.b)
          }
          continue
        }
      case .jump:
        place = Int(step.a)
        continue
      case .peek: if source.holds(step.a, at) { result = .end(at) }
      case .notPeek: if !source.holds(step.a, at) { result = .end(at) }
      case .behind, .notBehind:
        let isMember = at > 0 && source.holds(step.a, source.back(at))
        if isMember == (step.code == .behind) { result = .end(at) }
      case .ahead, .notAhead:
        var isFound = false
        switch recall(step, at, true) {
        case .failed?: break
        case .succeeded?: isFound = true
        case nil:
          switch run(source, Int(step.a), at, isAhead: true, limit: limit) {
          case .end: isFound = true
          case .none: break
          case .tooLong: return .tooLong
          }
          memory?.set(isFound ? .succeeded : .failed, step.slot, at...at)
        }
        if isFound == (step.code == .ahead) {
          place = Int(step.b)
          continue
        }
      case .boundary: if isBoundary(source, step, at) { result = .end(at) }
      case .accept:
        if isAhead { noteSuccess(from: base) }
        return .end(at)
      }
      switch result {
      case .end(let end):
        at = end
        place += 1
      case .succeeded:
        noteSuccess(from: base)
        return .end(at)
      case .failed:
        steps += 1
        guard let (next, end) = goBack(source, to: base) else { return .none }
        place = next
        at = end
      }
    }
  }

  // MARK: - Runs

  private mutating func takeRun(
    _ source: Source, _ step: RegexProgram.Instruction, _ place: Int, _ start: Int, isAhead: Bool
  ) -> Step {
    var at = start
    var low = start
    if step.c < 0 {
      if step.b > 0 {
        guard source.holds(step.a, at) else { return .failed }
        low = source.next(at)
      }
      if memory != nil {
        return takeRememberedRun(source, step, place, start, low, isAhead: isAhead)
      }
      at = low
      // The sets contain the further bytes of characters, but never the end.
      while source.holds(step.a, at) { at += 1 }
      steps += at - start
    } else {
      var taken: Int32 = 0
      while taken < step.c, source.holds(step.a, at) {
        at = source.next(at)
        taken += 1
        if taken == step.b { low = at }
      }
      guard taken >= step.b else { return .failed }
      steps += at - start
    }
    if at > low, step.code == .runGreedy {
      stack.append(
        Frame(kind: .greedy, place: Int32(place), start: start, low: low, current: at, limit: at))
    }
    return .end(at)
  }

  /// Takes a run without an upper limit. It stops where a run from a later place is known to have
  /// failed, since all ends beyond that place have been tried.
  private mutating func takeRememberedRun(
    _ source: Source, _ step: RegexProgram.Instruction, _ place: Int, _ start: Int, _ low: Int,
    isAhead: Bool
  ) -> Step {
    var at = start
    var known = recall(step, at, isAhead)
    while known == nil, source.holds(step.a, at) {
      at = source.next(at)
      known = recall(step, at, isAhead)
    }
    steps += at - start
    if known == .succeeded { return .succeeded }
    if known == .failed, at == start || step.code == .runPossessive {
      memory?.set(.failed, step.slot, start...at)
      return .failed
    }
    if step.code == .runPossessive {
      note(step.slot, start, at)
      return .end(at)
    }
    // The failed run from `at` had at least `b` characters; if `b` is 0, the end `at` was tried
    // too.
    let end = known == .failed && step.b == 0 ? source.back(at) : at
    stack.append(
      Frame(kind: .greedy, place: Int32(place), start: start, low: low, current: end, limit: at))
    return .end(end)
  }

  private mutating func takeLazily(
    _ source: Source, _ step: RegexProgram.Instruction, _ place: Int, _ start: Int, isAhead: Bool
  ) -> Step {
    if step.c < 0 {
      switch recall(step, start, isAhead) {
      case .failed?: return .failed
      case .succeeded?: return .succeeded
      case nil: break
      }
    }
    var at = start
    for _ in 0..<step.b {
      guard source.holds(step.a, at) else { return .failed }
      at = source.next(at)
    }
    let more = step.c < 0 ? Int.max : Int(step.c - step.b)
    stack.append(
      Frame(kind: .lazy, place: Int32(place), start: start, low: at, current: at, limit: more))
    return .end(at)
  }

  // MARK: - Backtracking

  /// The next open choice: its instruction and its place.
  private mutating func goBack(_ source: Source, to base: Int) -> (place: Int, at: Int)? {
    while stack.count > base {
      let top = stack.count - 1
      let frame = stack[top]
      switch frame.kind {
      case .other:
        stack.removeLast()
        return (Int(frame.place), frame.current)
      case .note:
        stack.removeLast()
        memory?.set(.failed, frame.place, frame.start...frame.limit)
      case .greedy:
        if frame.current > frame.low {
          let current = source.back(frame.current)
          if current > frame.low || memory != nil {
            stack[top].current = current
          } else {
            stack.removeLast()
          }
          return (Int(frame.place) + 1, current)
        }
        stack.removeLast()
        forget(source.instructions[Int(frame.place)], frame.start...frame.limit)
      case .lazy:
        if let next = lengthened(source, frame) {
          stack[top].current = next
          if frame.limit < Int.max { stack[top].limit -= 1 }
          return (Int(frame.place) + 1, next)
        }
        stack.removeLast()
        forget(source.instructions[Int(frame.place)], frame.start...frame.current)
      }
    }
    return nil
  }

  /// The end of a lazy run with one more character; nil if that is impossible or known to fail.
  private func lengthened(_ source: Source, _ frame: Frame) -> Int? {
    let step = source.instructions[Int(frame.place)]
    guard frame.limit > 0, source.holds(step.a, frame.current) else { return nil }
    let next = source.next(frame.current)
    guard step.c < 0, let memory else { return next }
    return memory.recall(step.slot, step.b > 0 ? frame.current : next) == .failed ? nil : next
  }

  // MARK: - Memory

  private func recall(
    _ step: RegexProgram.Instruction, _ at: Int, _ isAhead: Bool
  ) -> RegexMemory.Fact? {
    guard let memory, let fact = memory.recall(step.slot, at) else { return nil }
    return fact == .failed || isAhead ? fact : nil
  }

  private mutating func note(_ slot: Int32, _ start: Int, _ end: Int) {
    stack.append(
      Frame(kind: .note, place: slot, start: start, low: start, current: end, limit: end))
  }

  /// Remembers that an unlimited run fails from every place of a range.
  private mutating func forget(_ step: RegexProgram.Instruction, _ range: ClosedRange<Int>) {
    if step.c < 0 { memory?.set(.failed, step.slot, range) }
  }

  /// Remembers that all open choices on the stack have led to a match.
  private mutating func noteSuccess(from base: Int) {
    guard memory != nil else { return }
    for frame in stack[base...] {
      switch frame.kind {
      case .other: break
      case .note: memory?.set(.succeeded, frame.place, frame.start...frame.start)
      case .greedy, .lazy:
        let step = program.instructions[Int(frame.place)]
        let last = frame.current - Int(step.b)
        if step.c < 0, frame.start <= last {
          memory?.set(.succeeded, step.slot, frame.start...last)
        }
      }
    }
  }

  private func isBoundary(_ source: Source, _ step: RegexProgram.Instruction, _ at: Int) -> Bool {
    switch RegexBoundary(rawValue: step.a) {
    case .textStart?: return at == 0
    case .textEnd?: return at == source.count
    case .word?, .notWord?:
      let before = at > 0 && source.holds(step.b, source.back(at))
      return (before != source.holds(step.b, at)) == (step.a == RegexBoundary.word.rawValue)
    case nil: return false
    }
  }
}
