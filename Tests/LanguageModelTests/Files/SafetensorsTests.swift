import LanguageModel
import Storage
import Testing

struct SafetensorsTests {
  private func open(_ bytes: [UInt8]) throws -> Safetensors {
    try Safetensors(FileBytes(bytes, name: "x.safetensors"))
  }

  private func header(_ tensors: String, data: Int) -> [UInt8] {
    TinyCheckpoint.file(header: "{\(tensors)}", data: Array(repeating: 0, count: data))
  }

  private func entry(_ shape: String, _ offsets: String, _ type: String = "F32") -> String {
    #""a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test func readsEntriesInTheOrderOfTheirData() throws {
    let text =
      #""b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"#
      + #""__metadata__":{"format":"pt"},"empty":{"dtype":"I64","shape":[0,7],"#
      + #""data_offsets":[8,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}"#
    let file = try open(header(text, data: 12))
    #expect(file.tensors.map(\.name) == ["a", "empty", "b"])
    #expect(file.tensors.map(\.bytes.count) == [8, 0, 4])
    #expect(file.tensors[1].shape == [0, 7])
  }

  @Test func acceptsSpacesAfterTheHeaderAndUnalignedData() throws {
    for padding in 0..<8 {
      let bytes = TinyCheckpoint.safetensors([.init("a", "F16", [3])], padding: padding)
      #expect(try open(bytes).tensors.count == 1)
    }
  }

  /// trust.md, row 12.
  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS pointer"),
    ("<!DOCTYPE html>\n<html>", "an HTML page"), ("  <html lang=\"en\">", "an HTML page"),
    ("PK\u{3}\u{4}abcdefgh", "a PyTorch pickle"),
  ])
  func saysWhatAFileLooksLike(text: String, words: String) {
    let text = message { _ = try open(Array(text.utf8)) }
    #expect(text?.contains(words) == true, "\(text ?? "")")
  }

  private static let brokenHeaders: [([UInt8], [String])] = [
    ([], ["byte 0", "8 bytes of a header length", "0 bytes"]),
    ([1, 2, 3, 4, 5, 6, 7], ["byte 0", "a file of 7 bytes"]),
    (TinyCheckpoint.file(header: "{}", length: 3), ["at most 2", "found 3"]),
    (TinyCheckpoint.file(header: "{}", length: 1 << 63), ["at most 2", "9223372036854775808"]),
    (TinyCheckpoint.file(header: "{}", length: .max), ["found 18446744073709551615"]),
    (TinyCheckpoint.file(header: "", length: 0), ["byte 8", "an empty header"]),
    (TinyCheckpoint.file(header: " {}"), ["byte 8", "starts with {", "byte 0x20"]),
    (TinyCheckpoint.file(header: "{}\0\0"), ["byte 10", "NUL padding"]),
    (TinyCheckpoint.file(header: "{\"a\""), ["header, line 1, column 5", "cut short"]),
    (TinyCheckpoint.file(header: "{\"a\":{},\"a\":{}}"), ["\"a\" twice"]),
  ]

  /// trust.md, rows 2, 13, 14 and 15.
  @Test(arguments: brokenHeaders)
  func refusesABrokenHeader(bytes: [UInt8], words: [String]) {
    let text = message { _ = try open(bytes) }
    for word in ["error: x.safetensors: "] + words {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  @Test func refusesAHeaderOfMoreThanAHundredMegabytesBeforeReadingIt() {
    let length = 100_000_001
    let bytes = withUnsafeBytes(of: UInt64(length).littleEndian, Array.init)
    let text = message { _ = try open(bytes + Array(repeating: 0x7B, count: length)) }
    #expect(text?.contains("at most 100000000, found 100000001") == true, "\(text ?? "")")
  }

  private static let brokenEntries: [(String, String, String, Int, [String])] = [
    ("[1]", "[0,4]", "F32", 8, ["byte 66", "after a", "4 trailing bytes"]),
    ("[2]", "[0,8]", "F32", 4, ["a: data_offsets", "within the 4 bytes", "[0, 8]"]),
    ("[1]", "[4,8]", "F32", 8, ["a: data_offsets", "a start at 0", "a gap: [4, 8]"]),
    ("[1]", "[0,8]", "F32", 8, ["4 bytes for F32", "8 bytes, [0, 8]"]),
    ("[1]", "[4,0]", "F32", 4, ["a: data_offsets", "[4, 0]"]),
    ("[1]", "[-4,0]", "F32", 4, ["a: data_offsets", "[-4, 0]"]),
    ("[1]", "[0]", "F32", 4, ["a: data_offsets", "[0]"]),
    ("[1]", "[0.0,4]", "F32", 4, ["a: data_offsets", "[0.0, 4]"]),
    ("[1]", "\"0,4\"", "F32", 4, ["a: data_offsets", "a string"]),
    ("[4294967296,4294967296]", "[0,4]", "F32", 4, ["a: shape", "4294967296, 4294967296"]),
    ("[9223372036854775807,3]", "[0,4]", "F32", 4, ["a: shape", "64 bits"]),
    ("[9223372036854775808]", "[0,4]", "F32", 4, ["a: shape", "[9223372036854775808]"]),
    ("[-1]", "[0,4]", "F32", 4, ["a: shape", "whole numbers from 0", "[-1]"]),
    ("[1.0]", "[0,4]", "F32", 4, ["a: shape", "[1.0]"]),
    ("[1e3]", "[0,4]", "F32", 4, ["a: shape", "[1e3]"]),
    ("7", "[0,4]", "F32", 4, ["a: shape", "a list of sizes", "found 7"]),
    ("[1]", "[0,4]", "F128", 4, ["a: dtype", "BF16", "\"F128\""]),
    ("[1]", "[0,1]", "F4", 1, ["a: data_offsets", "0 bytes for F4"]),
  ]

  /// trust.md, rows 16, 17 and 18.
  @Test(arguments: brokenEntries)
  func refusesBrokenEntries(
    shape: String, offsets: String, type: String, data: Int, words: [String]
  ) {
    let text = message { _ = try open(header(entry(shape, offsets, type), data: data)) }
    for word in words { #expect(text?.contains(word) == true, "\(word) in \(text ?? "")") }
  }

  @Test(arguments: [("[8,12]", "a gap: [8, 12]"), ("[2,6]", "an overlap: [2, 6]")])
  func namesTheTensorAfterAGapOrAnOverlap(offsets: String, words: String) {
    let a = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    let b = #""b":{"dtype":"F32","shape":[1],"data_offsets":\#(offsets)}"#
    let text = message { _ = try open(header(a + "," + b, data: 12)) }
    for word in ["b: data_offsets: expected a start at 4", words] {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  @Test func refusesMetadataThatIsNotText() {
    let text = message { _ = try open(header(#""__metadata__":{"format":1}"#, data: 0)) }
    #expect(text?.contains("__metadata__: expected an object of strings") == true)
  }

  @Test func toleratesAnEmptyTensorWhoseOtherSizesMultiplyPastEverything() throws {
    let text = entry("[0,4611686018427387904,4611686018427387904]", "[0,0]")
    let file = try open(header(text, data: 0))
    #expect(try TensorView(file.tensors[0]).count == 0)
  }
}
