import JSON
import LanguageModel
import Passes
import Storage
import Tokenization

// Whole models in one file.
extension Fuzzer {
  func runGGUF(_ random: inout FuzzRandom) throws {
    let sound = Self.tinyGGUF
    var (metadata, tensors, data) = (sound.metadata, sound.tensors, sound.data)
    switch random.below(6) {
    case 0, 1: metadata = TreeMutator(metadata).mutated(&random)
    case 2, 3: tensors = TreeMutator(tensors).mutated(&random)
    case 4: data = ByteMutator.mutated(data, &random)
    default: break
    }
    var bytes = TinyGGUF.file(metadata, tensors, data)
    switch random.below(8) {
    case 0: bytes = ByteMutator.mutated(bytes, &random)
    case 1: bytes = Array(bytes.prefix(random.below(bytes.count + 1)))
    case 2:
      // Counts and types stand in front and are what a reader trusts.
      let place = random.below(min(bytes.count, 900))
      bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF])
    default: break
    }
    let folder = Folder(name: "model", files: ["a.gguf": FileBytes(bytes, name: "model/a.gguf")])
    let files = try ModelFiles(gguf: "a.gguf", in: folder)
    let tokenizer = try Tokenizer.Found(files.tokenizer).tokenizer
    let ids = tokenizer.encode("a ab<s> b\n").map(\.id)
    guard ids.allSatisfy({ (0..<Int32(tokenizer.vocabularySize)).contains($0) }) else {
      throw OutputFault(description: "a token outside its vocabulary")
    }
    try Self.run(files.checkpoint, files.architecture)
  }

  private static let tinyGGUF = TinyGGUF()
}
