// swift-tools-version:6.0
// The core as Swift sees it. `../generate` comes first: it fills target/ with the generated binding, its C
// header and the library. Then `swift test` drives the real library against a real server. For an iPhone,
// `./xcframework` comes second: the library is then in the framework.
import Foundation
import PackageDescription

let framework = "target/SanbenCoreFFI.xcframework"
let forApple = FileManager.default.fileExists(atPath: Context.packageDirectory + "/" + framework)

let package = Package(
  name: "Sanben",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "Sanben", targets: ["Sanben"])],
  targets: [
    // Scaffolding written by uniffi, not ours to style; it is not written for Swift 6's checks.
    forApple
      ? .binaryTarget(name: "SanbenCoreFFI", path: framework)
      : .systemLibrary(name: "SanbenCoreFFI", path: "target/SanbenCoreFFI"),
    .target(
      name: "SanbenCore", dependencies: ["SanbenCoreFFI"], path: "target/SanbenCore",
      swiftSettings: [.swiftLanguageMode(.v5)]),
    .target(name: "Sanben", dependencies: ["SanbenCore"]),
    .executableTarget(name: "Victim", dependencies: ["Sanben"], path: "Tests/Victim"),
    .testTarget(name: "SanbenTests", dependencies: ["Sanben", "Victim"]),
  ]
)
