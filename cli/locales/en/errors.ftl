# What failed and what to do.

error-not-enrolled = this device is not enrolled: run enroll with the address and code from the desk
error-already-enrolled = this store is enrolled already: use another folder
error-nothing-yet = the reference data has not arrived yet: run sync once with a network
error-not-found = no { $what } “{ $id }” on this device: check it, or sync
error-draft = { $why }. Nothing was reported, the rest is kept as draft { $id }: correct it and run record --draft { $id }
error-file = cannot read the file ({ $why }): check its path and permissions
error-full = storage is full: free some space and try again; nothing was lost
error-newer = this store was written by a newer version: update this program; nothing was changed
error-corrupt = the store is damaged and was kept as it is: give the whole folder to the desk, so that what is unsent can be salvaged ({ $detail })
error-busy = another program is using this store: close it and try again
error-network = no connection ({ $why }); what was recorded is kept and goes out with the next sync
error-code-unknown = unknown code, or one of another server: check code and address, or ask the desk for a new one
error-code-used = the code was used by another device already: ask the desk for a new one
error-code-expired = the code has expired: ask the desk for a new one
error-code-malformed = not an enrolment code: it has 20 letters and digits, such as ABCDE-FGHJK-MNPQR-STVWX
error-answer-version = the server speaks another version of the protocol: update this program
error-answer-rolled = the server's log is not the one this device knows ({ $detail }): nothing was changed here, tell the desk
error-answer-forged = the answer is not from the server this code or device belongs to, or was changed on the way ({ $detail }): check the address
error-refused = the server refuses this device ({ $why }): ask the desk; recording goes on working
error-cancelled = stopped; what was done so far is kept
error-other = unexpected: { $detail }

invalid-other-community = only cases of one community can be merged: leave them as they are
invalid-no-dispute = this event is not part of an open dispute: show lists the events to choose from
invalid-merge-into-itself = a case cannot be merged into itself: name the other one
invalid-no-team = only members of a team walk rounds: record what you found instead
invalid-say-why = say why
invalid-point-elsewhere = this point belongs to another community: void this record and report it there
invalid-no-reason = say why it is given up

photo-not-a-photo = photo not taken in: it is neither a JPEG nor a PNG (HEIC has to be converted first)
photo-truncated = photo not taken in: the file is cut short; copy it again, or take it again
photo-damaged = photo not taken in: it is damaged and no program can show it; copy it again, or take it again
photo-too-many-bytes = photo not taken in: { $mib } MiB are too many; take it with a lower resolution
photo-too-many-pixels = photo not taken in: { $megapixels } megapixels are too many; take it with a lower resolution

refused-not-understood = the server did not understand the request ({ $code }): update this program
refused-bad-signature = the server does not accept this device's signature: ask the desk for a new code; recording goes on working
refused-unknown-device = this device is not enrolled at that server: check the address, or ask the desk for a new code
refused-revoked-device = this device was taken out: ask the desk; what is unsent is kept
refused-unknown-person = the person of this device is not listed any more: ask the desk
refused-not-cited = no record that you may see cites this photo
refused-wrong-bytes = the photo that arrived is not the one recorded, and was not kept: sync again
refused-too-slow = the line is too slow, the server did not wait: try again later
refused-too-many = too many wrong codes: try again in a few minutes
refused-failed = the server failed and kept nothing of the request: try again later

error-prefix = “{ $text }” is not an id: write all of it, or its first 6 or more characters (0–9, a–f)
error-ambiguous = “{ $text }” begins several ids, write more of it: { $meant }
error-not-merged = this case was not merged: there is nothing to undo
error-nothing-to-complete = nothing was said that could be completed: give words, --point, --standard, --photo or --at
error-page-token = not a token that a list gave: copy what stands after --after
error-empty-period = the first day must come before the last
error-no-attention = no. { $id } was not refused: see outbox
error-endless = this command runs by itself only
error-no-server = there is no server in { $dir }: check --dir, or set one up with import

error-import = nothing was imported, correct this and import again:
error-no-tenant = no tenant yet: the first import needs tenant.toml
error-other-tenant = this server's folder belongs to another tenant: use a folder of its own
error-row-too-large = a row ({ $kind }) is too large to be sent to devices: split it
error-unknown-person = no person has the id { $id }: import people first, or check the id
error-serve = the server's socket failed ({ $why }): start it again
error-listen = cannot listen on { $address } ({ $why }): choose another address or port; --listen 127.0.0.1:0 takes a free one
error-write = cannot write { $file } ({ $why }): check its path, permissions and space
error-io = input or output failed: { $why }
error-server-directory = cannot use { $what } in the server's folder ({ $why }): check that it exists and may be written
error-server-key = server.key is wrong ({ $what }): restore it from a backup; a new key would lock every device out
error-server-log = the server's log failed ({ $why }): check space and permissions
error-server-replica = the server's replica failed ({ $why }): check space and permissions; it can be built again from the log

misread-place = write LAT,LON or LAT,LON,ACCURACY in degrees and metres, such as 38.308162,116.839776,8
misread-degrees = write degrees, latitude -90 to 90, longitude -180 to 180, such as 38.308162
misread-day = write it as 2026-03-20
misread-month = write it as 2026-03
misread-instant = write it as 2026-03-20 or 2026-03-20T17:00
misread-word = write one of { $words }
misread-handler = write UNIT or UNIT/PERSON, such as park-02/U060
misread-hash = write the 64 digits that show lists

usage-unknown-argument = “{ $argument }” is not known here
usage-unknown-command = there is no command “{ $command }”
usage-missing-command = say what to do
usage-missing = missing: { $arguments }
usage-conflict = { $argument } and { $other } do not go together
usage-misread = { $argument }: “{ $value }” cannot be read, { $why }
usage-bad-value = { $argument }: “{ $value }” will not do
usage-no-value = { $argument } needs a value
usage-not-utf8 = an argument is not UTF-8
usage-see-help = see --help.
