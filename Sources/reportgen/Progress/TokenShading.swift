import Charts
import StudyFile

/// Shows a text's tokens with a neuron's activations, on a terminal or in a file.
struct TokenShading {
  let neuron: NeuronAddress
  let tokens: [(text: String, activation: Float)]

  /// One line for each token; with `isShaded`, the text in colours comes first.
  func text(isShaded: Bool) -> String {
    let table = tokens.enumerated().map { index, token in
      let number = NumberText.fixed(Double(token.activation), decimals: 4)
      return "\(Self.padded(String(index + 1), 5))  \(Self.padded(number, 9))  "
        + ReadableText.token(token.text)
    }
    let head = "position  \(neuron)  token"
    return ((isShaded ? [shaded, ""] : []) + [head] + table).joined(separator: "\n")
  }

  private var shaded: String {
    let largest = max(tokens.map(\.activation.magnitude).max() ?? 0, 1e-6)
    return tokens.map { token in
      let share = Double(token.activation.magnitude / largest)
      // The colours run from white to Okabe and Ito's vermilion or blue; black text is legible on
      // all.
      let full = token.activation < 0 ? (86, 180, 233) : (240, 128, 48)
      func channel(_ end: Int) -> Int { 255 - Int((Double(255 - end) * share).rounded()) }
      return "\u{1B}[30;48;2;\(channel(full.0));\(channel(full.1));\(channel(full.2))m"
        + ReadableText.visible(token.text) + "\u{1B}[0m"
    }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
