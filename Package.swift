// swift-tools-version: 6.2
import PackageDescription

// Data flows one way: study → corpora → tokens → sweep → findings → report → site.
// Targets are listed in that order, from the ground up; an arrow never points back.

let targets: [Target] = [
  // C libraries, each touched by exactly one Swift file.
  .systemLibrary(
    name: "COpenBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
  .systemLibrary(
    name: "CCmark", pkgConfig: "libcmark",
    providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
  .target(name: "CKernels"),
  .target(
    name: "CEmbedded", exclude: ["demo", "corpora", "studies"]),

  // Reading and writing files: checked reading, memory maps, strict JSON, diagnostics.
  .target(
    name: "Files",
    dependencies: ["CEmbedded", .product(name: "Crypto", package: "swift-crypto")]),

  // Numbers.
  .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "CKernels"]),
  .target(
    name: "Statistics",
    dependencies: ["LinearAlgebra"]),

  // The model and its text.
  .target(name: "Tokenization", dependencies: ["Files"]),
  .target(name: "LanguageModel", dependencies: ["LinearAlgebra", "Files"]),

  // The study, its evidence and its findings.
  .target(
    name: "Study",
    dependencies: [
      "LanguageModel", "Tokenization", "Statistics", "Charts", "Files",
      .product(name: "Yams", package: "Yams"),
    ]),
  .target(
    name: "Analyses",
    dependencies: [
      "Study", "Statistics", "Charts", "LanguageModel", "LinearAlgebra", "Tokenization",
    ]),

  // The page.
  .target(name: "Charts"),
  .target(
    name: "Reporting",
    dependencies: ["Analyses", "Charts", "Files", "SiteRenderer", "Study"]),
  .target(
    name: "SiteRenderer",
    dependencies: [
      "CCmark", "Files", .product(name: "Mustache", package: "swift-mustache"),
    ]),

  // The command and the benchmark.
  .executableTarget(
    name: "reportgen",
    dependencies: [
      "Analyses", "Files", "LanguageModel", "LinearAlgebra", "Reporting", "SiteRenderer", "Study",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .executableTarget(
    name: "reportgen-bench",
    dependencies: [
      "Files", "LanguageModel", "LinearAlgebra", "Statistics", "Study", "Tokenization",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),

  // Damaged input for all readers: the fuzz program, and what its tests share with it.
  .target(
    name: "Fuzzing",
    dependencies: [
      "Analyses", "Files", "LanguageModel", "Reporting", "SiteRenderer", "Study", "Tokenization",
    ]),
  .executableTarget(
    name: "reportgen-fuzz",
    dependencies: [
      "Fuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
]

/// Modules whose tests read recorded reference numbers.
let withGoldens: Set = ["Statistics", "Tokenization", "LanguageModel", "Analyses"]

/// What tests read with besides their module: the YAML of the README's recipes.
let testLibraries: [String: [Target.Dependency]] = [
  "Reporting": [.product(name: "Yams", package: "Yams")]
]

let tests: [Target] = [
  "Files", "LinearAlgebra", "Statistics", "Tokenization", "LanguageModel", "Study", "Analyses",
  "Charts", "Reporting", "SiteRenderer", "Fuzzing",
].map { name in
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name)] + (testLibraries[name] ?? []),
    exclude: withGoldens.contains(name) ? ["Goldens"] : [])
}

/// The command as its users run it; the test runs the program that is built beside it.
let endToEnd = Target.testTarget(
  name: "reportgenTests", dependencies: ["Files", "LanguageModel", "reportgen"])

let package = Package(
  name: "reportgen",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "reportgen", targets: ["reportgen"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: targets + tests + [endToEnd],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
