# Output: headers, labels and hints.

between = {", "}
nobody-answers = nobody

label-address = address
label-answered-then = answered then
label-answers = answers
label-blind-spot = blind spot
label-bytes = bytes
label-case = case
label-cases = cases
label-cell = cell
label-clause = clause
label-code = code
label-column = column
label-community = community
label-delivered = delivered
label-delivery = delivery
label-demand = demand
label-department = department
label-device = device
label-document = record
label-done = act
label-draft = draft
label-due = due
label-duty = duty
label-enrol-code = code
label-enrolled = enrolled
label-enrolled-at = enrolled
label-event = event
label-file = file
label-found = found
label-from = from
label-handler = handler
label-invited = invited
label-kind = kind
label-lacks = lacks
label-limit = limit
label-merged-into = merged into
label-metres = metres
label-number = no.
label-open-cases = open cases
label-person = person
label-photo = photo
label-photos = photos
label-place = place
label-point = point
label-points = points
label-rank = rank
label-reason = reason
label-received = received
label-recorded = recorded
label-reported = reported
label-result = result
label-revoked-at = taken out
label-round = round
label-row = row
label-rule = rule
label-scope = scope
label-shows = shows
label-size = size
label-source = found by
label-standard = standard
label-state = state
label-status = status
label-team = team
label-tenant = tenant
label-tier = tier
label-time = time
label-times-found = times found
label-total-under = under these rules
label-rank-before = place before
label-total = total
label-traffic = traffic
label-unit = unit
label-until = until
label-valid-until = valid until
label-value = value
label-visited = visited
label-what-to-do = what to do
label-with = with
label-who = who
label-why-not = why it does not count
label-contact = contact
label-resident = resident
label-telephone = telephone
label-note = note
contact-added = Added. Only offices receive it; a wrong one is erased by the desk and added anew.
label-words = words
label-wrong = what is wrong

count-rulings = decisions on appeals
count-announcements = announcements
count-assignments = assignments
count-calendar-days = calendar exceptions
count-cells = polygons
count-communities = communities
count-compounds = compounds
count-people = people
count-points = points
count-rule-sets = rule sets
count-standards = standards
count-teams = teams
count-units = units in all

serve-listening = serving at { $url } (Ctrl-C stops)
serve-monitor = for monitors: { $url }/metrics, /v1/health, /v1/ready
serve-bare = NOT ENCRYPTED: whoever is on the network can read along. Use --tls, or an HTTPS proxy in front.
serve-no-tenant = no reference data yet: run sanben import --dir <folder> data/park in another window

import-done = imported.
import-nothing = nothing to do: the server has all of this already.
import-dry-run = checked only, nothing was changed. An import would bring:
import-changes = { $new } new, { $changed } changed, { $same } the same
import-left-out = { $n } not in the files any more: { $removed } removed, { $kept } kept because the past refers to them
import-would-leave-out = { $n } not in the files any more
import-warnings =
    { $n ->
        [one] imported, but look at this again:
       *[other] imported, but look at these { $n } again:
    }
import-more-faults = and { $n } more

invited-next = on their device: sanben field --store <folder> enroll { $url } { $code }
devices-none = no device has been enrolled yet.
revoke-done = taken out. When it next has a network, what it has not delivered is handed in for review (see review) and what it held leaves it; where the person stays, invite makes a code for a new device.
revoke-already = it had been taken out before; nothing was changed.
backup-done = backed up: { $n } files, { $mib } MiB, in { $file }. Whoever has this file can be the server: keep it locked away.
backup-missing = { $n } photos are missing or damaged in the server's folder and are not in the backup
restore-done = restored into { $dir }: { $n } files, { $entries } entries of the log, { $documents } documents
restore-verified = checked: every hash, chain and signature holds, and every document was built again
restore-missing = { $n } photos were not in the backup
restore-erased = erased again: { $n }
restore-erased-list = If anything was erased after this backup, it is back, until a device that knows of it syncs. Do not wait for that: restore with --erased and the erased.list of the old folder.
restore-undone = Undone is what the desk did after the backup: devices taken out, cases taken back, sheets published, reference data. Do it again before you serve; trail of the old folder lists it, if that can still be read.
restore-next = The log begins a new life, so that devices notice and bring what the backup lacks. Start it with serve, and never the old folder again.
export-done = exported: { $entries } entries, in { $file }. To check it: verify-log { $file } --server-key { $key }
proof-read = log of { $tenant }, exported { $made }: { $entries } entries in { $scopes } scopes, { $changes } changes from { $devices ->
        [one] 1 device
       *[other] { $devices } devices
    }
