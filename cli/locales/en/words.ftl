# What the data says in codes, as people say it.

status-reported = reported
status-confirmed = confirmed
status-filed = filed
status-dispatched = dispatched
status-acknowledged = acknowledged
status-rectified = put right
status-rework = rework
status-on-account = on account
status-verified = verified
status-closed = closed
status-voided = voided
status-merged = merged
status-disputed = { $status } · disputed
status-contested = to be decided

lateness-not-due = not due
lateness-in-time = in time
lateness-late = late
lateness-doubtful = late, in doubt
time-doubtful = { $time } (clock in doubt)

source-own = the community itself
source-subdistrict = subdistrict inspection
source-district = district check
source-city = city check
source-digital-city = digital city management

outcome-passed = passed
outcome-failed = failed
on-the-spot = on the spot

act-report = reported ({ $source })
act-confirm = confirmed
act-file = filed
act-dispatch = dispatched
act-acknowledge = acknowledged
act-rectify = put right
act-look-back = looked back
act-close = closed
act-rework = sent back
act-put-on-account = put on account
act-void = voided
act-extend = extended
act-except = excepted from the same-day rule
act-escalate = escalated
act-answer = answered
act-find-again = found again
act-decide = decided
act-merge-into = merged
act-unmerge = merge undone
act-amend = completed
act-comment = comment
act-add-contact = resident's contact added
act-unknown = an act of a later version

deed-to = to { $who }
deed-until = until { $time }
deed-photos =
    { $n ->
        [one] 1 photo
       *[other] { $n } photos
    }
deed-words = {": "}“{ $words }”

patrol-start = { $round } begun
patrol-act-start = round begun
patrol-act-visit = visited { $point }: { $result }
patrol-act-finish = round ended

ignored-out-of-place = without effect: the case was past this step
ignored-overruled = without effect: overruled
ignored-dangling-reference = without effect: it names the wrong record
ignored-unknown-kind = without effect here: update this program

due-granted = granted
limit-same-day = same day
limit-working-hours =
    { $n ->
        [one] 1 working hour
       *[other] { $n } working hours
    }
limit-working-days =
    { $n ->
        [one] 1 working day
       *[other] { $n } working days
    }
limit-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    }

photo-before = the problem
photo-after = put right
photo-look-back = look-back

round-morning = morning round
round-look-back = look-back round

visit-to-do = to do
visit-clean = clean
visit-found =
    { $n ->
        [one] 1 problem
       *[other] { $n } problems
    }
visit-not-accessible = not accessible: { $reason }

role-command = command post
role-inspector = inspector
role-point-head = head of a point
role-grid-member = grid member
role-volunteer = volunteer
role-clerk = community clerk
role-discipline = discipline

duty-head = head
duty-contact = contact

deadline-digital-city = a digital-city-management case
deadline-same-day = what can be put right the same day
deadline-other = a problem

fact-praise-city = praised by the city
fact-praise-district = praised by the district
fact-praise-subdistrict = praised by the subdistrict
fact-clean-point-city = a clean point in a city check
fact-clean-point-district = a clean point in a district check
fact-material-failed-city = material sent back by the city
fact-material-failed-district = material sent back by the district
fact-other = announced by the office

denied-role = this role does not take this step: hand it to somebody whose role does
denied-place = this place belongs to other people: hand it to its head, its team or the command post
denied-scope = this unit's records are not shared with you: ask the command post to share them
denied-reason = no reason is given: say why and try again
denied-unknown = this kind of act is of a later version: update and send it again

rejection-unsigned = the signature is wrong, or not of a device enrolled here
rejection-not-the-author = the acting person is not the one this device was enrolled for
rejection-out-of-scope = the acting person does not see this unit's records
rejection-reviewed = the desk looked at it and refused it ({ $reason })
rejection-erased = the record was erased by the desk: nothing of it comes back in
rejection-revoked = this device was taken out
rejection-depends-on-rejected = an earlier change that it builds on was refused

refusal-too-large = the change is too large
refusal-not-a-change = it is not one whole change
refusal-missing-dependency = it builds on a change that the server does not have
refusal-fork = another change bears its number (was the store copied?)
refusal-forbidden = it touches what may not be touched
refusal-unreadable = the content cannot be read afterwards
refusal-unstable = the content does not survive saving

remedy-update = update this program and resend; if it is refused again, ask the command post
remedy-own-device = have the person record it on their own device, then discard this one
remedy-ask-or-discard = resend after the command post has changed the rights, or corrected; else hand it on (hand-on), export it (export-refused), or discard it with a reason
remedy-erased = nothing is left to do: if it is still needed, record it anew and without what had to go
remedy-first-one-first = see to the earlier one first; resending that one resends this one too

not-taken-wrong-code = the carrier has another code: type or scan the address as it is shown now
not-taken-another-server = the carrier belongs to another server: find one of your own tenant
not-taken-full = the carrier is full until it has delivered: find another one, or come again
not-taken-too-often = the carrier was asked too often: try again in a minute
not-taken-too-large = too large for a carrier: export it to a file
not-taken-malformed = the carrier did not understand: update both programs
act-matter = matter: { $act }
denied-step = this is not the next step here, or not yet: look at where it stands
field-called = { $name } ({ $field })
flaw-missing = { $field } is missing: give it
flaw-unknown = { $field } is not in this form: leave it out
flaw-shape = { $field } is of another kind than the form asks for: see the form
flaw-bounds = { $field } is empty, too long or out of bounds: correct it
flaw-numbered = { $field } holds somebody's number: leave it out
flaw-outside = { $field } is none of those that this is about: choose one of them
flaw-dangling = { $field } names something that is not there: choose one that is
flaw-anonymous = { $field } has no place where somebody stays anonymous: leave it out, or say that they are not anonymous
flaw-future = { $field } lies in the future: record what has happened when it has
flaw-past = { $field } is over already: give today or a later day
flaw-order = { $field } has to come later than what it follows; what goes past midnight is two, one on each day
