#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An array of numbers that is encoded as its bytes in this machine's byte order. It serves the
/// cache, which reads millions of numbers at once.
@propertyWrapper
package struct PackedArray<Number: BitwiseCopyable & Sendable>: Sendable {
  package var wrappedValue: [Number]

  package init(wrappedValue: [Number]) {
    self.wrappedValue = wrappedValue
  }
}

extension PackedArray: Equatable where Number: Equatable {}

extension PackedArray: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    let stride = MemoryLayout<Number>.stride
    guard data.count.isMultiple(of: stride) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(data.count) bytes of numbers of \(stride)")
    }
    wrappedValue = Array(unsafeUninitializedCapacity: data.count / stride) { buffer, count in
      data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      count = data.count / stride
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.withUnsafeBytes { Data($0) })
  }
}
