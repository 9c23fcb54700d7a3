// swift-tools-version:6.0
// What is behind the screens of the iPhone app: no UIKit, no SwiftUI, so that it is tested wherever Swift is.
// `bindings/generate` comes first. The texts are Android's own files, by links, put into the code.
import PackageDescription

let package = Package(
  name: "SanbenField",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "SanbenField", targets: ["SanbenField"])],
  dependencies: [.package(name: "Sanben", path: "../../bindings/swift")],
  targets: [
    .target(
      name: "SanbenField", dependencies: ["Sanben"],
      resources: [.embedInCode("Texts/zh-CN.properties"), .embedInCode("Texts/en.properties")]),
    .executableTarget(name: "Typist", dependencies: ["Sanben"], path: "Tests/Typist"),
    .testTarget(name: "SanbenFieldTests", dependencies: ["SanbenField", "Typist"]),
  ]
)
