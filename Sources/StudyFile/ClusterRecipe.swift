import Diagnostics
import Storage

/// The workflow engines that `reportgen init --cluster` writes a recipe for.
///
/// A recipe is a few short files that lie beside a study and call `reportgen work`.
package enum ClusterRecipe: String, Sendable, CaseIterable {
  case slurm, snakemake, parallel

  /// The command that runs the demo atlas, given in the recipe's folder.
  package var start: String {
    switch self {
    case .slurm: "bash submit.sh demo-atlas"
    case .snakemake: "snakemake --workflow-profile slurm --config study=demo-atlas"
    case .parallel: "bash run.sh demo-atlas"
    }
  }

  /// The files of the recipe, with their paths below its folder.
  package var files: [TextFile] {
    get throws {
      // The one file of all recipes: it knows what each exit code of `reportgen` means.
      let step = try Self.text("step.sh")
      return try own.map { TextFile(path: $0, text: try Self.text("\(rawValue)/\($0)")) }
        + [TextFile(path: "step.sh", text: step)]
    }
  }

  /// The files that only this engine needs.
  private var own: [String] {
    switch self {
    case .slurm: ["submit.sh", "units.sbatch", "merge.sbatch"]
    case .snakemake: ["Snakefile", "slurm/config.yaml"]
    case .parallel: ["run.sh"]
    }
  }

  private static func text(_ name: String) throws -> String {
    guard let file = try Folder.embedded.file("cluster/" + name) else {
      throw Diagnostic(
        .resources, file: "builtin:cluster/" + name, expected: "an embedded file", found: "none",
        advice: "Build the program again.")
    }
    return try UTF8Text.decode(file, .study)
  }
}
