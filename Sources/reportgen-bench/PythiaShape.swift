import ArgumentParser

/// The sizes of the Pythia models that a benchmark can imitate.
enum PythiaShape: String, CaseIterable, ExpressibleByArgument {
  case m14 = "14m"
  case m31 = "31m"
  case m70 = "70m"
  case m160 = "160m"
  case m410 = "410m"
  case b1 = "1b"

  /// Layers, d_model, heads.
  var sizes: (layers: Int, dModel: Int, heads: Int) {
    switch self {
    case .m14: (6, 128, 4)
    case .m31: (6, 256, 8)
    case .m70: (6, 512, 8)
    case .m160: (12, 768, 12)
    case .m410: (24, 1024, 16)
    case .b1: (16, 2048, 8)
    }
  }

  static let vocabulary = 50_304
}