proof-holds = It holds: nothing is missing, nothing was changed or put in later, and each change was signed by the device that made it.
proof-key-given = It is from the server whose key was given.
proof-key-compare = Whose it is you have to ask: compare this key with the one that the server's people name, or give theirs with --server-key: { $key }
audit-sound = the log is sound: { $entries } entries of { $scopes } scopes, all chains, hashes and signatures hold, and { $deeds } rows of the desk's trail.
audit-wrong = the log is not as it was written: of { $entries } entries in { $scopes } scopes, { $n } do not hold. Stop the server, keep its folder as it is, and compare it with a backup:
wrong-gap = the number does not follow: entries are missing before it
wrong-chain = the chain is broken: this entry or one before it was changed
wrong-bytes = the content does not have its hash
audit-trail = The trail of the desk breaks at row { $seq }: it was edited or cut.
desk-publish = published
desk-invite = invited
desk-revoke = device taken out
desk-recovery-code = recovery code read out
label-recovery-code = recovery code
recovery-next = Read it to them; it opens this device once, for the number it shows now. Make sure whom you are speaking to: whoever holds the device and the code reads what is in it.
desk-accept = late work taken in
desk-refuse = late work refused
desk-erase = erased
desk-erase-again = erased again after a restore
desk-take-back = taken back
desk-restore = log restored
desk-new-life = log found rolled back, new life
label-subjects = what
wrong-erasure = its content is missing, and the server gave no word that it was erased
wrong-manifest = the signed list is missing, or not signed by that device

enrolled-next = next: run sync to fetch the reference data; after that no network is needed to work.

sync-delivered =
    { $of ->
        [0] nothing to send
       *[other] { $accepted } of { $of }
    }
sync-traffic =
    { $requests ->
        [one] 1 request
       *[other] { $requests } requests
    }, { $up } bytes up, { $down } bytes down
sync-stopped-time = the time is over: waiting for the next sync: changes { $changes }, photos { $photos }{ $more ->
        [yes] , and there is more to fetch
       *[no] {""}
    }
sync-stopped-bytes = the bytes are used up: waiting for the next sync: changes { $changes }, photos { $photos }{ $more ->
        [yes] , and there is more to fetch
       *[no] {""}
    }
sync-stopped-requests = the requests are used up: waiting for the next sync: changes { $changes }, photos { $photos }{ $more ->
        [yes] , and there is more to fetch
       *[no] {""}
    }
follow-live = synced; waiting for news (Ctrl-C ends it)
follow-offline = not connected: { $why }; it is tried again a little later
follow-gone = { $case }  no longer yours to see; it has left this device
follow-patrol = { $patrol }  a patrol has changed
follow-reference = reference data has changed
mailbag-collecting = collecting; others type or scan:
    { $address }
    (Ctrl-C ends it; the next sync with a network hands it to the server)
