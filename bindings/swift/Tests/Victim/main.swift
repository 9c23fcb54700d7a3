//! A second process that records, says what, and waits to be killed.

import Foundation
import Sanben

let field = try Field.open(dir: CommandLine.arguments[1])
let draft = try field.draft()
try field.draftSet(draft: draft, value: .point(code: "P011"))
try field.draftSet(draft: draft, value: .description(words: "告示栏歪了"))
let recorded = try field.record(
  problem: NewCase(
    point: "P011", standard: "S01", description: "南入口有大堆垃圾", photos: [CommandLine.arguments[2]]))
let said = "\(draft.uuidString)\n\(recorded.caseId.uuidString)\n"
FileHandle.standardOutput.write(Data(said.utf8))
Thread.sleep(forTimeInterval: 60)
