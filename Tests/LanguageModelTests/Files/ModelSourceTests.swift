import Diagnostics
import LanguageModel
import Testing

struct ModelSourceTests {
  private static let commit = String(repeating: "0123456789", count: 4)
  private static let org = "models--EleutherAI--pythia-70m-v0"
  private let scratch: ScratchFolder
  private let cached: [String: String]

  init() throws {
    scratch = try ScratchFolder()
    cached = ["HF_HUB_CACHE": scratch.path + "/hub"]
  }

  /// A cache as `hf download` leaves it: files are links to blobs.
  private func download(
    _ folder: String = org, revision: String = "main", files: [String] = whole,
    at hub: String = "hub"
  ) throws {
    let base = "\(hub)/\(folder)"
    try scratch.write(Array(Self.commit.utf8), to: "\(base)/refs/\(revision)")
    for file in files {
      try scratch.write(Array("{}".utf8), to: "\(base)/blobs/\(file)-blob")
      try scratch.link(
        "\(base)/snapshots/\(Self.commit)/\(file)", to: "../../blobs/\(file)-blob")
    }
  }

  private static let whole = ["config.json", "tokenizer.json", "model.safetensors"]

  private func locate(
    _ model: String, revision: String = "main", environment: [String: String]? = nil
  ) throws -> LocatedModel {
    try ModelSource.locate(
      model: model, revision: revision, relativeTo: scratch.path + "/studies",
      environment: environment ?? cached)
  }

  private func refusal(
    _ model: String, revision: String = "main", kind: Diagnostic.Kind = .data
  ) -> String {
    message(kind: kind) { _ = try locate(model, revision: revision) } ?? ""
  }

  @Test func findsTheBuiltInModel() throws {
    let model = try locate("builtin:demo")
    #expect(model.name == "builtin:demo" && model.snapshot == nil && model.revision == nil)
    #expect(try model.folder.file("config.json")?.name == "builtin:demo/config.json")
    #expect(refusal("builtin:other", kind: .study).contains("expected builtin:demo"))
  }

  @Test func findsAFolderBesideTheStudy() throws {
    try scratch.write([1], to: "studies/models/mine/config.json")
    try scratch.write([1], to: "elsewhere/config.json")
    for name in ["models/mine", "./models/mine", "../elsewhere", scratch.path + "/elsewhere"] {
      let model = try locate(name)
      #expect(model.name == name && model.snapshot == nil)
      #expect(try model.folder.file("config.json")?.count == 1)
    }
    let home = try locate("~/elsewhere", environment: ["HOME": scratch.path])
    #expect(try home.folder.file("config.json")?.count == 1)
  }

  @Test func prefersAFolderOverAHubModelOfTheSameName() throws {
    try download()
    try scratch.write([1], to: "studies/EleutherAI/pythia-70m-v0/config.json")
    #expect(try locate("EleutherAI/pythia-70m-v0").snapshot == nil)
  }

  @Test(arguments: ["./none", "../none", "/none/at/all", "a/b/c", "with space", "a--b"])
  func namesTheFolderThatIsNotThere(name: String) {
    #expect(refusal(name).contains("model: expected the model's folder, found nothing"))
  }

  /// TransformerLens's short names, as its own table resolves them.
  @Test(arguments: [
    ("gpt2-small", "gpt2"), ("pythia-70m-v0", "EleutherAI/pythia-70m-v0"),
    ("tiny-stories-33M", "roneneldan/TinyStories-33M"),
    ("tiny-stories-instruct-1L-21M", "roneneldan/TinyStories-Instuct-1Layer-21M"),
    ("tiny-stories-2L-33M", "roneneldan/TinyStories-2Layers-33M"),
    ("opt-125m", "facebook/opt-125m"), ("gemma-2-2b-it", "google/gemma-2-2b-it"),
    ("qwen2.5-0.5b-instruct", "Qwen/Qwen2.5-0.5B-Instruct"),
    ("yi-6b-chat", "01-ai/Yi-6B-Chat"), ("Llama-2-7b", "meta-llama/Llama-2-7b-hf"),
    ("mistral-7b", "mistralai/Mistral-7B-v0.1"), ("phi-1_5", "microsoft/phi-1_5"),
    ("bloom-560m", "bigscience/bloom-560m"), ("gpt-j-6B", "EleutherAI/gpt-j-6B"),
  ])
  func knowsShortNamesOfTransformerLens(short: String, full: String) {
    let text = refusal(short)
    #expect(text.contains("\(short) is TransformerLens's name for \(full)."), "\(text)")
    #expect(text.contains("hf download \(full)"), "\(text)")
  }

  @Test func refusesAFileInThePlaceOfAFolder() throws {
    try scratch.write([1], to: "studies/model.safetensors")
    #expect(refusal("model.safetensors").contains("expected a folder with config.json"))
    try scratch.link("studies/gone", to: "nowhere")
    #expect(refusal("gone").contains("a link to nothing"))
  }

