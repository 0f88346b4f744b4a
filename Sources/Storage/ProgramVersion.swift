/// The version of the program, as `--version` and the provenance give it.
package enum ProgramVersion {
  package static let current = "0.1.0"
}
