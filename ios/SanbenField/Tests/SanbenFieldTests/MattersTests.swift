//! One set of models for every feature: what the forms of three of them do, against a real server. Android's
//! MattersTest.kt takes the same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

private let clerk = "U024"
private let volunteers = ["U170", "U183"]
private let discipline = "U005"
private let pump = "打气筒"

@MainActor
@Suite(.serialized)
struct MattersTests {
  @Test func aVolunteerSignsInAndOutOfAShiftWithoutANetworkAndAWrongFieldIsShownAtItsField() async throws {
    try await Scene.play { scene in
      let volunteer = try await scene.work(volunteers[0])
      scene.desk.stop()
      let list = Matters(volunteer, point: southEntrance)
      scene.watch { await list.run() }
      try await until("features", or: volunteer) { !list.groups.isEmpty }
      let offered = list.groups.mapValues { $0.map(\.name) }
      #expect(offered[.people]?.contains("shift") == true && offered[.residents]?.contains("loan") == true)
      #expect(!offered.values.joined().contains("notice"), "a volunteer names nobody")

      let shift = try await planned(volunteer)
      for (act, time) in [("sign-in", "06:10"), ("sign-out", "1225")] {
        try await self.act(volunteer, shift, act) { form in
          try await choose(form, "who", "何家兴")
          form.write("time", time)
        }
      }
      let view = MatterView(volunteer, shift)
      scene.watch { await view.run() }
      try await until("signed", or: volunteer) { view.thread.count == 3 }
      #expect(view.figures.contains(Labelled(label: "服务时长", words: "6 小时 15 分钟")))
      #expect(view.thread[1].facts.map(\.words) == ["何家兴", "06:10"])
      if case .waiting = view.item {} else { Issue.record("\(view.item)") }
      try scene.desk.start()
      volunteer.syncer.trigger(.asked)
      try await until("delivered", or: volunteer) { view.item == .delivered }
      try await until("in the list") { list.rows.contains { $0.id == shift && $0.item == .delivered } }
      var narrow = list.filter
      narrow.feature = "loan"
      list.narrow(to: narrow)
      #expect(list.rows.isEmpty && list.filter.narrow)
      // Nothing can be signed twice: the form of an act that is not the next one does not open.
      let published = MatterForm(volunteer, .act(on: shift, "publish"))
      published.begin()
      try await until("told") { volunteer.notice == volunteer.texts.of(.Denied(why: .step)) }
      #expect(published.fields.isEmpty && list.rows.isEmpty)
    }
  }

  /// A form with every fault in turn, until it is right.
  private func planned(_ session: Session) async throws -> Uuid {
    let opening = FormRoute.opening(feature: "shift", point: southEntrance)
    let form = try await begun(session, opening)
    #expect(field(form, "point")?.chosen.map(\.title) == ["柳林小区南入口"])
    form.submit()
    let missing = form.fields.filter { $0.flaw == .missing }.map(\.name)
    #expect(Set(missing) == ["post", "from", "until"])
    form.write("post", "南入口岗亭")
    form.write("from", "18点")
    form.write("until", "6")
    form.submit()
    #expect(field(form, "from")?.flaw == .shape && !form.sending)
    form.write("from", "１８：００")
    form.submit()
    try await until("ends before it begins", or: session) {
      field(form, "until")?.flaw == .order && !form.sending
    }
    form.write("from", "6:00")
    form.write("until", "1800")
    #expect(field(form, "until")?.flaw == nil)
    return try await opened(session, form, opening)
  }

  @Test func twoTabletsLendTheLastPumpAndTheShortageShows() async throws {
    try await Scene.play { scene in
      let office = try await scene.work(clerk)
      let founding = FormRoute.opening(feature: "kiosk", point: southEntrance)
      let form = try await begun(office, founding)
      form.write("title", "柳林小区志愿服务岗亭")
      let kiosk = try await opened(office, form, founding)
      try await act(office, kiosk, "stock") { form in
        form.write("item", pump)
        form.write("number", "1")
      }
      try await office.device.sync()
      var tablets: [Session] = []
      for person in volunteers { tablets.append(try await scene.work(person)) }
      scene.desk.stop()
      for (at, tablet) in tablets.enumerated() { try await lend(scene, tablet, kiosk, to: "\(at + 1)号楼业主") }
      try scene.desk.start()
      for session in tablets + [office] { try await session.device.sync() }
      let view = MatterView(office, kiosk)
      scene.watch { await view.run() }
      try await until("both loans", or: office) { view.belonging.count == 2 }
      #expect(view.figures.contains(Labelled(label: "在库 \(pump)", words: "-1")))
      #expect(view.matter?.remarks == ["库存不足:借出多于在库"])
    }
  }

  private func lend(_ scene: Scene, _ tablet: Session, _ kiosk: Uuid, to whom: String) async throws {
    let parts = MatterView(tablet, kiosk)
    scene.watch { await parts.run() }
    try await until("parts", or: tablet) { parts.parts.contains { $0.name == "loan" } }
    let lending = FormRoute.opening(feature: "loan", about: kiosk)
    let loan = try await begun(tablet, lending)
    // What the kiosk has is there to choose, written as the stock has it.
    try await until("the stock", or: tablet) { field(loan, "item")?.offered.map(\.title) == [pump] }
    loan.write("item", pump)
    loan.write("number", "1")
    loan.write("to", "周女士 13800000042")
    loan.day("until", tablet.moments.today())
    loan.submit()
    try await until("no numbers", or: tablet) { field(loan, "to")?.flaw == .numbered && !loan.sending }
    loan.write("to", whom)
    _ = try await opened(tablet, loan, lending)
  }

