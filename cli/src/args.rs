//! The command line as a whole. Help texts are not here: the catalogue has them ([`crate::help`]).

use crate::command::{
    acknowledge::AcknowledgeArgs, act::ActArgs, audit::AuditArgs, backup::BackupArgs, brief::BriefArgs,
    carry::CarryArgs, carry::ExportArgs, carry::HandInArgs, cases::CasesArgs, complete::CompleteArgs,
    contact::ContactArgs, coverage::CoverageArgs, decide::DecideArgs, departments::DepartmentsArgs,
    devices::DevicesArgs, devices::RevokeArgs, discard::DiscardArgs, drafts::DraftAct, draw::DrawStep,
    draw::VerifyDrawArgs, enroll::EnrollArgs, erase::EraseArgs, erase::TakeBackArgs,
    export_log::ExportLogArgs, hand_on::ExportRefusedArgs, hand_on::HandOnArgs, hand_on::TakeOverArgs,
    handover::GiveArgs, handover::MailbagArgs, import::ImportArgs, invite::InviteArgs, ledgers::LedgersArgs,
    look_back::LookBackArgs, matter::MatterAsk, merge::MergeArgs, outbox::OutboxArgs, photo::PhotoArgs,
    points::PointsArgs, ranking::RankingArgs, record::RecordArgs, recovery::RecoveryArgs,
    rectify::RectifyArgs, remind::RemindArgs, reminders::RemindersArgs, report::ReportArgs,
    resend::ResendArgs, restore::RestoreArgs, review::ReviewArgs, salvage::SalvageArgs, score::ScoreArgs,
    serve::ServeArgs, sheets::PublishArgs, sheets::SheetsArgs, show::ShowArgs, spot_check::SpotCheckArgs,
    standards::StandardsArgs, sync::SyncArgs, template::TemplateArgs, today::TodayArgs, trail::TrailArgs,
    unmerge::UnmergeArgs, verify_log::VerifyLogArgs, visit::VisitArgs, whereabouts::WhereArgs,
};
use crate::demo::DemoArgs;
use crate::help::LAST;
use crate::language::Language;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Everything that was typed.
#[derive(Debug, Parser)]
#[command(name = "sanben", version)]
pub(crate) struct CommandLine {
    /// The language of help, output and errors.
    #[arg(long, global = true, display_order = LAST, value_name = "zh|en")]
    pub(crate) lang: Option<Language>,
    /// One JSON document instead of tables.
    #[arg(long, global = true, display_order = LAST)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The server.
    Serve(ServeArgs),
    /// Reference data.
    Import(ImportArgs),
    /// A workbook to fill in.
    Template(TemplateArgs),
    /// A code for a device.
    Invite(InviteArgs),
    /// The devices.
    Devices(DevicesArgs),
    /// A device out.
    Revoke(RevokeArgs),
    /// A forgotten PIN.
    RecoveryCode(RecoveryArgs),
    /// Work that came too late.
    Review(ReviewArgs),
    /// Work that somebody brought.
    Carry(HandInArgs),
    /// What has to go.
    Erase(EraseArgs),
    /// What went to the wrong unit.
    TakeBack(TakeBackArgs),
    /// The sheets of all communities.
    Score(SheetsArgs),
    /// Those of a period, for good.
    PublishScores(PublishArgs),
    /// What offices print.
    Report(ReportArgs),
    /// A spot check's draw.
    #[command(subcommand)]
    Draw(DrawStep),
    /// Such a draw, checked.
    VerifyDraw(VerifyDrawArgs),
    /// What the desk did.
    Trail(TrailArgs),
    /// The log, read again.
    Audit(AuditArgs),
    /// Everything into one file.
    Backup(BackupArgs),
    /// And out of it.
    Restore(RestoreArgs),
    /// The log for others.
    ExportLog(ExportLogArgs),
    /// Such a log, checked.
    VerifyLog(VerifyLogArgs),
    /// A device.
    Field(FieldArgs),
    /// A day, played.
    Demo(DemoArgs),
}

/// Which device, and what it does.
#[derive(Debug, Args)]
pub(crate) struct FieldArgs {
    /// The device's folder.
    #[arg(long, env = "SANBEN_STORE", value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// What it does.
    #[command(subcommand)]
    pub(crate) command: FieldCommand,
}

/// What a device can do, in the order in which a newcomer needs it.
#[derive(Debug, Subcommand)]
pub(crate) enum FieldCommand {
    /// Needs a network.
    Enroll(EnrollArgs),
    /// Needs a network.
    Sync(SyncArgs),
    /// What a phone does when it is idle.
    Tidy,
    /// The points.
    Points(PointsArgs),
    /// The inspection teams and their points.
    Teams,
    /// The standard ledger.
    Standards(StandardsArgs),
    /// From a place to who answers.
    Where(WhereArgs),
    /// The three ledgers.
    Ledgers(LedgersArgs),
    /// What nobody answers for.
    BlindSpots,
    /// What was handed out to each department.
    Departments(DepartmentsArgs),
    /// Where the grid lacks what a standard asks for in each node.
    Coverage(CoverageArgs),
    /// Today's rounds.
    Today(TodayArgs),
    /// What the device reminds of.
    Reminders(RemindersArgs),
    /// One of one's own.
    Remind(RemindArgs),
    /// A visit without a finding.
    Visit(VisitArgs),
    /// A problem.
    Record(RecordArgs),
    /// What is begun.
    Drafts,
    /// One of them.
    Draft {
        /// What to do with it.
        #[command(subcommand)]
        act: DraftAct,
    },
    /// What was missing.
    Complete(CompleteArgs),
    /// Whom it is about.
    Contact(ContactArgs),
    /// The list.
    Cases(CasesArgs),
    /// One case.
    Show(ShowArgs),
    /// 收到.
    Acknowledge(AcknowledgeArgs),
    /// Put right.
    Rectify(RectifyArgs),
    /// Looked back.
    LookBack(LookBackArgs),
    /// A dispute.
    Decide(DecideArgs),
    /// Everything else: shifts, notices, tasks …
    Matter {
        /// What to do.
        #[command(subcommand)]
        ask: MatterAsk,
    },
    /// The spot check of a draw.
    SpotCheck(SpotCheckArgs),
    /// A duplicate.
    Merge(MergeArgs),
    /// Not a duplicate after all.
    Unmerge(UnmergeArgs),
    /// Every other act.
    Act(ActArgs),
    /// The work brief.
    Brief(BriefArgs),
    /// A sheet.
    Score(ScoreArgs),
    /// All sheets.
    Ranking(RankingArgs),
    /// What became of the own work.
    Outbox(OutboxArgs),
    /// The own work, to be carried by somebody.
    Export(ExportArgs),
    /// Somebody else's.
    Carry(CarryArgs),
    /// A mailbag for others in the same network.
    Mailbag(MailbagArgs),
    /// The own work, into such a mailbag.
    HandIn(GiveArgs),
    /// Refused work again.
    Resend(ResendArgs),
    /// Refused work for somebody else.
    HandOn(HandOnArgs),
    /// Somebody else's refused work.
    TakeOver(TakeOverArgs),
    /// Refused work to be read.
    ExportRefused(ExportRefusedArgs),
    /// Refused work given up.
    Discard(DiscardArgs),
    /// An original.
    Photo(PhotoArgs),
    /// Out of a damaged store.
    Salvage(SalvageArgs),
}