mailbag-taken = taken: { $kib } KiB
mailbag-known = it was here already
mailbag-refused = not taken: { $why }
mailbag-closed = taken in all: { $n }; a sync with a network hands them to the server
mailbag-of-these-known = { $n }, of which the carrier had { $known } already
mailbag-photos-left = { $n } are not in it and go with this device's own sync
mailbag-carried = carried, which is not delivered: everything stays here until the server itself answers
tidied = looked into { $examined } documents, { $compacted } take less room now
tidied-nothing = nothing to do: everything has been looked into, and nothing new has come to rest
tidied-refused = { $n } were not what the bundle claimed: the next sync reads the log instead
sync-attention =
    { $n ->
        [one] 1 change was refused by the server and needs attention: see outbox
       *[other] { $n } changes were refused by the server and need attention: see outbox
    }
sync-in-review = { $n } in review by the desk; you will be told what became of it
sync-erased = records erased by the desk: { $n }; they are gone from this device too
sync-restored = the server's log was restored from a backup: what was delivered lately was offered again
sync-carried = mailbags of others handed in: { $n }
sync-carried-later = mailbags of others that the server had and could not judge whole yet: { $n }; they stay here and are offered again
sync-carried-refused = mailbags of others that the server could not open, or did not take all of in for 30 days: { $n }; they are set aside, ask for a new export (field carry --set-aside FOLDER writes them out)
sync-photos-failed =
    { $n ->
        [one] 1 photo could not be delivered and is tried again at the next sync; the others are not held up
       *[other] { $n } photos could not be delivered and are tried again at the next sync; the others are not held up
    }
sync-photos-gone = originals that are gone: { $n }. They were dropped here to make room, and the restored server does not have them; their small pictures stay
sync-quarantined =
    { $n ->
        [one] 1 change that arrived cannot be applied and was set aside; update this program
       *[other] { $n } changes that arrived cannot be applied and were set aside; update this program
    }

delivery-pending = { $n } waiting
delivery-accepted = delivered
delivery-rejected = { $n } refused
delivery-photos = { $delivered } of { $photos } photos of this device delivered

points-count =
    { $n ->
        [one] 1 point
       *[other] { $n } points
    }
teams-leader = leader
teams-members = members
teams-points = points
teams-sum = { $teams } teams walk { $points } points; { $unwalked } points have no team
departments-head =
    { $n ->
        [one] { $n } department
       *[other] { $n } departments
    }, cases { $from } to { $to }
departments-unit = department
departments-contacts = contacts
departments-closed = closed
departments-on-time = on time
departments-points = points handed out: { $points }
where-outside = in no community's area

blind-none = no blind spots.
blind-points = a head
blind-unwalked = a team
blind-without-points = points
blind-without-clerk = a clerk

ledger-standards = [standard ledger]
ledger-problems = [problem ledger]
ledger-responsibility = [responsibility ledger]
ledger-no-problems = no problem was ever recorded.
ledger-answers = who answers at { $time }: { $head }

today-morning = { $day } morning round: { $done } of { $all } points visited
today-look-back = look-back round: { $done } of { $all } points visited

record-missing = still missing: { $what }. Complete it later: complete { $case } …
duplicates-hint = may be the same problem (same standard, near, recent); if so, merge:
drafts-none = no drafts.

record-standard-elsewhere = note: this standard does not hold for points of this kind; it was recorded as said, and can be corrected: complete { $case } --standard …
cases-none = no such cases.
cases-more = there are more: --after { $token }

dispute-hint = disputed: { $events } contradict each other, all are kept. Somebody with the right decides: decide { $case } <event that stands> <reason>

brief-head = work brief of { $day }: { $found } found that day, { $right } put right
brief-filled = in { $matter }: { $n } put into the brief now; issue it with matter act { $matter } issue
brief-left-out = left out, because nobody is named in the department that answers or there is no room: { $cases }
brief-not-closed = the day is not over: nobody is named yet.
brief-overdue = overdue: { $who }, { $n } ({ $cases })

score-head = score sheet  { $community }  { $from } to { $to } (as known at { $time })
score-base = base { $points }
score-total = total { $points }
score-suspended = suspended, not counted:

ranking-head = ranking  { $from } to { $to } (as known at { $time })

