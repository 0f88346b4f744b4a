import AtlasPages
import Diagnostics
import Testing

/// Addresses of expectations are checked before the model runs.
struct ExpectationTests {
  private func check(_ address: String) throws {
    let expect = "[{\"figure\": \"\(address)\", \"at_least\": 1}]"
    try AtlasExpectations.check(SampleAtlas.file(expect: expect))
  }

  @Test(arguments: [
    "labels.Dutch.confirmed", "labels.German.confirmation.documents", "design.selected",
    "nulls.0.z.4", "cells.2.auc.7", "model.layers",
  ]) func aNumberOfTheFindingsIsOne(_ address: String) throws {
    try check(address)
  }

  @Test(arguments: [
    ("labels.Dutch.confirmd", "\"confirmd\"", "confirmed"),
    ("labels.Duch.confirmed", "\"Duch\"", "Dutch"),
    ("label.Dutch.confirmed", "\"label\"", "labels"),
    ("labels.Dutch", "several figures", "confirmed"), ("labels", "several figures", "French"),
    ("labels.Dutch.confirmed.0", "\"0\"", "Leave out"), ("nulls.0.z", "a list", "Add a number"),
    ("labels.Dutch.name", "words", "Only numbers"), ("cells.auc", "\"auc\"", "index"),
  ]) func whatNoFindingsHaveIsRefused(_ address: String, _ found: String, _ advice: String) {
    let fault = #expect(throws: Diagnostic.self) { try check(address) }
    #expect(fault?.found == found && fault?.field.hasSuffix("expect[0].figure") == true)
    #expect(fault?.advice.contains(advice) == true, "\(fault?.advice ?? "")")
  }
}
