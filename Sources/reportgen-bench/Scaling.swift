import ArgumentParser
import Foundation
import JSON
import LinearAlgebra
import Passes
import StudyFile

/// Measures how a sweep's time and memory grow with its tokens, and how much faster more cores are.
struct Scaling: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures sweeps of 10^4 to 10^6 tokens, and one worker against all.")

  @OptionGroup var study: BenchStudy

  @Option(help: "Tokens of both classes together, ascending.")
  var tokens = [10_000, 100_000, 1_000_000]

  @Option(help: "Documents of each class that are probed.")
  var probe = 20

  @Option(help: "Write the figures as JSON to this file.")
  var json: String?

  /// The figures of one sweep.
  private struct Row: Encodable {
    var tokens: Int
    var workers: Int
    var seconds: Double
    var operations: Double
    /// The peak memory of the process so far, in bytes; sweeps run from small to large.
    var peakBytes: Int
  }

  func run() throws {
    var rows: [Row] = []
    try study.withModel { folder in
      for size in tokens {
        rows.append(try measure(size, folder: folder, workers: ParallelLoop.cores))
      }
      // The second largest size is used, so that the run with one worker does not take all day.
      let size = tokens.dropLast().last ?? tokens[0]
      for workers in [1, ParallelLoop.cores] {
        rows.append(try measure(size, folder: folder, workers: workers))
      }
    }
    if let first = rows.dropLast(2).first, let last = rows.dropLast(2).last {
      let growth = last.seconds / Double(last.tokens) / (first.seconds / Double(first.tokens))
      print(String(format: "seconds per token, most tokens to fewest: %.2f", growth))
    }
    let pair = rows.suffix(2).map(\.seconds)
    print(String(format: "%d workers to one: %.2f×", ParallelLoop.cores, pair[0] / pair[1]))
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      try encoder.encode(rows).write(to: URL(filePath: json))
    }
  }

  private func measure(_ tokens: Int, folder: String, workers: Int) throws -> Row {
    let texts = study.texts
    // All documents are tokenised once to know how many make up the size.
    let whole = try SweepBench(
      study.yaml(
        model: folder, target: texts.target, other: texts.other, documents: 100_000, probe: probe),
      folder: folder
    ).study
    var paths: [String] = []
    for (reference, name) in [(CorpusReference.target, "target"), (.other, "other")] {
      let path = "\(folder)/\(name)-\(tokens).txt"
      try Data(Self.text(of: whole, reference, tokens: tokens / 2).utf8)
        .write(to: URL(filePath: path))
      paths.append(path)
    }
    let sweep = try SweepBench(
      study.yaml(
        model: folder, target: paths[0], other: paths[1], documents: 1_000_000, probe: probe),
      folder: folder)
    let outcome = try sweep.run(workers: workers)
    let row = Row(
      tokens: outcome.tokens, workers: workers, seconds: outcome.seconds,
      operations: outcome.operations.total, peakBytes: Measurement.peakBytes)
    print(
      String(
        format: "%8d tokens, %d workers: %7.2f s, %6.0f tokens/s, ", row.tokens, workers,
        row.seconds, Double(row.tokens) / row.seconds)
        + BenchReport.scaled(row.operations / row.seconds, "FLOP/s")
        + ", peak memory \(row.peakBytes / 1_000_000) MB")
    return row
  }

  /// The documents of a class, one per line, repeated from the first until there are enough tokens.
  private static func text(
    of study: ResolvedStudy, _ reference: CorpusReference, tokens: Int
  ) -> String {
    let texts = study.corpora.documents(of: reference).documents.map(\.text)
    let counts = study.documents(of: reference).documents.map(\.ids.count)
    var lines: [String] = []
    var total = 0
    while total < tokens, !texts.isEmpty {
      let index = lines.count % texts.count
      lines.append(texts[index].split(whereSeparator: \.isNewline).joined(separator: " "))
      total += counts[index]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