  @Test(arguments: [
    ("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("HF_HOME", "/hub"),
    ("XDG_CACHE_HOME", "/huggingface/hub"), ("HOME", "/.cache/huggingface/hub"),
  ])
  func looksWhereTheHubLibraryLooks(variable: String, place: String) throws {
    try download(at: "cache" + place)
    let model = try locate(
      "EleutherAI/pythia-70m-v0", environment: [variable: scratch.path + "/cache", "HF_TOKEN": "x"])
    #expect(model.name == "EleutherAI/pythia-70m-v0" && model.revision == "main")
    #expect(model.snapshot == Self.commit && model.notes.isEmpty)
    #expect(try model.folder.file("model.safetensors", mapped: true)?.count == 2)
  }

  @Test func earlierVariablesHideLaterOnesAndEmptyOnesNothing() throws {
    try download()
    let home = ["HF_HOME": scratch.path, "HF_HUB_CACHE": ""]
    #expect(try locate("EleutherAI/pythia-70m-v0", environment: home).snapshot == Self.commit)
    let hidden = ["HF_HOME": scratch.path, "HF_HUB_CACHE": "/nowhere"]
    let text = message {
      _ = try locate("EleutherAI/pythia-70m-v0", environment: hidden)
    }
    #expect(text?.contains("the cache /nowhere") == true)
    let nothing = message { _ = try locate("EleutherAI/pythia-70m-v0", environment: [:]) }
    // The home folder is then the system's.
    #expect(nothing?.contains("/.cache/huggingface/hub, found") == true)
    #expect(nothing?.contains("~") == false)
  }

  @Test func followsBranchesTagsAndCommits() throws {
    try download(revision: "step/143000")
    for revision in ["step/143000", Self.commit] {
      let model = try locate("EleutherAI/pythia-70m-v0", revision: revision)
      #expect(model.snapshot == Self.commit && model.revision == revision)
    }
    let text = refusal("EleutherAI/pythia-70m-v0", revision: "step1")
    #expect(text.contains("the revision step1"))
    #expect(text.contains("hf download EleutherAI/pythia-70m-v0 --revision step1"))
    let other = String(repeating: "a", count: 40)
    #expect(refusal("EleutherAI/pythia-70m-v0", revision: other).contains("--revision \(other)"))
  }

  @Test(arguments: ["../../x", "/etc", "", "a b", "-x", "a;rm", "a//b", "é"])
  func refusesARevisionThatIsNoName(revision: String) throws {
    try download()
    let text = refusal("EleutherAI/pythia-70m-v0", revision: revision, kind: .study)
    #expect(text.contains("revision: expected a branch"))
  }

  @Test func givesTheCommandForAnAbsentModel() {
    let text = refusal("EleutherAI/pythia-70m-v0")
    #expect(text.contains("/studies/EleutherAI/pythia-70m-v0 or a model in the cache"))
    #expect(text.hasSuffix("\n  Get it: hf download EleutherAI/pythia-70m-v0 --revision main"))
    #expect(refusal("gpt2").hasSuffix("hf download gpt2 --revision main"))
  }

  @Test func knowsTransformerLenssNames() throws {
    let absent = refusal("pythia-70m-v0")
    #expect(absent.contains("is TransformerLens's name for EleutherAI/pythia-70m-v0."))
    #expect(absent.hasSuffix("hf download EleutherAI/pythia-70m-v0 --revision main"))
    try download()
    let model = try locate("pythia-70m-v0")
    #expect(model.name == "EleutherAI/pythia-70m-v0" && model.notes.count == 1)
    try download("models--pythia-70m-v0")
    #expect(try locate("pythia-70m-v0").name == "pythia-70m-v0")
  }

  @Test(arguments: whole)
  func namesALinkWhoseBlobIsMissing(file: String) throws {
    try download(files: Self.whole.filter { $0 != file })
    try scratch.link("hub/\(Self.org)/snapshots/\(Self.commit)/\(file)", to: "../../blobs/gone")
    let text = refusal("EleutherAI/pythia-70m-v0")
    for word in [": \(file): ", "a link to a blob that is not there", "Get it: hf download "] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }

  @Test(arguments: ["config.json", "model.safetensors"])
  func namesAnUnfinishedDownload(file: String) throws {
    try download(files: Self.whole.filter { $0 != file })
    try scratch.write([1], to: "hub/\(Self.org)/blobs/abc.incomplete")
    let text = refusal("EleutherAI/pythia-70m-v0")
    for word in [": \(file): ", "blobs/abc.incomplete is unfinished", "hf download "] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }

  @Test func namesAShardThatHasNotCome() throws {
    try download(files: ["config.json", "1.safetensors"])
    let index = #"{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}"#
    try scratch.write(
      Array(index.utf8),
      to: "hub/\(Self.org)/snapshots/\(Self.commit)/model.safetensors.index.json")
    let text = refusal("EleutherAI/pythia-70m-v0")
    #expect(text.contains(": 2.safetensors: expected a finished download, found no such file"))
    try download(files: ["2.safetensors"])
    #expect(try locate("EleutherAI/pythia-70m-v0").snapshot == Self.commit)
  }

  @Test func aLeftoverOfAnotherDownloadDoesNotMatter() throws {
    try download()
    try scratch.write([1], to: "hub/\(Self.org)/blobs/abc.incomplete")
    #expect(try locate("EleutherAI/pythia-70m-v0").snapshot == Self.commit)
  }

  @Test func refusesADamagedReference() throws {
    try download()
    try scratch.write(Array("../../../etc\n".utf8), to: "hub/\(Self.org)/refs/main")
    let text = refusal("EleutherAI/pythia-70m-v0")
    #expect(text.contains("refs/main: expected a commit of 40 hexadecimal digits"))
  }
}
