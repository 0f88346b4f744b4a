import Atlas
import Charts
import ReportModel

/// The section “How to read”: what each number of an atlas means, with the atlas's own settings.
enum AtlasReading {
  static func section(_ report: AtlasReport) -> Section {
    let findings = report.findings
    let grades = findings.file.grades
    func fixed(_ value: Double) -> String { NumberText.significant(value, digits: 2) }
    let split = AtlasText.percent(findings.file.split.confirmation)
    let together =
      findings.design.withinPassages
      ? " The corpora hold the same \(findings.design.passages.grouped) passages, which stay on one "
        + "side together; labels are shuffled within them."
      : ""
    let selected = "\(findings.design.selected.grouped) selected"
    let lines = [
      "**Discovery and confirmation.** A hash of their text divides the documents: about \(split) of "
        + "each label's confirm, the others choose.\(together) A number without another word comes "
        + "from confirmation documents, which chose nothing.",
      "**AUC**: how often a document of the label has a higher mean activation than one of the other "
        + "labels; 0.5 is chance, 1 is always. Brackets are "
        + "\(AtlasText.confidence(findings.design.confidence)) intervals (DeLong; at an AUC of 0 or 1, "
        + "where that has no width, Newcombe 2006), the confidence that \(selected) of "
        + "\(findings.design.cells.of("pair")) ask for (Benjamini and Yekutieli 2005). "
        + "**d** is Cohen's, **MCC** Matthews' correlation over tokens at a threshold of the "
        + "discovery documents.",
      "**p**: with labels shuffled \(findings.file.permutations.of("time")), how often the best of all "
        + "neurons for the label, or of the whole atlas, does as well. **q** is Benjamini and "
        + "Hochberg's, for browsing.",
      "**Confirmed**: p of the atlas below \(fixed(grades.level)), the lower bound of the AUC above "
        + "\(fixed(grades.confirmed)), and its lower bound against the next best label alone above "
        + "\(fixed(grades.next)). **Suggestive**: q below \(fixed(grades.level)) and AUC above "
        + "\(fixed(grades.suggestive)).",
      "**LAPE** is the field's measure of language neurons (Tang et al. 2024): how unevenly labels "
        + "share the tokens on which a neuron fires. It has its own rule and tests nothing.",
      findings.design.correlated > 0
        ? "A **cluster** joins neurons that correlate by \(AtlasText.duplicate) over "
          + "\(findings.design.correlated.of("token"))." : AtlasText.notCorrelated,
      findings.sets == nil
        ? nil
        : "Sets of neurons are set to their mean over the other labels, and the loss of every label "
          + "is measured.",
    ].compactMap(\.self)
    return Section(
      id: "how-to-read", title: "How to read",
      blocks: [.prose(lines.map { "- " + $0 }.joined(separator: "\n"))])
  }
}
