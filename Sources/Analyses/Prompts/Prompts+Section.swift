import Charts
import ReportModel
import StudyFile

extension Prompts {
  package func section(_ result: [Prompt], in study: FindingsStudy) -> Section? {
    guard !result.isEmpty else { return nil }
    let changed = result.count { !$0.keepsItsFirst }
    let prose = """
      The most likely next tokens after \(result.count.of("prompt")), clean and with \
      \(study.neuron) set to \(study.file.ablation.value.words) at every position, BOS included. \
      Ablation changes the most likely token after \(changed) of \(result.count). Rank 0 is the \
      most likely token; log-probabilities are in nats. A probability can rise while the logit \
      falls, when the other logits fall further, so logit, log-probability and rank stand side by \
      side.
      """
    let blocks = result.enumerated().flatMap { index, prompt -> [Section.Block] in
      [
        .figure(Self.figure(prompt, number: index + 1, neuron: study.neuron)),
        .prose(Self.heading(prompt, number: index + 1, front: study.model.front ?? 1)),
      ] + (Self.answerTable(prompt).map { [.table($0)] } ?? [])
    }
    return Section(
      id: Self.id, title: "Prompts", part: .need,
      finding: "Ablation changes the most likely token after \(changed) of "
        + "\(result.count.of("prompt")).", isFolded: true,
      blocks: [.table(Self.overview(result))] + blocks + [.prose(prose)])
  }

  /// A table with one row for each prompt's answer.
  private static func overview(_ result: [Prompt]) -> DataTable {
    DataTable(
      title: "Answers, clean and ablated",
      header: [
        "prompt", "answer", "rank", "rank, ablated", "probability, %", "ablated, %",
        "change of log-probability",
      ],
      rows: result.flatMap { prompt in
        prompt.answers.map { answer in
          [
            .text(Wording.quoted(prompt.text, limit: 40)), .text(ReadableText.token(answer.token)),
            .integer(answer.clean.rank), .integer(answer.ablated.rank),
            .number(100 * answer.clean.probability, decimals: 1),
            .number(100 * answer.ablated.probability, decimals: 1),
            .number(answer.ablated.logProbability - answer.clean.logProbability, decimals: 3),
          ]
        }
      })
  }

  private static func heading(_ prompt: Prompt, number: Int, front: Int) -> String {
    let tokens = prompt.tokens.dropFirst(front).map { Markdown.code(ReadableText.token($0)) }
    return """
      **Prompt \(number)**: “\(Markdown.text(prompt.text))”, \
      \(tokens.count.of("token"))\(front > 0 ? " after BOS" : ""): \(tokens.joined(separator: " "))
      """
  }

  private static func figure(_ prompt: Prompt, number: Int, neuron: NeuronAddress) -> Figure {
    let chart = BarChart(
      title: "Next tokens after prompt \(number)", x: Axis("Probability", unit: "%"),
      groups: [.init("clean"), .init("\(neuron) ablated")],
      rows: prompt.either.map {
        BarChart.Row($0.token, 100 * $0.clean.probability, 100 * $0.ablated.probability)
      }, labelsAreTokens: true)
    let runs = ["rank", "logit", "log-probability", "probability"]
    let data = DataTable(
      header: ["token", "id"] + runs.map { "\($0), clean" } + runs.map { "\($0), ablated" },
      rows: prompt.either.map {
        [.text(ReadableText.token($0.token)), .id($0.id)] + cells($0.clean) + cells($0.ablated)
      })
    return Figure(
      id: "prompt-\(number)", caption: caption(prompt, neuron: neuron),
      note: prompt.answers.map(sentence).joined(separator: " "), chart: .bars(chart), data: data)
  }

  private static func cells(_ score: TokenScore) -> [DataTable.Cell] {
    [
      .integer(score.rank), .number(score.logit, decimals: 2),
      .number(score.logProbability, decimals: 3), .number(score.probability, decimals: 6),
    ]
  }

  /// The most likely token of both runs.
  package static func caption(_ prompt: Prompt, neuron: NeuronAddress) -> String {
    var first = "After \(Wording.quoted(prompt.text)):"
    if let clean = prompt.clean.first, let ablated = prompt.ablated.first {
      first =
        "After \(Wording.quoted(prompt.text)), the most likely token is \(Wording.quoted(clean.token)) "
        + "(\(percent(clean.probability))); with \(neuron) ablated it is "
        + (prompt.keepsItsFirst ? "still " : "") + Wording.quoted(ablated.token)
        + " (\(percent(ablated.probability)))."
    }
    return first
  }

  private static func sentence(_ answer: FollowedToken) -> String {
    let (clean, ablated) = (answer.clean, answer.ablated)
    let logits = "\(Wording.fixed(clean.logit, 2)) to \(Wording.fixed(ablated.logit, 2))"
    let logProbabilities =
      "\(Wording.fixed(clean.logProbability, 3)) to \(Wording.fixed(ablated.logProbability, 3))"
    let rank =
      clean.rank == ablated.rank
      ? "stays at rank \(clean.rank)" : "goes from rank \(clean.rank) to rank \(ablated.rank)"
    let rises = ablated.logProbability > clean.logProbability
    let isCrossed = rises ? ablated.logit < clean.logit : ablated.logit > clean.logit
    let crossing =
      !isCrossed
      ? ""
      : rises
        ? ": it becomes likelier though its logit falls, since the others fall further"
        : ": it becomes less likely though its logit rises, since others rise further"
    return "The answer \(Wording.quoted(answer.token)) \(rank); its logit goes from \(logits), its "
      + "log-probability from \(logProbabilities)\(crossing)."
  }

  private static func percent(_ share: Double) -> String {
    NumberText.significant(100 * share) + " %"
  }

  /// A table of each answer's scores, clean and ablated, and their changes; nil without answers.
  static func answerTable(_ prompt: Prompt) -> DataTable? {
    guard !prompt.answers.isEmpty else { return nil }
    return DataTable(
      title: "Answers after \(Wording.quoted(prompt.text, limit: 40))",
      header: ["answer", "run", "rank", "logit", "log-probability", "probability"],
      rows: prompt.answers.flatMap { answer -> [[DataTable.Cell]] in
        let (clean, ablated) = (answer.clean, answer.ablated)
        let change = TokenScore(
          rank: ablated.rank &- clean.rank, logit: ablated.logit - clean.logit,
          probability: ablated.probability - clean.probability,
          logProbability: ablated.logProbability - clean.logProbability)
        return [("clean", clean), ("ablated", ablated), ("change", change)].map { run, score in
          [.text(ReadableText.token(answer.token)), .text(run)] + cells(score)
        }
      })
  }
}
