//! A second process that types into a draft without end and says what is saved, until it is killed.

import Foundation
import Sanben

let field = try Field.open(dir: CommandLine.arguments[1])
let draft = try field.draft()
try field.draftSet(draft: draft, value: .point(code: "P011"))
var number = 0
while true {
  number += 1
  try field.draftSet(draft: draft, value: .description(words: "第\(number)"))
  FileHandle.standardOutput.write(Data("\(number)\n".utf8))
}
