# The help of every command: cmd-… is the command, its attributes are the arguments.

cmd = The three ledgers: find, put right, look back, score; no network needed on site.
    .lang = Language of help, output and errors: zh or en (default: LC_ALL, LANG; Chinese where they say neither)
    .json = One JSON document, for programs; an error is {"{"}"error":{"{"}"code","message"{"}}"}
    .help = Shows help
    .version = Shows the version
    .examples =
        See the demo first:
          sanben demo --lang en

        By hand (in three windows, or one after the other):
          sanben import --dir server data/park         reference data in
          sanben serve --dir server                    the server up, it says its address
          sanben invite --dir server U008              a code for an inspector
          sanben field --store phone enroll http://127.0.0.1:7300 CODE
          sanben field --store phone sync              fetch the reference data
          sanben field --store phone record --point P011 --standard S01 'rubbish at the south entrance'
          sanben field --store phone cases             the list
          sanben field --store phone sync              deliver
        Every command has --help; a case is named by the first 6 or more characters of its id.
        Exit status: 0 done, 1 the command failed, 2 wrong usage.

cmd-demo = A day in the park subdistrict: the real server, real devices, a simulated clock
    .dir = Keeps the data in this (new or empty) folder
    .week = A week instead of the day: every row of the field's list, each under its number
    .data = The folder with the reference data (default data/park)

cmd-serve = Runs the server of one tenant until it is stopped
    .dir = The server's folder, made when missing
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .listen = Address and port; port 0 takes a free one (default 127.0.0.1:7300)
    .tls = TLS with a certificate of the server's own, made at the first start; invitations carry its fingerprint
    .cert = TLS with this certificate chain (PEM), such as one of a public authority
    .key = The private key of that certificate (PEM)
    .pin = Invitations carry the fingerprint of that certificate too (where no public authority has signed it)
    .monitor = A second address for monitors, in plain HTTP: /metrics, /v1/health, /v1/ready; open it to the inside only
    .log = How log lines look: text or json (default text)
    .examples =
        Example: sanben serve --dir server --listen 0.0.0.0:7300 --tls
        Logs go to standard error, without personal data. Without TLS only behind an HTTPS reverse proxy.

cmd-import = Imports reference data (units, points, standards, people, assignments, calendar, grid, rules)
    .dir = The server's folder, made when missing; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .folder = The folder with the files, as data/README.md describes them
    .dry-run = Checks and says what would change, and changes nothing
    .examples =
        Example: sanben import --dir server data/park
        Faults are listed with file, row, column, value and what to do; then nothing is imported, exit status 1.

cmd-invite = Makes a code with which one device of a person can enrol
    .dir = The server's folder
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .person = The person's id
    .minutes = How long the code is valid, in minutes (default 15)
    .url = The address devices use, where it is not the one listened on (default: where the server listened last)
    .examples = Example: sanben invite --dir server U008

cmd-devices = The enrolled devices: id, person, when enrolled and when taken out
    .dir = The server's folder
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder

cmd-revoke = Takes a device out: what it has not delivered is handed in for review, what it held leaves it
    .dir = The server's folder
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .device = The device's id or its first 6 or more characters, see devices
    .examples = Example: sanben revoke --dir server 3f2a91

cmd-recovery-code = Reads out the code for a device whose PIN was forgotten; it works without a network there
    .dir = The server's folder
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .shown = What the locked device shows, twelve letters and digits
    .examples = Example: sanben recovery-code --dir server ABCD-EFGH-JKMN-PQRS

cmd-review = Looks at work that came too late: its author was reassigned or the device taken out before it arrived
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .change = The first characters of its hash; without it everything is listed
    .accept = Take it in: it enters the log as its author signed it
    .refuse = Refuse it: it goes back to its author
    .reason = Why; its author reads it
    .examples = Example: sanben review --dir server 3f2a91 --accept --reason "tablet returned, record is right"

cmd-carry = Takes in a file that somebody brought: each is judged by who signed it
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .file = What field export wrote

