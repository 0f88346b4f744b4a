/// What a study alone decides about a part of an analysis's findings, before the model runs: the
/// length of a list, the names of members, or that the part is absent.
package struct FigureExtent: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// A list has at most this many items.
    case items(Int)
    /// A part has members with these names.
    case names([String])
    /// The part is absent, for a reason given as a sentence.
    case absent(String)
  }

  /// The path to the part from the analysis's result; `*` stands for every item or member.
  package let steps: [String]
  package let content: Content

  /// What the study decides about the part at a path.
  ///
  /// - Parameter path: a path such as `splits.*.neurons`; empty for the result itself
  package init(_ path: String, _ content: Content) {
    steps = path.split(separator: ".").map(String.init)
    self.content = content
  }
}
