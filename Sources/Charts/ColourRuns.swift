/// Many boxes of equal height as one path for each step of a colour scale: thick level strokes, the
/// shortest form there is.
struct ColourRuns {
  private let steps: [ColourScale.Step]
  private let height: Double
  private var paths: [PathData]

  init(scale: ColourScale, height: Double) {
    steps = scale.steps
    self.height = height
    paths = steps.map { _ in PathData() }
  }

  /// A box of `step`'s colour with its upper left corner at (`x`, `y`); bare steps leave none.
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
