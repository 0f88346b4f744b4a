import Foundation

/// Formats the figures of a benchmark as a table and as JSON.
struct BenchReport {
  let table: [Measurement]
  let outcome: SweepBench.Outcome
  let ideal: Double

  var text: String {
    var lines = [
      "",
      "what".padding(toLength: 50, withPad: " ", startingAt: 0) + "rate          share of bound",
    ]
    for row in table {
      var line = row.name.padding(toLength: 50, withPad: " ", startingAt: 0)
      line += Self.scaled(row.rate, row.unit).padding(toLength: 14, withPad: " ", startingAt: 0)
      if let share = row.share {
        line += String(format: "%.0f %% of ", share * 100) + row.boundName
        if let error = row.error { line += String(format: ", error %.1e", error) }
      } else if row.seconds > 1.5 {
        line += String(format: "%.2f s", row.seconds)
      }
      lines.append(line)
    }
    let count = outcome.operations
    lines += [
      "",
      "sweep: \(outcome.tokens) tokens, \(Self.scaled(count.total, "FLOP")) counted "
        + "(attention \(Self.scaled(count.attention, "FLOP")), "
        + "logits \(Self.scaled(count.logits, "FLOP")))",
      String(
        format: "  %.2f s, of which products alone %.2f s at the measured rates: %.1f %%",
        outcome.seconds, ideal, 100 * ideal / outcome.seconds),
      String(
        format: "  model ready in %.2f s, study resolved in %.2f s, peak memory %.0f MB",
        outcome.loadSeconds, outcome.tokenizeSeconds, Double(Measurement.peakBytes) / 1e6),
    ]
    return lines.joined(separator: "\n")
  }

  var json: String {
    let rows = table.map { row in
      var text = "{\"name\":\"\(row.name)\",\"rate\":\(row.rate),\"unit\":\"\(row.unit)/s\""
      if let share = row.share { text += ",\"share\":\(share),\"bound\":\"\(row.boundName)\"" }
      if let error = row.error { text += ",\"error\":\(error)" }
      return text + "}"
    }
    let count = outcome.operations
    return """
      {"measurements":[\(rows.joined(separator: ",\n"))],
      "sweep":{"tokens":\(outcome.tokens),"operations":\(count.total),"seconds":\(outcome.seconds),
      "ideal_seconds":\(ideal),"share":\(ideal / outcome.seconds),
      "load_seconds":\(outcome.loadSeconds),"peak_bytes":\(Measurement.peakBytes)}}

      """
  }

  static func scaled(_ value: Double, _ unit: String) -> String {
    let prefixes = ["", "k", "M", "G", "T", "P"]
    var (value, index) = (value, 0)
    while value >= 1000, index < prefixes.count - 1 {
      value /= 1000
      index += 1
    }
    return String(format: value < 10 ? "%.2f " : value < 100 ? "%.1f " : "%.0f ", value)
      + prefixes[index] + unit
  }
}
