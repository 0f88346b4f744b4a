/// A set of kernels by name. Machines whose processors differ give the same last digits under one
/// profile, and different ones under two.
///
/// A profile is chosen before the program starts, by the variable `REPORTGEN_NUMERICS`: OpenBLAS and the
/// vector kernels read it when they are loaded.
package enum NumericsProfile: String, CaseIterable, Sendable, Codable {
  case avx2, avx512, portable

  /// The environment variable that chooses a profile.
  package static let variable = "REPORTGEN_NUMERICS"

  /// The profile of the widest instructions that this processor has.
  package static var widest: Self {
    [.avx512, .avx2].first(where: \.isAvailable) ?? .portable
  }

  /// Whether this processor can run it.
  package var isAvailable: Bool {
    switch self {
    case .avx2: Kernels(.avx2) != nil
    case .avx512: Kernels(.avx512) != nil
    case .portable: true
    }
  }
}
