import LanguageModel
import LinearAlgebra
import Storage
import Tokenization

/// Measures each kernel on a pack of the sweep's size: elements per second, the share of the memory's
/// bandwidth, and the largest error against the definition in Double.
struct KernelBench {
  let shape: Architecture
  let workers: Int
  let tokenizer: FileBytes
  private let rows = 1024

  func run() throws -> [Measurement] {
    let (dModel, heads, dMLP) = (shape.dModel, shape.heads, shape.dMLP)
    let kernels = Kernels.best
    let bandwidth = bytesPerSecond()
    var table = [
      Measurement(name: "memory, copied", amount: bandwidth, unit: "B", seconds: 1)
    ]
    func add<Scratch: Sendable>(
      _ name: String, elements: Int, bytes: Double, _ scratch: Scratch,
      _ body: @escaping @Sendable (inout Scratch) -> Void,
      error: (Scratch) -> Double? = { _ in nil }
    ) {
      var once = scratch
      body(&once)
      let seconds = Stopwatch.seconds(cores: workers, scratch: { scratch }, body: body)
      table.append(
        Measurement(
          name: name, amount: Double(elements * workers), unit: "elements", seconds: seconds,
          bound: bandwidth / bytes, boundName: "memory bandwidth", error: error(once)))
    }
    let rows = rows
    func matrix(_ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { Float(($0 * 37) % 101) / 25 - 2 })
    }
    let (stream, hidden, block) = (matrix(dModel), matrix(dMLP), matrix(1024))
    /// The largest error of a result, given what `exact` makes of each row of the input.
    func error(
      of input: Matrix, _ exact: @escaping (_ x: [Double], _ row: Int) -> [Double]
    ) -> (Matrix) -> Double? {
      { found in
        KernelDefinitions.error(found) { exact(input.row($0).map(Double.init), $0) }
      }
    }

    // The queries and keys of the shape, in the rows that also hold its values.
    func addRotary() {
      let divisors = Rotary(dimensions: shape.rotatedDimensions, base: 10000).divisors
      let rotary = RotaryEmbedding(divisors: divisors, context: rows)
      let (turned, size) = (heads + shape.keyValueHeads, shape.dHead)
      let x = matrix(shape.attentionWidth + 2 * shape.keyValueWidth)
      add(
        "rotary", elements: rows * turned * 2 * divisors.count, bytes: 8, x,
        { rotary.apply(to: &$0, first: 0, count: rows, column: 0, heads: turned, headSize: size) },
        error: error(of: x) { x, row in
          (0..<turned).flatMap {
            KernelDefinitions.rotated(
              Array(x[$0 * size..<($0 + 1) * size]), position: row, divisors: divisors)
          } + x[(turned * size)...]
        })
    }

    add(
      "layer norm", elements: rows * dModel, bytes: 8, stream,
      { kernels.layerNorm(stream, count: rows, epsilon: 1e-5, into: &$0) },
      error: error(of: stream) { x, _ in KernelDefinitions.layerNorm(x, epsilon: 1e-5) })
    add(
      "RMS norm", elements: rows * dModel, bytes: 8, stream,
      { kernels.rmsNorm(stream, count: rows, epsilon: 1e-5, into: &$0) },
      error: error(of: stream) { x, _ in KernelDefinitions.rmsNorm(x, epsilon: 1e-5) })
    // The kernels run in place again and again; the bias keeps the numbers from fading into
    // subnormals.
    let bias = [Float](repeating: 0.5, count: dMLP)
    add(
      "bias + GELU", elements: rows * dMLP, bytes: 8, hidden,
      { kernels.biasGELU(&$0, $0.block(), bias: bias) },
      error: error(of: hidden) { x, _ in x.map { KernelDefinitions.gelu($0 + 0.5) } })
    add(
      "bias + tanh GELU", elements: rows * dMLP, bytes: 8, hidden,
      { kernels.biasActivation(&$0, $0.block(), bias: bias, .geluTanh) },
      error: error(of: hidden) { x, _ in x.map { KernelDefinitions.tanhGELU($0 + 0.5) } })
    add(
      "SiLU · gate", elements: rows * dMLP, bytes: 12, hidden,
      { out in
        kernels.gatedActivation(
          linear: hidden, hidden.block(), bias: bias[...], gate: hidden, hidden.block(),
          bias: bias[...], .silu, into: &out, out.block())
      },
      error: error(of: hidden) { x, _ in
        x.map { KernelDefinitions.silu($0 + 0.5) * ($0 + 0.5) }
      })
    add(
      "causal softmax", elements: rows * 1024, bytes: 8, block,
      { kernels.causalSoftmax(&$0, $0.block(), first: 0, scale: 0.125) },
      error: error(of: block) { x, row in
        KernelDefinitions.softmax(x.map { $0 * 0.125 }, seen: 0..<row + 1)
      })
    add(
      "windowed softmax", elements: rows * 256, bytes: 8, block,
      { kernels.causalSoftmax(&$0, $0.block(), first: 0, window: 256, scale: 0.125) },
      error: error(of: block) { x, row in
        KernelDefinitions.softmax(x.map { $0 * 0.125 }, seen: max(0, row - 255)..<row + 1)
      })
    let zero = [Float](repeating: 0, count: 1024)
    add(
      "cross-entropy (log-sum-exp)", elements: rows * 1024, bytes: 4, RunningLogSumExp(rows: rows),
      { $0.add(block, rows: rows, columns: 1024, bias: zero, offset: 0, kernels: kernels) },
      error: { running in
        let sums = Matrix(rows: rows, columns: 1, elements: (0..<rows).map { running[$0] })
        return error(of: block) { x, _ in [KernelDefinitions.logSumExp(x)] }(sums)
      })
    addRotary()
    add(
      "64-bin histograms", elements: rows * dMLP, bytes: 4,
      [UInt32](repeating: 0, count: 64 * dMLP),
      { kernels.countBins(hidden, hidden.block(), into: &$0) })
    add(
      "column sums, squares, extremes", elements: rows * dMLP, bytes: 4,
      ColumnMoments(columns: dMLP), { $0.read(hidden, hidden.block(), kernels: kernels) })
    table.append(try tokenizerRate())
    return table
  }

  /// The memory's bandwidth, bytes read and written per second, measured by copying far more than
  /// the cache holds.
  private func bytesPerSecond() -> Double {
    let source = [Float](repeating: 1, count: 1 << 24)
    let seconds = Stopwatch.seconds(
      cores: workers, rounds: 3, scratch: { [Float](repeating: 0, count: 1 << 24) },
      body: { $0.replaceSubrange(0..<source.count, with: source) })
    return 8 * Double(source.count * workers) / seconds
  }

  private func tokenizerRate() throws -> Measurement {
    let tokenizer = try Tokenizer(tokenizer)
    let text = try Folder.embedded.file("corpora/fr.txt").map { file in
      file.withBytes { String(decoding: $0, as: UTF8.self) }
    }
    let document = text ?? ""
    let tokens = tokenizer.encode(document).count
    let seconds = Stopwatch.seconds(
      cores: 1, scratch: { 0 }, body: { $0 += tokenizer.encode(document).count })
    return Measurement(
      name: "tokeniser, one core", amount: Double(tokens), unit: "tokens", seconds: seconds)
  }
}

extension Architecture {
  /// The dimensions of each head that are rotated; all of them in a model of other positions.
  fileprivate var rotatedDimensions: Int {
    if case .rotary(let rotary) = positions { rotary.dimensions } else { dHead }
  }
}
