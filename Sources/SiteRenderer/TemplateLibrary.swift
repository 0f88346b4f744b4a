import Diagnostics
import Storage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The site's templates. They are built in; a file of the same name in the user's folder replaces
/// each.
///
/// `{{name}}` is escaped whatever its number of braces. Each value knows whether it is text or HTML
/// from the renderer, so a template cannot turn text into HTML.
/// from the renderer, so a template cannot make text into HTML.
package struct TemplateLibrary: Sendable {
  /// Pages and partials, by the names that `{{> name}}` uses.
  static let pages = ["atlas", "contents", "index", "page", "report"]
  /// Files that are copied into the site unchanged.
  static let assets = ["atlas.js", "icon.svg", "site.js", "style.css"]
  /// A file that explains the variables; a user's folder may contain it.
  private static let guide = "README.md"

  private let templates: [String: Template]
  private let assets: [String: String]
  /// The SHA-256 of all templates and assets.
  package let checksum: String

  /// Compiles the templates; files in the folder `overrides` replace those of the same name.
  ///
  /// - Throws: `Diagnostic` of kind `.study`, with file and line, for a template that cannot be
  ///   used, and for a file that replaces nothing; `.resources` if reading fails.
  package init(overrides: String? = nil) throws {
    let fileNames = Self.pages.map { $0 + ".mustache" } + Self.assets
    if let overrides { try Self.checkNames(in: overrides, known: fileNames) }
    var texts: [String: (text: String, file: String)] = [:]
    for name in fileNames {
      let own = try overrides.flatMap { try Folder(path: $0).file(name) }
      let file = try own ?? Self.carried(name)
      texts[name] = (try Self.text(file), file.name)
    }
    checksum = Checksum.sha256(
      of: texts.sorted { $0.key < $1.key }.map { "\($0.key) \(Checksum.sha256(of: $0.value.text))" }
        .joined(separator: "\n"))
    assets = texts.filter { Self.assets.contains($0.key) }.mapValues(\.text)
    templates = try Self.compile(
      Self.pages.map { name in
        let template = texts[name + ".mustache"] ?? ("", name)
        return (name, template.text, template.file)
      })
  }

  /// The built-in templates with their guide, for a user to change.
  ///
  /// - Throws: `Diagnostic`.
  package static func exported() throws -> [TextFile] {
    try (pages.map { $0 + ".mustache" } + assets + [guide]).map { name in
      TextFile(path: name, text: try text(carried(name)))
    }
  }

  private static func carried(_ name: String) throws -> FileBytes {
    guard let file = try Folder.embedded.file("templates/" + name) else {
      throw Diagnostic(
        .resources, file: "templates/" + name, expected: "a template that the program carries",
        found: "none", advice: "Build the program again.")
    }
    return file
  }

  /// The text of an asset.
  func asset(_ name: String) -> String {
    assets[name] ?? ""
  }

  /// Renders a page with its values.
  func render(_ name: String, _ values: [String: TemplateValue]) -> String {
    var renderer = TemplateRenderer(templates: templates, values: values)
    renderer.render(name)
    return renderer.text
  }

  private static func checkNames(in folder: String, known: [String]) throws {
    let found: [String]
    do {
      found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw Diagnostic(
        .study, file: folder, expected: "a folder of templates", found: "none that can be read",
        advice: "Give --templates a folder with files such as report.mustache.")
    }
    for name in found where !name.hasPrefix(".") && name != guide && !known.contains(name) {
      throw Diagnostic(
        .study, file: folder + "/" + name, expected: "one of \(known.joined(separator: ", "))",
        found: name, advice: "Rename the file to the template that it replaces, or remove it.")
    }
  }

  private static func text(_ file: FileBytes) throws -> String {
    try file.withBytes { bytes in
      if let offset = UTF8Validation.firstInvalid(in: bytes) {
        throw Diagnostic(
          .study, file: file.name, field: "byte \(offset)", expected: "UTF-8", found: "other bytes",
          advice: "Save the file as UTF-8.")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  private static func compile(
    _ sources: [(name: String, text: String, file: String)]
  ) throws -> [String: Template] {
    var templates: [String: Template] = [:]
    var partials: [String: [(name: String, line: Int)]] = [:]
    var variables: [(name: String, line: Int, file: String)] = []
    for (name, text, file) in sources {
      let tags = try TemplateTags(text, file: file)
      partials[name] = tags.partials
      variables += tags.variables.map { ($0.name, $0.line, file) }
      templates[name] = try Template(text, file: file)
    }
    for (name, line, file) in variables where !name.isEmpty && !Site.variables.contains(name) {
      throw Diagnostic(
        .study, file: file, field: "line \(line)",
        expected: "one of \(Site.variables.sorted().joined(separator: ", "))", found: name,
        advice: "README.md of `reportgen templates --export DIR` explains them.")
    }
    for (name, _, file) in sources {
      for partial in partials[name] ?? [] {
        func failure(expected: String, found: String, advice: String) -> Diagnostic {
          Diagnostic(
            .study, file: file, field: "line \(partial.line)", expected: expected, found: found,
            advice: advice)
        }
        guard partials[partial.name] != nil else {
          throw failure(
            expected: "one of \(pages.joined(separator: ", "))", found: partial.name,
            advice: "Include a template that exists.")
        }
        guard !reaches(name, from: partial.name, through: partials) else {
          throw failure(
            expected: "a template that does not include \(name)", found: partial.name,
            advice: "Templates may not include each other in a circle.")
        }
      }
    }
    return templates
  }

  private static func reaches(
    _ goal: String, from start: String, through partials: [String: [(name: String, line: Int)]]
  ) -> Bool {
    var seen: Set<String> = []
    var open = [start]
    while let name = open.popLast() {
      if name == goal { return true }
      if seen.insert(name).inserted { open += (partials[name] ?? []).map(\.name) }
    }
    return false
  }
}
