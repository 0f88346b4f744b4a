/// The program's version, as shown by `--version` and the provenance.
package enum ProgramVersion {
  package static let current = "0.1.0"

  /// The version of the numbers: it is raised when a change of the program changes one, so that results
  /// that processes share are never of two kinds.
  package static let results = 1
}