reason-finding = found in: { $source }
reason-found-again = the same problem, found { $n } times
reason-look-back-failed =
    { $n ->
        [one] a look-back failed
       *[other] look-back failed { $n } times
    }
reason-overdue = { $which }, due { $due }, not put right
reason-overdue-late = { $which }, due { $due }, put right only { $right }
reason-check = {" "}({ $check })
reason-clean-points = , { $n } clean points in this check
reason-halved = halved: on the spot
reason-doubled = doubled
reason-assessed = mock assessment: { $met } of { $observed } met
reason-ruling = an appeal was decided: { $was } becomes { $is }
reason-withdrawn = no longer stands, given back
reason-corrects = corrects the period from { $from } (counted { $counted })
reason-factor = times { $times }
reason-capped = capped
score-published = published, as known at { $time }; later changes are in the next period
reason-pending = rests on work not delivered yet

suspended-disputed = disputed, to be decided
suspended-doubtful-clock = only a doubtful clock says so
suspended-counted-already = counted already

salvage-found =
    { $n ->
        [one] found 1 record
       *[other] found { $n } records
    } that the store does not know to be delivered; { $delivered } were delivered or given up.
salvage-sound = What waits in this store shows no damage: if it opens, sync as ever and leave the rest.
salvage-list = The list is in { $file }. The store was not changed: keep it.
salvage-next =
    Go on like this:
      1. ask the desk for a new code, enrol in a new folder and sync once (enroll, sync)
      2. sanben field --store { $store } salvage --into <new folder>
      3. sync in the new folder, which delivers
    Where that cannot be, give the whole folder with the list to the desk.
salvage-next-sync = Next: sanben field --store { $into } sync. Sending twice has no second effect; keep { $store } until it is done.
salvage-saved = in the list
salvage-recorded = brought in, waits for a sync
salvage-photos-left = delivered, its photos are not
salvage-photos = its photos are brought in, they wait for a sync
salvage-known = known there already
salvage-of-another = the work of { $person }: bring it into their store
salvage-no-record = the record is not there: sync there, then do this again

outbox-empty = nothing was recorded here.
outbox-pending = waiting
outbox-accepted = delivered, receipt { $receipt }, { $time }
outbox-rejected = refused: { $why }
outbox-discarded = given up: { $why }
outbox-in-review = waits for a review by the desk: { $why }
outbox-next-try = { $n } waiting, next try { $time }
outbox-next-sync = { $n } waiting, sent with the next sync
attention-head = needs attention ({ $n } refused, everything is kept):

heading-usage = Usage:
heading-commands = Commands
heading-arguments = Arguments
heading-options = Options
label-change = change
label-record = record
label-arrived-at = arrived
label-against = against it
label-decision = decision
erased-done = Erased: { $n } records and { $photos } photos. Devices drop them with their next sync; nothing of them comes back in.
erased-not-scrubbed = Somebody is using the log: remnants in its files are removed when the server starts again.
erased-backups = Backups and exported logs from before still hold it: make a new backup and delete the old ones. Keep erased.list beside the backups.
taken-back = Taken back from { $unit }: its devices drop the case with their next sync, later changes do not go there.
review-none = Nothing to review.
review-how = To decide: review ID with --accept or --refuse, and why with --reason
review-open = open
review-accepted = taken in
review-refused = refused
label-mailbags = mailbags
label-changes = changes
carry-sealed = Sealed: only the server can open it. Give it to a colleague with a network (field carry) or to the desk (carry). Photos are not in it; they follow from this device. What waits here stays until the server says what became of it.
carry-taken = Taken; it goes to the server with the next sync.
carry-known = It was here before.
carry-waiting = mailbags that wait: { $n }
carry-later = of these, the server had { $n } and could not judge all that is in them yet; they are offered again
carry-set-aside = mailbags that the server could not open, or did not take all of in for 30 days, set aside: { $n } (--set-aside FOLDER writes them out)
carry-handed-in = handed in: { $n } changes, { $at }. What becomes of them only their author learns.
carry-handed-in-later = could not be judged yet: { $n } changes, of which the server keeps nothing. Keep the file and hand it in again, after those of the same author that came before it.
label-what = what
label-refused-work = refused work
label-handed-on = Handed on
label-recorded-by = From
outbox-elsewhere = in the log through somebody else, { $time }
attention-handed-on = handed on to { $who }, { $time }; not taken over yet
attention-handed-on-open = handed on, { $time }; not taken over yet
hand-on-done = Written. Give the file to somebody who may do this: they run take-over. It stays listed here until theirs has arrived; the next sync says so.
export-refused-done = Written: work.json to be read, the photos, and work.sanben, which take-over reads on another device.
export-refused-missing = { $n ->
    [one] One photo is not on this device any more and is not in it.
   *[other] { $n } photos are not on this device any more and are not in it.
}
take-over-recorded = Recorded under your name; it goes out with the next sync. Its author is told when it has arrived.
take-over-known = Nothing to do: it is here already.
take-over-with = { $n } more that fell with it (such as the stock and loans of a kiosk)
take-over-look = Only shown. Run take-over without --look to record it under your own name.
today-handle = Open cases that you reported or handle: { $n } (cases --mine lists them too)
today-matters = Matters of today: { $n } (in the order they come; matter show has the rest)

