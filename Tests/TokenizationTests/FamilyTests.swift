import JSON
import Storage
import Testing
import Tokenization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tokenizers of whole families, whose files are too large to be carried along.
@Suite(
  .enabled(
    if: access(TestFiles.families, R_OK) == 0, "../shared/families holds tokenizers of families"))
struct FamilyTests {
  @Test(arguments: [
    ("gpt2", "models/gpt2"), ("gpt2", "models/gpt_neo"), ("llama2", "models/llama"),
    ("qwen2", "models/qwen2"), ("gemma", "models/gemma"), ("opt", "models/opt"),
    ("smollm2", "smollm2-tokenizer"),
  ])
  func idsAreThoseOfTheRecordedSamples(samples: String, model: String) throws {
    let tokenizer = try Tokenizer.find(in: Folder(path: TestFiles.families + model)).tokenizer
    let file = TestFiles.families + "tokenization/tokenization-\(samples).json"
    let json = try JSON(parsing: FileBytes(reading: file))
    let cases = try #require(json["cases"]?.array)
    #expect(cases.count == 240)
    for item in cases {
      let text = try #require(item["text"]?.string)
      let ids = tokenizer.encode(text).map { Int($0.id) }
      #expect(ids == item["ids"]?.array?.compactMap(\.integer), "\(text)")
      let whole = (tokenizer.front + tokenizer.back).map(Int.init)
      if let expected = item["with_special"]?.array?.compactMap(\.integer) {
        #expect(tokenizer.front.map(Int.init) + ids == expected)
      } else {
        #expect(whole.isEmpty)
      }
    }
  }

  @Test(arguments: [
    ("models/gpt2", "<|endoftext|>"), ("models/llama", "<s>"), ("models/opt", "</s>"),
    ("models/gemma", "<bos>"), ("models/qwen2", "<|endoftext|>"),
    ("smollm2-tokenizer", "<|im_start|>"),
  ])
  func beginningIsTheTokenizersOwn(model: String, token: String) throws {
    let tokenizer = try Tokenizer.find(in: Folder(path: TestFiles.families + model)).tokenizer
    #expect(tokenizer.beginning == [try #require(tokenizer.id(of: token))])
  }

  /// OPT's and GPT-2's old form: what the model's part of tokenizer.json holds, in two files.
  @Test(arguments: ["models/opt", "models/gpt2"])
  func vocabularyAndMergesStandInForTheWholeFile(model: String) throws {
    let folder = Folder(path: TestFiles.families + model)
    let whole = try Tokenizer.find(in: folder).tokenizer
    let json = try JSON(parsing: FileBytes(reading: TestFiles.families + model + "/tokenizer.json"))
    let members = try #require(json["model"]?["vocab"]?.object)
    let vocabulary = members.map { "\(Self.quoted($0.key)): \($0.value.integer ?? -1)" }
    let merges = try #require(json["model"]?["merges"]?.array).map { merge in
      (merge.array ?? []).compactMap(\.string).joined(separator: " ")
    }
    let texts = [
      "vocab.json": "{\(vocabulary.joined(separator: ", "))}",
      "merges.txt": "#version: 0.2\n\(merges.joined(separator: "\n"))\n",
    ]
    let files = Dictionary(
      uniqueKeysWithValues: texts.map { ($0, FileBytes(Array($1.utf8), name: $0)) })
    let slow = try Tokenizer.find(
      in: Folder(name: "model") { path, mapped in
        try files[path] ?? (path.hasSuffix("config.json") ? folder.file(path, mapped: mapped) : nil)
      }
    ).tokenizer
    let text = "Où est l'été de 2024 ?</s> <|endoftext|>  \n\tDe leden van de Commissie's"
    #expect(slow.encode(text) == whole.encode(text))
    #expect(slow.beginning == whole.beginning)
    #expect(slow.front == whole.front)
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
