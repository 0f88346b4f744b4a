/// The program's version, as shown by `--version` and the provenance.
package enum ProgramVersion {
  package static let current = "0.1.0"
}