matter-missing = { $n ->
    [one] 1 is missing
   *[other] { $n } are missing
 }
label-feature = feature
label-matter = matter
label-act = act
label-title = title
label-open = to do
label-notice = note
matter-late = late
matter-none = nothing here
matter-more = there are more: narrow the question
matter-later = of a later version
matter-hours = { $hours } h { $minutes } min
matter-in-dispute = in dispute
matter-idle = without effect
shape-text = text
shape-count = number
shape-fraction = fraction such as 3/4
shape-day = day, 2026-03-20
shape-time = time, 06:00
shape-person = person's code
shape-unit = unit's code
shape-point = point's code
shape-points = codes of points or teams with commas, or all
shape-standard = standard's code
shape-document = id of a case or matter
shape-event = id of an earlier entry
shape-photos = files with commas
shape-yes = yes or no
label-id = id
label-day = day
coverage-none = every node has what the standards ask for in each.
label-node = node
lack-no-point = no point that the standard holds for
lack-not-seen = nobody looked in these days
lack-not-met = looked at, and not met
reminders-plan = reminds { $before } before; quiet from { $from } until { $until }
reminders-none = nothing to be reminded of.
reminder-come = { $at } (now)
reminder-own = set by you
remind-set = you will be reminded of { $id } at { $at }
remind-taken-back = no reminder of { $id } any more
label-remind = reminder
label-begun = begun
label-filled = filled in
draw-frozen = frozen: { $n } items; publish this hash: { $hash }
draw-committed = committed; still missing: { $missing }
draw-commitments = all have committed:
draw-all-committed = publish this hash before anybody reveals: { $hash }
draw-committed-hash = the commitments' hash is { $hash }
draw-alone = the file agrees with itself; that proves something only if both hashes are those that were published: check with --frozen and --committed
draw-revealed = revealed; still missing: { $missing }
draw-drawn = { $title }: drawn
draw-agrees = the spot check is that of this draw: all { $n } that were drawn, in order
draw-holds = holds; the frozen list is { $hash }
template-written = written to { $file }; columns in red have to be filled
template-kinds = there is no such template; there are: { $kinds }
template-xlsx = a template is a workbook: give a file name that ends in .xlsx (once filled in it can be saved as CSV)
import-diff = rows that differ
diff-added = added
diff-changed = changed
diff-ended = ended
import-more-rows = and { $n } more; --json has them all
report-written = written to { $file }
report-format = in which form? say --format docx, xlsx or html, or end the file name so
report-cases-xlsx = the list of cases is written as .xlsx only
