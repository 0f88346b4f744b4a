import Atlas
import ReportModel
import StudyFile

/// The names of an atlas's files, and links between its pages.
struct AtlasPaths: Sendable {
  /// The name of each label's files, without ending.
  let labels: [String]
  /// The places of the neurons that have a page.
  private(set) var pages: Set<Int>
  private let width: Int

  init(_ findings: AtlasFindings) {
    var used: Set<String> = []
    labels = findings.labelNames.map { name in
      let slug = Slug.from(name)
      var own = slug
      var number = 2
      while !used.insert(own).inserted {
        own = "\(slug)-\(number)"
        number += 1
      }
      return own
    }
    pages = Set(findings.pages.map(\.place))
    width = findings.model.dMLP
  }

  /// The same with fewer pages of neurons.
  func keeping(_ places: some Sequence<Int>) -> AtlasPaths {
    var paths = self
    paths.pages = Set(places)
    return paths
  }

  func name(_ place: Int) -> String {
    NeuronAddress(layer: place / width, neuron: place % width).description
  }

  func labelPage(_ label: Int) -> String { "labels/\(labels[label]).html" }
  func labelData(_ label: Int) -> String { "data/label-\(labels[label]).csv" }
  func layerPage(_ layer: Int) -> String { "layers/L\(layer).html" }
  func neuronPage(_ place: Int) -> String { "neurons/\(name(place)).html" }

  /// A cell with the neuron's address, which leads to its page if it has one.
  ///
  /// - Parameter folder: the atlas's folder, relative to the page: nothing, or `../`.
  func cell(_ place: Int, from folder: String) -> DataTable.Cell {
    pages.contains(place)
      ? .link(name(place), path: folder + neuronPage(place)) : .text(name(place))
  }
}