  @Test func aNoticeIsAnsweredByWhomItNamesBeforeItIsPublished() async throws {
    try await Scene.play { scene in
      let office = try await scene.work(discipline)
      let named = try await scene.work(head)
      let notice = try await noticed(office)
      let theirs = MatterView(office, notice)
      scene.watch { await theirs.run() }
      try await until("the notice", or: office) { theirs.matter != nil }
      #expect(theirs.matter?.next.contains { $0.name.hasPrefix("publish") } == false, "the term runs")
      #expect(theirs.todo.map(\.who) == ["叶慧敏"])
      try await office.device.sync()

      try await named.device.sync()
      let today = Today(named)
      scene.watch { await today.run() }
      let waiting = { today.tasks.filter { if case .attend = $0 { true } else { false } } }
      try await until("a task", or: named) { !waiting().isEmpty }
      #expect(waiting().map(\.route) == [.matter(notice)])
      try await act(named, notice, "answer") { form in
        form.photo("photos")
        try await until("a photo", or: named) { field(form, "photos")?.photos.count == 1 }
        form.write("words", "17时已清运，附照片")
      }
      try await named.device.sync()
      try await office.device.sync()
      try await until("the answer", or: office) { theirs.thread.count == 2 }
      #expect(theirs.thread[1].facts.map(\.words) == ["17时已清运，附照片"])
      #expect(theirs.thread[1].photos.count == 1)
      #expect(theirs.first.first?.name == "publish" && !theirs.others.contains { $0.name == "publish" })
      try await act(office, notice, "publish") { _ in }
      try await until("published", or: office) { theirs.matter?.stepLabel == "已发布" }
    }
  }

  private func noticed(_ session: Session) async throws -> Uuid {
    let naming = FormRoute.opening(feature: "notice")
    let form = try await begun(session, naming)
    form.write("what", "南入口垃圾整改不到位")
    try await choose(form, "person", "叶慧敏")
    try await choose(form, "unit", "柳林社区")
    form.day("until", session.moments.today().moved(days: 1))
    return try await opened(session, form, naming)
  }

  @Test func aFormKeepsItselfFieldByFieldAndGoesOnWhereSomebodyWas() async throws {
    try await Scene.play { scene in
      let office = try await scene.work(clerk)
      scene.desk.stop()
      let filling = try await begun(office, .opening(feature: "shift", point: southEntrance))
      #expect(try await office.begunForms().isEmpty, "looking at an empty form leaves no draft")
      filling.write("post", "南入口岗亭")
      filling.write("from", "18点")
      filling.write("needed", "2")
      await filling.settled()
      let today = Today(office)
      scene.watch { await today.run() }
      @MainActor func task() -> (FormRoute, String)? {
        for case .fill(let route, _, let about) in today.tasks { return (route, about) }
        return nil
      }
      try await until("kept", or: office) { task()?.1 == "南入口岗亭" && filling.unsaved == nil }

      // Another screen: everything is there as it was written, what cannot be read too.
      let route = try #require(task()).0
      let resumed = try await begun(office, route)
      try await until("resumed", or: office) { !resumed.fields.isEmpty }
      #expect(resumed.draft == filling.draft)
      #expect(["post", "from", "needed"].map { field(resumed, $0)?.typed } == ["南入口岗亭", "18点", "2"])
      #expect(field(resumed, "point")?.chosen.map(\.title) == ["柳林小区南入口"])
      resumed.write("from", "6")
      resumed.write("until", "18")
      let shift = try await opened(office, resumed, route)
      #expect(try await office.begunForms().isEmpty, "the draft went with it")

      // An act: whoever opens its form again goes on.
      let comment = FormRoute.act(on: shift, "comment")
      let first = try await begun(office, comment)
      first.write("words", "写到一半")
      await first.settled()
      let second = try await begun(office, comment)
      try await until("found again", or: office) { field(second, "words")?.typed == "写到一半" }
      office.navigator.open(.form(comment))
      second.discard()
      try await until("thrown away", or: office) { !office.navigator.stack.contains(.form(comment)) }
      #expect(try await office.begunForms().isEmpty)
    }
  }

  // MARK: Forms

  private func begun(_ session: Session, _ route: FormRoute) async throws -> MatterForm {
    let form = MatterForm(session, route)
    form.begin()
    try await until("a form", or: session) { !form.fields.isEmpty || !form.title.isEmpty }
    return form
  }

  private func field(_ form: MatterForm, _ name: String) -> FieldEntry? {
    form.fields.first { $0.name == name }
  }

  private func choose(_ form: MatterForm, _ name: String, _ title: String) async throws {
    form.search(name, title)
    func offered() -> Option? { field(form, name)?.offered.first { $0.title == title } }
    try await until("\(title) is offered") { offered() != nil }
    form.choose(name, try #require(offered()))
  }

  /// Submits what opens a matter; the screen gives way to the matter.
  private func opened(_ session: Session, _ form: MatterForm, _ route: FormRoute) async throws -> Uuid {
    session.navigator.tab(.today)
    session.navigator.open(.form(route))
    form.submit()
    func matter() -> Uuid? { if case .matter(let id) = session.navigator.here { id } else { nil } }
    try await until("opened", or: session) { matter() != nil }
    #expect(session.navigator.stack.count == 2, "back leads past the form")
    return try #require(matter())
  }

  /// Fills in the form of an act and submits it; the screen goes away.
  private func act(
    _ session: Session, _ matter: Uuid, _ act: String, fill: (MatterForm) async throws -> Void
  ) async throws {
    let route = FormRoute.act(on: matter, act)
    let form = try await begun(session, route)
    try await fill(form)
    session.navigator.open(.form(route))
    form.submit()
    try await until("recorded", or: session) { !session.navigator.stack.contains(.form(route)) }
  }
}
