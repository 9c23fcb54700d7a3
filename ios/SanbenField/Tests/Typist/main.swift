//! A second process that works without end and says what is saved, until it is killed: it types into a draft; or, with a
//! photo as its second argument, records with that photo and syncs; or, with a folder as its third, takes a photo for each
//! draft, kept there first.

import Foundation
import Sanben

func say(_ number: Int) { FileHandle.standardOutput.write(Data("\(number)\n".utf8)) }

let field = try Field.open(dir: CommandLine.arguments[1])
let photo = CommandLine.arguments.dropFirst(2).first
let camera = CommandLine.arguments.dropFirst(3).first.map { URL(fileURLWithPath: $0) }
let draft = try field.draft()
try field.draftSet(draft: draft, value: .point(code: "P011"))
var number = 0
while true {
  number += 1
  if let photo, let camera {
    // A photo that no other has the bytes of.
    let taken = camera.appendingPathComponent("\(number).jpg")
    try (Data(contentsOf: URL(fileURLWithPath: photo)) + Data("\(number)".utf8)).write(to: taken)
    _ = try field.draftPhoto(draft: try field.draft(), path: taken.path)
    say(number)
  } else if let photo {
    _ = try field.record(problem: NewCase(point: "P011", description: "第\(number)", photos: [photo]))
    say(number)
    _ = try field.sync()
  } else {
    try field.draftSet(draft: draft, value: .description(words: "第\(number)"))
    say(number)
  }
}
