// swift-tools-version: 6.2
import PackageDescription

// Data flows one way: study → corpora → passes → findings → report → site.
// Targets are listed from the ground up: each depends only on targets that are listed above it.

let targets: [Target] = [
  // C libraries, each touched by exactly one Swift file.
  .systemLibrary(
    name: "COpenBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
  .systemLibrary(
    name: "CCmark", pkgConfig: "libcmark",
    providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
  .systemLibrary(
    name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .systemLibrary(
    name: "CLibYAML", pkgConfig: "yaml-0.1",
    providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
  .target(name: "CKernels"),
  .target(
    name: "CEmbedded", exclude: ["cluster", "demo", "corpora", "studies", "licences.txt"]),

  // The error that names file, field, expected and found; storage and caches; strict JSON.
  .target(name: "Diagnostics"),
  .target(
    name: "Storage",
    dependencies: [
      "CEmbedded", "CZlib", "Diagnostics", .product(name: "Crypto", package: "swift-crypto"),
    ]),
  .target(name: "JSON", dependencies: ["Diagnostics", "Storage"]),

  // Numbers.
  .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "CKernels"]),
  .target(
    name: "Statistics",
    dependencies: ["LinearAlgebra"]),

  // The model and its text.
  .target(name: "Tokenization", dependencies: ["Diagnostics", "JSON", "Storage"]),
  .target(
    name: "LanguageModel", dependencies: ["Diagnostics", "JSON", "LinearAlgebra", "Storage"]),

  // The study: its file, its documents, and what is run of the model for it.
  .target(
    name: "StudyFile",
    dependencies: ["CLibYAML", "Diagnostics", "JSON", "Storage"]),
  .target(
    name: "Corpora",
    dependencies: ["Diagnostics", "JSON", "Statistics", "Storage", "StudyFile", "Tokenization"]),
  .target(
    name: "Passes",
    dependencies: [
      "Corpora", "Diagnostics", "LanguageModel", "LinearAlgebra", "Statistics", "Storage",
      "StudyFile", "Tokenization",
    ]),

  // What an atlas finds; what a report is made of, and the analyses that find it.
  .target(
    name: "Atlas",
    dependencies: [
      "Corpora", "Diagnostics", "JSON", "LanguageModel", "LinearAlgebra", "Passes", "Statistics",
      "Storage", "StudyFile", "Tokenization",
    ]),
  .target(name: "Charts"),
  .target(
    name: "ReportModel",
    dependencies: ["Charts", "Corpora", "LanguageModel", "Passes", "StudyFile"]),
  .target(
    name: "Analyses",
    dependencies: [
      "Charts", "Corpora", "Diagnostics", "JSON", "LanguageModel", "LinearAlgebra", "Passes",
      "ReportModel", "Statistics", "Storage", "StudyFile", "Tokenization",
    ]),

  // The page.
  .target(
    name: "SiteRenderer",
    dependencies: ["CCmark", "Diagnostics", "Storage"]),
  .target(
    name: "Reporting",
    dependencies: [
      "Analyses", "Charts", "Corpora", "Diagnostics", "JSON", "Passes", "ReportModel",
      "SiteRenderer", "Storage", "StudyFile",
    ]),

  // The pages of an atlas.
  .target(
    name: "AtlasPages",
    dependencies: [
      "Analyses", "Atlas", "Charts", "Diagnostics", "JSON", "ReportModel", "Reporting",
      "SiteRenderer", "Storage", "StudyFile",
    ]),

  // Study in, published report out.
  .target(
    name: "Pipeline",
    dependencies: [
      "Analyses", "Atlas", "AtlasPages", "Diagnostics", "JSON", "LanguageModel", "LinearAlgebra",
      "Passes", "Reporting", "Storage", "StudyFile",
    ]),

  // The command and the benchmark.
  .executableTarget(
    name: "reportgen",
    dependencies: [
      "Analyses", "Atlas", "AtlasPages", "Corpora", "Diagnostics", "JSON", "LanguageModel",
      "LinearAlgebra", "Passes", "Pipeline", "Reporting", "SiteRenderer", "Storage", "StudyFile",
      "Tokenization",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .executableTarget(
    name: "reportgen-bench",
    dependencies: [
      "Analyses", "Atlas", "Corpora", "Diagnostics", "JSON", "LanguageModel", "LinearAlgebra",
      "Passes", "Pipeline", "Reporting", "Statistics", "Storage", "StudyFile", "Tokenization",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),

  // Damaged input for all readers: the fuzz program, and what its tests share with it.
  .target(
    name: "Fuzzing",
    dependencies: [
      "Analyses", "Atlas", "Corpora", "Diagnostics", "JSON", "LanguageModel", "Passes", "Pipeline",
      "Reporting",
      "SiteRenderer", "Storage", "StudyFile", "Tokenization",
    ]),
  .executableTarget(
    name: "reportgen-fuzz",
    dependencies: [
      "Fuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
]

/// The recorded reference numbers that a module's tests read.
let goldens: [String: [String]] = [
  "Statistics": ["Goldens"], "Tokenization": ["Goldens"], "Corpora": ["Goldens"],
  "Analyses": ["Goldens"], "Atlas": ["Goldens"], "Pipeline": ["Checkpoints", "Goldens"],
  "LanguageModel": ["Goldens", "FamilyGoldens", "GGUFGoldens"],
]

/// What tests use besides their module, such as corpora that a study file names.
let testLibraries: [String: [Target.Dependency]] = [
  "StudyFile": ["Corpora", "SampleStudies"],
  "Corpora": ["SampleStudies"],
  "Passes": ["SampleStudies"],
  "Analyses": ["SampleStudies"],
  "Pipeline": ["Fuzzing"],
]

let tests: [Target] = [
  "Storage", "JSON", "LinearAlgebra", "Statistics", "Tokenization", "LanguageModel", "StudyFile",
  "Corpora", "Passes", "Atlas", "Charts", "Analyses", "SiteRenderer", "Reporting", "AtlasPages",
  "Pipeline", "Fuzzing",
].map { name in
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name)] + (testLibraries[name] ?? []),
    exclude: goldens[name] ?? [])
}

/// Study files that the tests of several targets vary.
let samples = Target.target(
  name: "SampleStudies", dependencies: ["Diagnostics", "StudyFile"], path: "Tests/SampleStudies",
  exclude: ["demo-in-sample.yml", "demo-french-in-sample.yml"])

/// The command as its users run it; the test runs the program that is built beside it. Yams reads the
/// forges' workflows and actions here and is a dependency of tests alone: the program reads study files
/// by `CLibYAML`.
let endToEnd = Target.testTarget(
  name: "reportgenTests",
  dependencies: [
    "Diagnostics", "JSON", "LanguageModel", "Storage", "reportgen",
    .product(name: "Yams", package: "Yams"),
  ])

let package = Package(
  name: "reportgen",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "reportgen", targets: ["reportgen"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: targets + [samples] + tests + [endToEnd],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
