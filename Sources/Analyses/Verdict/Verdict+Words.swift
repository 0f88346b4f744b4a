import StudyFile

extension Verdict {
  static func sentence(_ numbers: Numbers, _ label: Label, _ tests: [Test]) -> String {
    let passed = tests.count { $0.outcome == .passed }
    let claim = numbers.subject.claim(numbers.target)
    let opening =
      switch label {
      case .strong: "The evidence that \(claim) is strong"
      case .strongInSample:
        "The evidence that \(claim) is strong on the documents that \(numbers.subject.inSample)"
      case .weak: "The evidence that \(claim) is weak"
      case .none: none(numbers)
      }
    let numbersSaid = tests.prefix(3).filter { $0.outcome != .notRun }.map(\.words)
    let open = tests.filter { $0.outcome != .passed }.map { test in
      "\(test.name.rawValue) (\(test.outcome == .failed ? "failed" : test.words))"
    }
    return "\(opening): \(count(passed, of: tests.count)). "
      + numbersSaid.map { capitalised($0) + ". " }.joined()
      + (open.isEmpty ? "" : "Not passed: \(Wording.list(open)).")
  }

  /// `4 of 4 tests are passed`, `none of the 4 tests is passed`
  static func count(_ passed: Int, of tests: Int) -> String {
    passed == 0
      ? "none of the \(tests) tests is passed"
      : "\(passed) of \(tests) tests \(passed == 1 ? "is" : "are") passed"
  }

  /// What can be ruled out, never that there is no such neuron.
  private static func none(_ numbers: Numbers) -> String {
    let percent = testedPercent(numbers)
    let ends = [percent?.low, percent?.high].compactMap { $0?.magnitude }
    guard let largest = ends.max() else {
      return numbers.subject.tellsNothing(numbers.target)
    }
    return "Without \(numbers.subject.name) no change of the loss on \(numbers.target) larger than "
      + "\(Wording.fixed(largest, 2)) % is to be expected, and the interval includes none"
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  static func keyFigures(_ numbers: Numbers) -> [Headline] {
    let isSet = numbers.subject.subject == .set
    let without = isSet ? "them" : "it"
    var figures = [
      Headline(label: isSet ? "Neurons" : "Neuron", value: numbers.names, note: "")
    ]
    if let accuracy = numbers.notebook.accuracy {
      figures.append(
        Headline(
          label: "Held-out accuracy", value: Wording.percent(accuracy),
          note: "alone, on the notebook's documents, mean over "
            + "\(numbers.notebook.splits.of("split")); chance 50 %",
          numbers: [100 * accuracy]))
    }
    if let detection = numbers.detection {
      let interval = detection.mcc.interval(3)
      figures += [
        Headline(
          label: "Held-out MCC", value: Wording.fixed(detection.mcc.value, 3),
          note: "\(isSet ? "together" : "alone"), on tokens of held-out documents"
            + words(interval),
          numbers: [detection.mcc.value], interval: interval)
      ]
      if let place = detection.place {
        figures.append(
          Headline(
            label: "Rank by that", value: place.grouped,
            note: "of all \(detection.neurons.of("neuron")) of the model",
            numbers: [Double(place)]))
      }
    }
    if let mean = numbers.notebook.mean {
      figures.append(
        Headline(
          label: "Mean activation",
          value: "\(Wording.number(mean.target)) / \(Wording.number(mean.other))",
          note: "\(numbers.target) / other", numbers: [mean.target, mean.other]))
    }
    if numbers.loss == nil, let loss = numbers.notebook.loss {
      figures.append(
        Headline(
          label: "Loss on \(numbers.target) without it",
          value: "\(Wording.signed(loss.change, 4)) nats",
          note: "\(Wording.signed(loss.percent, 2)) % per token, real tokens only",
          numbers: [loss.change]))
    }
    if let loss = numbers.loss {
      let interval = loss.change.interval(4)
      figures.append(
        Headline(
          label: "Loss on \(numbers.target) without \(without)",
          value: "\(Wording.signed(loss.change.value, 4)) nats",
          note: "\(Wording.signed(loss.percent.value, 2)) % per token, over "
            + "\(loss.documents.of("document"))" + words(interval),
          numbers: [loss.change.value], interval: interval))
    }
    if let controls = numbers.controls, controls.count > 0 {
      figures.append(
        Headline(
          label: "More than edits of equal size",
          value: "\(controls.beaten.grouped) of \(controls.count.grouped)", note: "",
          numbers: [Double(controls.beaten)]))
    }
    return figures
  }

  private static func words(_ interval: String?) -> String {
    interval.map { "; 95 % interval \($0)" } ?? ""
  }
}
