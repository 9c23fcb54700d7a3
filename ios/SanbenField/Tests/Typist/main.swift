//! A second process that works without end and says what is saved, until it is killed: it types into a draft, or,
//! with a photo as its second argument, records with that photo and syncs.

import Foundation
import Sanben

func say(_ number: Int) { FileHandle.standardOutput.write(Data("\(number)\n".utf8)) }

let field = try Field.open(dir: CommandLine.arguments[1])
let photo = CommandLine.arguments.dropFirst(2).first
let draft = try field.draft()
try field.draftSet(draft: draft, value: .point(code: "P011"))
var number = 0
while true {
  number += 1
  if let photo {
    _ = try field.record(problem: NewCase(point: "P011", description: "第\(number)", photos: [photo]))
    say(number)
    _ = try field.sync()
  } else {
    try field.draftSet(draft: draft, value: .description(words: "第\(number)"))
    say(number)
  }
}
