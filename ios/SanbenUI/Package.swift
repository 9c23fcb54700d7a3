// swift-tools-version:6.0
// The screens of the iPhone app. They decide nothing: what they show and ask for is SanbenField's.
import PackageDescription

let package = Package(
  name: "SanbenUI",
  platforms: [.iOS(.v17)],
  products: [.library(name: "SanbenUI", targets: ["SanbenUI"])],
  dependencies: [.package(path: "../SanbenField")],
  targets: [.target(name: "SanbenUI", dependencies: ["SanbenField"])]
)
