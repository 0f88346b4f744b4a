import Corpora
import Testing

/// Text that stands in another corpus is found by its words, whatever files and lines it stands in.
struct RepeatedTextTests {
  private static let story =
    "Er was eens een klein meisje dat graag in het grote bos liep en daar de vogels telde"
  private static let other =
    "A quite different text that shares no long run of words with the story above at all, really"

  @Test(arguments: [
    (story, 1), ("  Er was eens\n\n een klein meisje dat graag in het grote bos liep en daar ", 1),
    ("Een inleiding. " + story, 1), (other, 0), ("", 0), (story + " " + other + " " + other, 0),
    ("Er was eens", 0),
  ])
  func aPassageIsFoundInAnyLayout(text: String, count: Int) {
    let corpus = ["Voorwoord. " + Self.story + " En toen ging zij naar huis.", "Iets anders."]
    #expect(RepeatedText(of: corpus).count(in: [text]) == count)
  }

  @Test func aShortTextIsOneRun() {
    #expect(
      RepeatedText(of: ["Dag allemaal"]).count(in: ["Dag  allemaal", "Dag", "allemaal"]) == 1)
  }
}
