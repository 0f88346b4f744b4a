import AtlasPages
import Diagnostics
import Pipeline
import Reporting
import SiteRenderer
import Storage
import StudyFile

/// The studies of neurons of a published atlas, for `build --from-atlas`.
struct AtlasNeurons {
  /// What stands where studies do: addresses of neurons, and before them the atlas if the folder is a
  /// site.
  private let words: [String]
  private let model: String?
  private let folder: String

  init(_ arguments: StudyArguments, atlas folder: String) {
    words = arguments.studies
    model = arguments.model
    self.folder = folder
  }

  /// - Throws: `Diagnostic` of kind `.study`.
  func files() throws -> [NamedFile] {
    let neurons = words.compactMap { NeuronStudy.neurons($0) }
    guard !neurons.isEmpty else {
      throw fault(
        "neurons of the atlas, such as L3N436 or L3N436+L4N52", words.joined(separator: " "))
    }
    guard Set(neurons).count == neurons.count else {
      throw fault("each neuron once", words.joined(separator: " "))
    }
    let atlas = try atlas(words.filter { NeuronStudy.neurons($0) == nil })
    return try neurons.map { neurons in
      var file = try NeuronStudy.file(of: neurons, in: atlas)
      if let model {
        file.model = model
        file.origin.modelFolder = "."
      }
      return .study(file)
    }
  }

  /// The atlas's folder: the folder that is given, or the atlas of the site that is named there.
  private func atlas(_ names: [String]) throws -> String {
    let site = SitePublisher(path: folder, pages: PageBuilder(templates: try TemplateLibrary()))
    let slugs = try site.atlasSlugs()
    guard !slugs.isEmpty else {
      guard names.isEmpty else { throw fault("addresses such as L3N436 alone", names[0]) }
      return folder
    }
    guard names.count <= 1 else {
      throw fault("one atlas and its neurons", names.joined(separator: " "))
    }
    guard let name = names.first else {
      guard slugs.count == 1 else {
        throw fault(
          "the name of one of its \(slugs.count) atlases", "none",
          advice: "Name one before the neurons: \(slugs.prefix(5).joined(separator: ", ")).")
      }
      return site.atlasPath(slugs[0])
    }
    // The atlas's file means the atlas that it publishes.
    let slug = (try? StudyArguments.atlas(name))??.slug ?? name
    guard slugs.contains(slug) else {
      throw fault(
        "an atlas of the site", "\"\(name.prefix(80))\"",
        advice: NearestName.advice(slug, among: slugs))
    }
    return site.atlasPath(slug)
  }

  private func fault(
    _ expected: String, _ found: String, advice: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .study, file: "--from-atlas", field: folder, expected: expected,
      found: found.isEmpty ? "none" : found,
      advice: advice ?? "reportgen build --from-atlas Site L3N436")
  }
}