cmd-audit = Checks the server's whole log: chains, hashes, signatures
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .examples = What does not hold is listed, exit status 1.

cmd-backup = Everything the server cannot make again, in one file: log, keys, photos
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .file = The new file (a tar that only you may read)
    .examples = Example: sanben backup --dir server /backup/2026-03-20.tar

cmd-restore = A server from its backup, into a new folder
    .file = The backup
    .dir = The new folder (empty or not there yet)
    .database-url = An empty PostgreSQL database for the log, whatever it was in before (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .erased = The erased.list of the old folder: what it names is erased again
    .verify = Checks the whole log too, and builds every document again
    .examples = Example: sanben restore /backup/2026-03-20.tar --dir server-2 --verify

cmd-score = The scores of all communities, ranked; or what they would have been under other rules
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .community = A community's id: its sheet line by line (default all, a line each)
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .from = The first day
    .until = The first day after
    .as-of = As known then, such as 2026-03-20T12:00 (default now)
    .rules = A file of rules: what would it have been under these?
    .preview = Only shows it; keeps and publishes nothing
    .examples = Example: sanben score --dir server --month 2026-03 --rules rules-2027.toml --preview

cmd-publish-scores = Publishes the scores of a period: they stand, what comes later is in the next period
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .from = The first day
    .until = The first day after
    .as-of = As known then, such as 2026-03-20T12:00 (default now)

cmd-template = An empty workbook (.xlsx) to fill in and import
    .kind = Which table: units, points, standards, people, teams, assignments, calendar, announcements, rulings or all
    .output = The file to write
    .examples = Example: sanben template points -o points.xlsx

cmd-report = Reports: an official paper (Word), a workbook (Excel) or a page to be printed
    .kind = Which: daily, weekly, bulletin, brief, notice, year, coverage, or cases
    .day = A day
    .unit = Of which unit (daily, weekly)
    .format = docx, xlsx or html; by default what the file's name ends with
    .number = The document number, such as 公创〔2026〕3号 (other brackets will do)
    .words = What is asked of everybody, or this week's emphasis, at the end of the body; a paragraph a line
    .output = The file to write
    .examples = Example: sanben report bulletin --dir server --week 2026-03-20 -o bulletin.docx
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .from = The first day
    .until = The first day after
    .as-of = As known then, such as 2026-03-20T12:00 (default now)

cmd-draw = A spot check's draw that nobody can predict or bend and anybody can check

cmd-draw-freeze = Freezes the list and says its hash, to be published
    .list = The list: a text file, one item a line
    .title = What the draw is for
    .day = The day of the draw, as 2026-03-20; today without it
    .number = Which draw of that day it is for this list
    .draw = How many are drawn
    .parties = A party, two or more: repeat it
    .output = The file of the draw
    .examples = Example: sanben draw freeze list.txt --title March --draw 10 --party discipline --party residents -o draw.json

cmd-draw-commit = A party commits: its nonce stays with it, only the hash is published; the last one is told what to publish
    .file = The file of the draw
    .party = Which party
    .secret = The party's own file for its nonce

cmd-draw-reveal = A party reveals its nonce, once all have committed
    .file = The file of the draw
    .party = Which party
    .secret = The party's own file with its nonce

cmd-draw-result = What is drawn; closes the draw: void for good, by name, if somebody did not reveal
    .file = The file of the draw

cmd-verify-draw = Checks a draw, offline
    .file = The file of the draw
    .frozen = The hash as it was published when the list was frozen
    .committed = The hash as it was published when all had committed

cmd-trail = What the desk did: when, who said so, to what, and why
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .examples = Example: sanben trail --dir server --json

cmd-erase = Erases a resident's contact, or a whole case, from the log and from every device; cannot be undone
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .document = The whole id of the contact or case, see field show
    .whole-case = A whole case may go, with its contacts and photos
    .reason = Why; it is kept for good, so name nobody
    .examples = Example: sanben erase --dir server 6a1b1f8e-8c0d-4c1e-9d53-0f2f4e3f6a77 --reason "asked for by the resident"

cmd-take-back = Takes a case back from a unit that it was dispatched or escalated to by mistake
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .by = Who does it, for the trail (or in SANBEN_BY); by default the account
    .case = The whole id of the case, see field show
    .unit = The unit's id
    .reason = Why; it is kept
    .examples = Example: sanben take-back --dir server 6a1b1f8e-8c0d-4c1e-9d53-0f2f4e3f6a77 --unit dept-jiaoyu --reason "wrong department"

cmd-export-log = The whole log in one file that a third party can check with verify-log
    .dir = The server's folder; the server may be running
    .database-url = The PostgreSQL database with its log, postgresql://user@host/database (or in SANBEN_DATABASE_URL); without it the log is in the folder
    .file = The new file; it holds everything that was recorded
    .examples = Example: sanben export-log --dir server park.log

cmd-verify-log = Checks an exported log: chains, hashes, who signed what; needs no server and no network
    .file = The file from export-log
    .server-key = The server's public key, as export-log shows it; get it another way than the file
    .examples = What does not hold is named, exit status 1.

cmd-field = A device, running exactly the code of the phones; only enroll, sync and others' photos need a network
    .store = The device's folder (or the environment variable SANBEN_STORE)
    .examples =
        Examples:
          export SANBEN_STORE=phone
          sanben field today
          sanben field record --point P011 --standard S01 --photo photo.jpg 'rubbish at the south entrance'
          sanben field cases --mine --open
          sanben field show 3f2a91

cmd-field-enroll = Makes this store the device of a person (needs a network)
    .url = The server's address, such as http://127.0.0.1:7300
    .code = The code from the desk

cmd-field-sync = Delivers and fetches until nothing is left (needs a network)
    .url = The server's new address, when it has moved or changed its certificate; it must still be the same server, and is kept
    .time = No longer than this, such as 20s or 2m; what is not done goes on with the next sync
    .bytes = No more bytes than this up and down, such as 64KiB or 2MB
    .requests = No more requests than this
    .watch = Stays, syncs whenever the server has news, and prints a line for each change; Ctrl-C ends it

cmd-field-tidy = What a phone does when it is idle: looks into what came in bundles, keeps documents at rest in less room (no network)
cmd-field-points = The points and who answers for them
    .text = A part of name, kind, id, community or team

cmd-field-teams = The inspection teams: leader, members, the points and communities they walk

cmd-field-standards = The standard ledger
    .point = Only those that hold at this point
    .text = A part of name, clause or demand

cmd-field-where = From a place to responsibility: the cell, the nearest points, who answers
    .lat = Latitude (WGS-84, degrees)
    .lon = Longitude
    .nearest = How many points (default 5)
    .examples = Example: sanben field where 38.308162 116.839776

cmd-field-ledgers = The three ledgers of a point: standards, problems, responsibility
    .point = The point's id
    .at = Responsibility as it stood on a day (default now), such as 2026-03-01

cmd-field-blind-spots = What nobody answers for

cmd-field-departments = The departments: which points were handed out to each, and how the cases found there stand
    .unit = Only this one, with its points and cases
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .examples = Example: sanben field departments dept-zhifa --week 2026-03-20

cmd-field-coverage = Where the grid lacks what a standard asks for in each building, floor or community
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20

cmd-field-today = Today's lists: morning round, look-backs, and how far they have come
    .team = A team (default the own one; without a team, the points the person answers for)

cmd-field-reminders = What this device reminds of, and when it keeps quiet; made here, without a network
    .before = Reminds so long before something is due from now on, such as 1d,2h,30m
    .quiet = Keeps quiet from then until then, such as 21:00-07:00; 00:00-00:00 for never
    .usual = The usual plan again
    .examples = Example: sanben field reminders --before 1d,2h --quiet 21:00-07:00

cmd-field-remind = Reminds of a case or matter at a time of your own, quiet hours or not; kept on this device alone
    .document = The case's or matter's id, 6 or more characters of it
    .at = When, such as 2026-03-20T17:00; a day alone means 08:00; in the place of an earlier one
    .after = So long from now, such as 30m, 2h, 1d
    .none = Takes the reminder back; it stays in the list of reminders until then
    .examples = Example: sanben field remind 3f9a2c --in 2h

cmd-field-visit = Notes a visit: clean, or not accessible; for a problem use record
    .point = The point's id
    .round = Which round: morning (default) or look-back
    .clean = Nothing to complain about (also when not said)
    .not-accessible = It could not be looked at, and why
    .at = The fix at the tap: LAT,LON or LAT,LON,ACCURACY (metres)

cmd-field-record = Records a problem; words, a photo, a point, a fix or a standard is enough, the rest is completed later
    .words = What is wrong
    .point = The point's id
    .standard = The standard's id
    .photos = A photo file (JPEG, PNG); may be given several times
    .at = The fix at the tap: LAT,LON or LAT,LON,ACCURACY (metres)
    .source = Who found it: own, subdistrict, district, city, digital-city (default by role)
    .draft = Goes on with a kept draft; what is said here replaces what it holds
    .examples =
        Examples:
          sanben field record --point P011 --standard S01 --photo photo.jpg --at 38.308162,116.839776,8 'rubbish'
          sanben field record 'somebody dumps rubbish here'

cmd-field-drafts = Drafts that are not reported yet

cmd-field-draft = Does something with a draft (record --draft goes on with it)

cmd-field-draft-discard = Throws a draft away
    .id = The draft's id, 6 or more characters of it

cmd-field-complete = Completes or corrects a case, visibly
    .case = The case's id, 6 or more characters of it
    .words = The new words
    .point = The point's id
    .standard = The standard's id
    .photos = A further photo; may be given several times
    .at = A fix: LAT,LON or LAT,LON,ACCURACY (metres)

cmd-field-cases = The list of cases, latest report first
    .open = Only open ones
    .point = At this point
    .community = Of this community
    .status = With these statuses, separated by commas: reported, rectified, rework, closed …
    .disputed = Only those in dispute
    .overdue = Only those past their due instant, soonest due first
    .programme = At a point of this programme: its title, such as 省级卫生城市, or its id
    .text = With these words
    .mine = Only those the person reported, answers for or handles
    .limit = At most so many, 1–200 (default 50)
    .after = Goes on after the page that gave this token
    .examples =
        Examples:
          sanben field cases --mine --open
          sanben field cases --status rework,rectified --community park-02 --text 垃圾

cmd-field-show = One case: thread, photos, who answers, due, dispute
    .case = The case's id, 6 or more characters of it

cmd-field-acknowledge = Answers "收到,马上落实!" (received, at once!)
    .case = The case's id, 6 or more characters of it
    .words = The answer (default 收到,马上落实!)

cmd-field-rectify = Notes that it was put right, with after-photos
    .case = The case's id, 6 or more characters of it
    .words = What was done
    .photos = An after-photo; may be given several times
    .on-the-spot = Put right in front of the inspector

cmd-field-look-back = Notes a look-back: passed or failed
    .case = The case's id, 6 or more characters of it
    .words = Words
    .passed = The problem is gone
    .failed = The problem is still there
    .photos = A photo of it now; may be given several times

cmd-field-decide = Settles a dispute: one event stands, what contradicts it falls
    .case = The case's id, 6 or more characters of it
    .event = The event that stands, 6 or more characters of its id; show lists them
    .reason = Why

cmd-field-contact = Adds a resident whom a case is about; volunteers and point heads never receive it
    .case = The case's id, 6 or more characters of it
    .name = The resident's name, as they gave it
    .phone = How to reach them
    .note = What else has to be known to reach them

cmd-field-merge = Merges a duplicate into the record that is kept; can be undone
    .case = The duplicate
    .kept = The record that is kept

cmd-field-unmerge = Undoes a merge
    .case = The case's id, 6 or more characters of it
    .reason = Why

cmd-field-act = Every other step: confirm, file, dispatch, close, rework, on-account, void, extend, except …
    .case = The case's id, 6 or more characters of it
    .examples =
        Examples:
          sanben field act 3f2a91 dispatch --to park-02/U060
          sanben field act 3f2a91 on-account --until 2026-03-27 'waits for material'

cmd-field-act-confirm = It is a problem indeed
cmd-field-act-file = It is taken on
cmd-field-act-dispatch = Hands it to the unit that answers
    .to = UNIT or UNIT/PERSON, such as park-02/U060
cmd-field-act-close = Closes it
cmd-field-act-rework = Sends it back
    .reason = Why
cmd-field-act-on-account = Accepted, cannot be put right now
    .until = The new due: 2026-03-27 (the end of that day) or 2026-03-27T12:00
    .reason = Why
cmd-field-act-void = Not a problem, or not ours
    .reason = Why
cmd-field-act-extend = Gives more time
    .until = The new due: 2026-03-27 (the end of that day) or 2026-03-27T12:00
    .reason = Why
cmd-field-act-except = Excepts it from the same-day rule
    .until = The new due: 2026-03-27 (the end of that day) or 2026-03-27T12:00
    .reason = Why
cmd-field-act-escalate = Hands it up to a level that can decide
    .to = The unit above
    .reason = Why
cmd-field-act-answer = Answers an escalation
    .words = What was decided
cmd-field-act-find-again = The same problem was found again after it had been put right
    .words = What is wrong
    .photos = A photo; may be given several times
cmd-field-act-comment = A word in the thread
    .words = The words

cmd-field-spot-check = Opens the spot check of a draw: what is checked is exactly what was drawn
    .file = The file of the draw; each item of its list begins with the whole id of a case
    .frozen = The hash as it was published when the list was frozen
    .committed = The hash as it was published when all had committed
    .check = Opens nothing: compares this spot check with the draw
    .examples = Example: sanben field spot-check draw.json --frozen HASH --committed HASH

cmd-field-brief = The work brief of a day: department, person, deadline, who is overdue
    .day = The day (default today), such as 2026-03-20
    .fill = Puts it into the matter that is issued and answered, what is in it already once

cmd-field-score = The score sheet of a community, every entry with its reason
    .community = The community's id
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .from = The first day
    .until = The first day after
    .as-of = As known then, such as 2026-03-20T12:00 (default now)
    .rules = A file of rules: what would it have been under these?
    .preview = Only shows it; keeps and publishes nothing

cmd-field-ranking = The communities by tier
    .month = A month, such as 2026-03 (default this month)
    .week = The week of a day, such as 2026-03-20
    .from = The first day
    .until = The first day after
    .as-of = As known then, such as 2026-03-20T12:00 (default now)

cmd-field-outbox = What this device recorded, what was delivered, what needs attention
    .limit = At most so many changes (default 50)

cmd-field-export = Without a network: seals undelivered work into a file for somebody to carry (only the server can open it)
    .file = The new file

cmd-field-carry = Takes somebody's file along; it goes to the server with the next sync
    .file = What field export wrote
    .set-aside = Instead: writes what the server could not open into this folder

cmd-field-mailbag = Collects the sealed work of others over a local network without internet; the next sync hands it to the server
    .listen = Address and port (default 0.0.0.0:7302)

cmd-field-hand-in = Hands what waits, sealed, to a device that collects; it stays here until the server itself answers
    .address = As the collecting device shows it, such as http://192.168.1.20:7302/#ABCD-EFGH

cmd-field-resend = Sends a refused change again: as it is (after rights or reference data changed), or corrected
    .number = Its number in outbox
    .point = The right point
    .standard = The right standard
    .words = Other words, or another reason
    .person = The right person (of a matter)
    .day = The right day (of a new matter)
    .about = What it rightly belongs to (of a new matter)
    .fields = Fields of a matter as they should be, such as who=U170

cmd-field-hand-on = Hands a refused change on to somebody who may do it: a file with its photos, for take-over
    .number = Its number in outbox
    .file = The new file
    .to = For whom, so that nobody else takes it over by mistake

cmd-field-take-over = Records what somebody handed on under your own name
    .file = What hand-on or export-refused wrote
    .look = Only shows what is in it

cmd-field-export-refused = Writes a refused change with its photos into a new folder, for people and programs
    .number = Its number in outbox
    .folder = The new folder

cmd-field-discard = Gives a refused change up; it is kept with the reason
    .number = Its number in outbox
    .reason = Why

cmd-field-photo = The original of a photo; fetched from the server where it is not here (needs a network)
    .hash = Its hash (64 digits), as show lists it
    .out = The file to write

cmd-field-salvage = Takes what is not delivered out of a damaged store, which stays as it is
    .into = Brings it into this fresh store of the same person, enrolled and synced
    .out = The file for the list (default: salvaged.json in the store's folder)
    .examples =
        Examples:
          sanben field --store phone salvage                  what is left, as a list
          sanben field --store phone salvage --into phone-2   into a fresh store; then sync there

cmd-field-matter = Everything else: shifts, tasks, notices, reports, loans … (their forms say which fields there are)

cmd-field-matter-forms = What you may open; with a feature, its whole form
    .feature = The feature, as `forms` lists it

cmd-field-matter-open = Opens a matter
    .feature = The feature, as `forms` lists it
    .fields = Fields as NAME=VALUE; photos are files
    .day = The day it is about; today by default
    .point = The point
    .person = The person it is about, or who has to act
    .about = The case or matter it belongs to
    .home = The unit it lives in; its form suggests one

cmd-field-matter-act = Does something to a matter
    .matter = The matter's id, 6 or more characters of it
    .act = The act, as the form calls it
    .fields = Fields as NAME=VALUE; photos are files

cmd-field-matter-draft = A form that is filled in bit by bit and kept in between
cmd-field-matter-draft-open = Begins the form that opens a matter; nothing is recorded yet
    .feature = The feature, as `forms` lists it
    .fields = Fields as NAME=VALUE; photos are files
    .day = The day it is about; today by default
    .point = The point
    .person = The person it is about, or who has to act
    .about = The case or matter it belongs to
    .home = The unit it lives in; its form suggests one
cmd-field-matter-draft-act = Begins the form of an act on a matter
    .matter = The matter's id, 6 or more characters of it
    .act = The act, as the form calls it
    .fields = Fields as NAME=VALUE; photos are files
cmd-field-matter-draft-set = Fills in more; each field is kept at once
    .draft = The draft's id, 6 or more characters of it
    .fields = Fields as NAME=VALUE; NAME= empties one
cmd-field-matter-draft-list = The drafts, latest first
cmd-field-matter-draft-submit = Opens the matter, or acts on it, and the draft is gone
    .draft = The draft's id, 6 or more characters of it
cmd-field-matter-draft-discard = Throws a draft away
    .draft = The draft's id, 6 or more characters of it

cmd-field-matter-list = Lists matters, latest first
    .feature = Only of this feature
    .from = Of this day or later
    .to = Of this day or earlier
    .point = At this point
    .person = About this person, or for them to do
    .home = Living in this unit
    .about = Belonging to this case or matter
    .open = With something to be done
    .disputed = Where a person has to decide
    .text = With these words
    .limit = How many, 50 by default and 200 at most

cmd-field-matter-show = Shows a matter with its thread
    .matter = The matter's id, 6 or more characters of it

cmd-field-matter-figures = Adds the figures of matters up
    .feature = Only of this feature
    .from = Of this day or later
    .to = Of this day or earlier
    .point = At this point
    .person = About this person, or for them to do
    .home = Living in this unit
    .about = Belonging to this case or matter
    .open = With something to be done
    .disputed = Where a person has to decide
    .text = With these words
    .limit = Has no effect here

cmd-field-matter-missing = What is missing of a schedule: daily reports, weekly summaries
    .feature = The feature
    .day = The day; today by default
