import LanguageModel
import LinearAlgebra
import Storage
import Tokenization

/// Measures each kernel on a pack of the sweep's size: elements per second, and the share of the
/// memory's bandwidth.
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
    func add(_ name: String, elements: Int, bytes: Double, seconds: Double) {
      table.append(
        Measurement(
          name: name, amount: Double(elements * workers), unit: "elements", seconds: seconds,
          bound: bandwidth / bytes, boundName: "memory bandwidth"))
    }
    let rows = rows
    func matrix(_ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { Float(($0 * 37) % 101) / 25 - 2 })
    }
    let (stream, hidden, block) = (matrix(dModel), matrix(dMLP), matrix(1024))

    add(
      "layer norm", elements: rows * dModel, bytes: 8,
      seconds: time(stream) { out in
        kernels.layerNorm(stream, count: rows, epsilon: 1e-5, into: &out)
      })
    add(
      "RMS norm", elements: rows * dModel, bytes: 8,
      seconds: time(stream) { out in
        kernels.rmsNorm(stream, count: rows, epsilon: 1e-5, into: &out)
      })
    // The kernels run in place again and again; the bias keeps the numbers from fading into
    // subnormals.
    let bias = [Float](repeating: 0.5, count: dMLP)
    add(
      "bias + GELU", elements: rows * dMLP, bytes: 8,
      seconds: time(hidden) { x in
        kernels.biasGELU(&x, x.block(), bias: bias)
      })
    add(
      "bias + tanh GELU", elements: rows * dMLP, bytes: 8,
      seconds: time(hidden) { x in
        kernels.biasActivation(&x, x.block(), bias: bias, .geluTanh)
      })
    add(
      "SiLU · gate", elements: rows * dMLP, bytes: 12,
      seconds: time(matrix(dMLP)) { out in
        kernels.gatedActivation(
          linear: hidden, hidden.block(), bias: bias[...], gate: hidden, hidden.block(),
          bias: bias[...], .silu, into: &out, out.block())
      })
    add(
      "causal softmax", elements: rows * 1024, bytes: 8,
      seconds: time(block) { x in
        kernels.causalSoftmax(&x, x.block(), first: 0, scale: 0.125)
      })
    add(
      "windowed softmax", elements: rows * 256, bytes: 8,
      seconds: time(block) { x in
        kernels.causalSoftmax(&x, x.block(), first: 0, window: 256, scale: 0.125)
      })
    let zero = [Float](repeating: 0, count: 1024)
    add(
      "cross-entropy (log-sum-exp)", elements: rows * 1024, bytes: 4,
      seconds: time(RunningLogSumExp(rows: rows)) { running in
        running.add(block, rows: rows, columns: 1024, bias: zero, offset: 0, kernels: kernels)
      })
    // The queries and keys of the shape, in the rows that also hold its values.
    let own =
      if case .rotary(let rotary) = shape.positions { rotary } else {
        Rotary(dimensions: shape.dHead, base: 10000)
      }
    let rotary = RotaryEmbedding(
      divisors: own.divisors, adjacent: own.pairs == .adjacent, context: rows)
    let turned = heads + shape.keyValueHeads
    add(
      "rotary", elements: rows * turned * 2 * own.pairCount, bytes: 8,
      seconds: time(matrix(shape.attentionWidth + 2 * shape.keyValueWidth)) { x in
        rotary.apply(
          to: &x, first: 0, count: rows, column: 0, heads: turned, headSize: shape.dHead)
      })
    add(
      "64-bin histograms", elements: rows * dMLP, bytes: 4,
      seconds: time([UInt32](repeating: 0, count: 64 * dMLP)) { counts in
        kernels.countBins(hidden, hidden.block(), into: &counts)
      })
    add(
      "column sums, squares, extremes", elements: rows * dMLP, bytes: 4,
      seconds: time(ColumnMoments(columns: dMLP)) { moments in
        moments.read(hidden, hidden.block(), kernels: kernels)
      })
    table.append(try tokenizerRate())
    return table
  }

  private func time<Scratch: Sendable>(
    _ scratch: Scratch, _ body: @escaping @Sendable (inout Scratch) -> Void
  ) -> Double {
    Stopwatch.seconds(cores: workers, scratch: { scratch }, body: body)
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
