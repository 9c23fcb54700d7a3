// swift-tools-version:6.0
// The core as Swift sees it. `../generate` comes first: it fills target/ with the generated binding, its C
// header and the library. Then `swift test` drives the real library against a real server.
import PackageDescription

let package = Package(
  name: "Sanben",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "Sanben", targets: ["Sanben"])],
  targets: [
    // Scaffolding written by uniffi, not ours to style; it is not written for Swift 6's checks.
    .systemLibrary(name: "SanbenCoreFFI", path: "target/SanbenCoreFFI"),
    .target(
      name: "SanbenCore", dependencies: ["SanbenCoreFFI"], path: "target/SanbenCore",
      swiftSettings: [.swiftLanguageMode(.v5)]),
    .target(name: "Sanben", dependencies: ["SanbenCore"]),
    .executableTarget(name: "Victim", dependencies: ["Sanben"], path: "Tests/Victim"),
    .testTarget(name: "SanbenTests", dependencies: ["Sanben", "Victim"]),
  ]
)
