//! What a phone reminds of, and what its system is told of it. Android's RemindersTest.kt takes the same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

@MainActor
@Suite(.serialized)
struct RemindersTests {
  @Test func theHeadIsRemindedOfATaskWithoutANetworkAndTheSystemIsToldNothingOfWhatItIs() async throws {
    try await Scene.play { scene in
      let post = try await scene.work(command)
      let until3 = post.moments.today().moved(days: 3).written
      let fields: [String: FieldValue] = ["what": .text(text: "补齐南入口垃圾桶盖"), "until": .day(day: until3)]
      var new = NewMatter(feature: "task", fields: fields, photos: [:])
      (new.point, new.person) = (southEntrance, head)
      let task = try await post.device.openMatter(new)
      try await post.device.sync()
      let hands = Hands()
      let named = try await scene.work(head, hands)
      scene.desk.stop()
      let reminders = named.reminders
      @MainActor func ofTask() -> [ReminderLine] { reminders.coming.filter { $0.document == task } }
      try await until("reminded", or: named) { !ofTask().isEmpty }
      #expect(ofTask().count == 2, "a day and two hours before")
      #expect(ofTask().allSatisfy { !$0.own && $0.at < $0.due! && $0.title == "补齐南入口垃圾桶盖" })
      try await until("told") { hands.alarms.map(\.at) == reminders.coming.map(\.at) }
      #expect(!hands.alarms.contains { $0.text.contains("垃圾") }, "it lies outside the encrypted store")
      #expect(!hands.asked && !reminders.shown, "nobody is asked for leave who did not ask to be reminded")

      reminders.toggle(1440)
      try await until("one", or: named) { ofTask().count == 1 && reminders.shown }
      #expect(hands.asked)
      reminders.toggle(30)
      try await until("two", or: named) { ofTask().count == 2 }
      #expect(reminders.plan.before == [120, 30])
    }
  }

  @Test func somebodySetsAReminderOfACaseMovesItAndTakesItBackAndTheNextStartKnowsIt() async throws {
    try await Scene.play { scene in
      let hands = Hands()
      let session = try await scene.work(inspector, hands)
      let id = try await session.device.record(problem: NewCase(description: "路灯不亮")).caseId
      let reminders = session.reminders
      let offered = reminders.offered().map(\.at)
      #expect(offered.count >= 3 && offered.allSatisfy { $0 > session.moments.now() })
      reminders.remind(id, at: offered[0])
      @MainActor func own() -> [ReminderLine] { reminders.coming.filter(\.own) }
      try await until("set", or: session) { !own().isEmpty }
      #expect(own().map(\.title) == ["路灯不亮"] && own()[0].due == nil)
      #expect(reminders.soon(session.moments.now()).map(\.document) == [id])
      #expect(reminders.soon(offered[0]).isEmpty, "what was told is told")
      #expect(try await session.shown(id)?.route == .opened(id))
      reminders.remind(id, at: offered[0].addingTimeInterval(1800))
      try await until("moved", or: session) { own().contains { $0.at > offered[0] } }
      #expect(own().count == 1, "in the place of the earlier one")
      // The app begins anew.
      let again = Session(try session.device, texts: session.texts, ports: hands)
      try again.start()
      try await until("known", or: again) { again.reminders.coming == reminders.coming }
      again.reminders.remind(id, at: nil)
      try await until("none", or: again) { again.reminders.coming.isEmpty && hands.alarms.isEmpty }
      await again.end()
    }
  }

  @Test func whatIsToDoAndHasItsReminderComeStandsOnTheFirstScreenOnceBeforeAllElse() async throws {
    try await Scene.play { scene in
      let post = try await scene.device(command)
      let day = Moments(Texts(.chinese), clock: { Date() }).today().moved(days: 3).written
      let fields: [String: FieldValue] = ["what": .text(text: "补齐南入口垃圾桶盖"), "until": .day(day: day)]
      var new = NewMatter(feature: "task", fields: fields, photos: [:])
      (new.point, new.person) = (southEntrance, head)
      let task = try await post.openMatter(new)
      var cases: [Uuid] = []
      for at in 0..<2 {
        let found = NewCase(point: southEntrance, standard: rubbishRule, description: "南入口第\(at)堆垃圾")
        cases.append(try await post.record(problem: found).caseId)
      }
      try await post.sync()
      let session = try await scene.work(head)
      let today = Today(session)
      scene.watch { await today.run() }
      let routes = cases.map { Route.opened($0) } + [.matter(task)]
      try await until("to do", or: session) { routes.allSatisfy(today.tasks.map(\.route).contains) }
      let at = session.moments.now().addingTimeInterval(1)
      for document in [cases[1], task] { session.reminders.remind(document, at: at) }
      try await until("come", or: session) { session.reminders.come.count == 2 }
      let other = ReminderLine(at: at, document: UUID(), title: "路灯不亮", own: true)

      let come = session.reminders.come + [other]
      let agenda = today.agenda(come)
      #expect(agenda.prefix(3).map(\.come) == come)
      #expect(Set(agenda.prefix(2).map(\.task?.route)) == [.opened(cases[1]), .matter(task)])
      #expect(agenda[2] == TodayItem(come: other), "what is no task is shown all the same")
      #expect(Set(agenda.compactMap(\.task)) == Set(today.tasks), "nothing is lost")
      #expect(agenda.compactMap(\.task).count == today.tasks.count, "and nothing stands there twice")
      #expect(agenda.dropFirst(3).allSatisfy { $0.come == nil })
    }
  }

  @Test func aReminderComesWhileSomebodyLooksAndStaysUntilTheyHaveDoneWithIt() async throws {
    try await Scene.play { scene in
      let hands = Hands()
      let session = try await scene.work(inspector, hands)
      let id = try await session.device.record(problem: NewCase(description: "路灯不亮")).caseId
      let reminders = session.reminders
      reminders.remind(id, at: session.moments.now().addingTimeInterval(2))
      try await until("set", or: session) { reminders.coming.contains(where: \.own) }
      try await until("come", or: session) { reminders.come.map(\.document) == [id] }
      #expect(!reminders.coming.contains(where: \.own) && reminders.own(id) == reminders.come.first)
      reminders.open(reminders.come[0])
      try await until("opened", or: session) { session.navigator.stack.last == .opened(id) }
      let again = Session(try session.device, texts: session.texts, ports: hands)
      try again.start()
      try await until("still there", or: again) { again.reminders.come == reminders.come }
      again.reminders.remind(id, at: nil)
      try await until("done with", or: again) { again.reminders.come.isEmpty }
      await again.end()
    }
  }
}
