import LanguageModel
import LinearAlgebra

/// The rate of single-precision matrix products in the shapes that the sweep uses, on all cores.
struct ProductBench {
  struct Shape {
    var name: String
    var m: Int
    var n: Int
    var k: Int
    /// Whether the second operand is read transposed, as weights are.
    var transposed = true
    /// The distance between rows in floats if the operands are parts of wider matrices.
    var stride: Int?

    var operations: Double { 2 * Double(m) * Double(n) * Double(k) }
  }

  /// A product that no shape of a model limits: the best rate that a sweep can hope for.
  static let square = Shape(name: "square", m: 2048, n: 2048, k: 2048)

  static func shapes(of model: Architecture, rows: Int = 1024) -> [Shape] {
    let (dModel, dHead) = (model.dModel, model.dHead)
    let width = model.attentionWidth + 2 * model.keyValueWidth
    // The two input weights of a gated MLP are multiplied as one matrix, fewer rows at a time.
    let mlp = (
      rows: model.mlp.isGated ? ForwardPass.gatedBlock : rows,
      columns: model.mlp.readers.count * model.dMLP
    )
    return [
      Shape(name: "queries, keys, values", m: rows, n: width, k: dModel),
      Shape(name: "MLP in", m: mlp.rows, n: mlp.columns, k: dModel),
      Shape(name: "attention and MLP out", m: rows, n: dModel, k: model.hiddenWidth),
      Shape(name: "logits (a block)", m: rows, n: 512, k: dModel),
      Shape(name: "attention scores", m: 32, n: 384, k: dHead, stride: width),
      Shape(
        name: "attention values", m: 32, n: dHead, k: 384, transposed: false, stride: width),
    ]
  }

  /// The operations per second of each shape, keyed by its name.
  static func rates(_ shapes: [Shape], cores: Int) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: shapes.map { ($0.name, rate($0, cores: cores)) })
  }

  /// The operations per second of one shape on all cores together, as a mean over some seconds.
  ///
  /// A machine can multiply faster for a fraction of a second than for minutes, and what is compared
  /// with this rate runs for minutes. The rounds are therefore one after the other without a pause,
  /// and all of them count.
  private static func rate(_ shape: Shape, cores: Int) -> Double {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    let b = Block(
      rows: shape.transposed ? n : k, columns: shape.transposed ? k : n)
    func filled(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns, elements: (0..<rows * columns).map { Float($0 % 7) - 3 })
    }
    let left = filled(m, shape.transposed ? shape.stride ?? k : k)
    let right = filled(b.rows, shape.stride ?? b.columns)
    let a = Block(rows: m, columns: k)
    let seconds = Stopwatch.sustainedSeconds(
      cores: cores, scratch: { Matrix(rows: m, columns: n) },
      body: { product in
        if shape.transposed {
          MatrixProduct.timesTransposed(left, a, right, b, into: &product, product.block())
        } else {
          MatrixProduct.times(left, a, right, b, into: &product, product.block())
        }
      })
    return shape.operations * Double(cores) / seconds
  }
}
