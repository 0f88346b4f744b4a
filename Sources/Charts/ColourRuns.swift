/// Draws many boxes of equal height as one path for each step of a colour scale. The path has thick
/// horizontal strokes, which is the shortest form.
struct ColourRuns {
  private let steps: [ColourScale.Step]
  private let height: Double
  private var paths: [PathData]

  init(scale: ColourScale, height: Double) {
    steps = scale.steps
    self.height = height
    paths = steps.map { _ in PathData() }
  }

  /// Adds a box with the colour of `step` and its upper left corner at (`x`, `y`); a step without
  /// colour adds nothing.
  mutating func add(_ step: ColourScale.Step, _ x: Double, _ y: Double, _ width: Double) {
    guard step.fill != nil, let index = steps.firstIndex(of: step) else { return }
    paths[index].dash(x, y + height / 2, width)
  }

  func draw(on drawing: inout Drawing) {
    for (step, path) in zip(steps, paths) {
      guard let fill = step.fill else { continue }
      drawing.path(path, stroke: .init(paint: fill, width: height))
    }
  }
}
