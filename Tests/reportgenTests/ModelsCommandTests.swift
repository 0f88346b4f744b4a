import Testing

struct ModelsCommandTests {
  @Test func listsEveryFamily() throws {
    let run = try TinyStudy().run(["models"])
    #expect(run.status == 0)
    for family in ["gpt_neox", "gpt2", "llama", "qwen3", "gemma2", "bloom", "olmo"] {
      #expect(run.output.contains(family), "\(family) in \(run.output)")
    }
  }

  @Test func saysWhatAModelIs() throws {
    let run = try TinyStudy().run(["models", "model"])
    #expect(run.status == 0, "\(run.errors)")
    for words in ["model can be studied", "gpt_neox", "2 layers", "parallel, layer norms"] {
      #expect(run.output.contains(words), "\(words) in \(run.output)")
    }
  }

  @Test func refusesWhatItCannotRun() throws {
    let study = try TinyStudy()
    try study.config("\"gpt_neox\"", "\"mixtral\"")
    let run = try study.run(["models", "model"])
    #expect(run.status == 3 && run.errors.contains("model_type"), "\(run.errors)")
  }
}
