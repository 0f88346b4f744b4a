/// What a study settles of an analysis's findings before the model runs: how long a list is, which
/// names a part has, or that it is not there at all.
package struct FigureExtent: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// A list has at most so many items.
    case items(Int)
    /// A part has members of these names.
    case names([String])
    /// The part is left out; why, as a sentence.
    case absent(String)
  }

  /// The way to the part from the analysis's result; `*` stands for every item or member.
  package let steps: [String]
  package let content: Content

  /// - Parameter path: `splits.*.neurons`; empty for the result itself.
  package init(_ path: String, _ content: Content) {
    steps = path.split(separator: ".").map(String.init)
    self.content = content
  }
}
