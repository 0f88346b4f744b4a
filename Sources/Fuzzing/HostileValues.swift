import JSON

/// Values that break programs: limits of number types, and text that executes, hides or misdirects.
enum HostileValues {
  /// Numbers as they are spelled in a file.
  static let numbers = [
    "0", "-0", "1", "-1", "2", "3", "7", "255", "256", "65536", "1048576", "1000000000", "0.5",
    "-0.5", "1.0",
    "1e3", "1e-3", "2147483647", "2147483648", "4294967295", "4294967296", "4611686018427387904",
    "9223372036854775806", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "18446744073709551615", "18446744073709551616", "1e17", "-1e17", "1e38", "1e39", "1e300",
    "-1e300", "1.7976931348623157e308", "-1.7976931348623157e308", "1e309", "5e-324", "1e-300",
    "1e-320", "0.1", "100", "1e400", "1e-400", "99999999999999999999999999",
  ]

  static let texts = [
    "", " ", "\0", "..", ".", "/", "../../x", "/etc/passwd", "a/b", "~/x", "</script><script>x()",
    "]]>", "|", "`", "``` ", "<!--", "![x](javascript:x())", "\u{202E}x", "e\u{301}", "\u{E9}",
    "\u{FFFF}", "\u{FEFF}", "👩‍👩‍👧", "\r\n", "\n\n---\n", "<|endoftext|>", "NaN", "inf", "null",
    "true", "other", "target", "auto", "probe.1", "probe.0", "probe.9223372036854775807", "L1N1",
    "builtin:demo", "builtin:", "#version: 0.2", "Ġ", "Ġ Ġ", "a b c", "{{x}}", "{{{x}}}", "%s%n",
    "\\", "\"", "'", "$(x)", "-1", "1e400", "2026-01-31", "0000-00-00", "a.b.c", "prompts.0.clean",
    "prompts.9223372036854775807", "\u{1F1E6}", "\u{0301}", "ﬀ", "ǅ", "İ", "\u{AC00}\u{11A8}",
    "F32", "I64", "F4", "BOOL", "gpt_neox", "gelu", "NFC", "NFD", "ByteLevel", "Sequence", "BPE",
    "evaluation", "study", "other-mean",
  ]

  static func number(_ random: inout FuzzRandom) -> JSON { .number(random.pick(numbers)) }

  static func text(_ random: inout FuzzRandom) -> String {
    let text = random.pick(texts)
    switch random.below(24) {
    case 0: return String(repeating: text, count: 1 + random.below(2000))
    case 1: return text + random.pick(texts)
    default: return text
    }
  }

  static func scalar(_ random: inout FuzzRandom) -> JSON {
    switch random.below(8) {
    case 0: .null
    case 1: .bool(random.oneIn(2))
    case 2: .array([])
    case 3: .object([])
    case 4, 5: .string(text(&random))
    default: number(&random)
    }
  }
}
