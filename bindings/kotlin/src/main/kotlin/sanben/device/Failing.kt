package sanben.device

import sanben.FieldFailure

/** A short stable name of what failed: for logs, and for finding the text that tells a person. */
val FieldFailure.code: String
    get() =
        when (this) {
            is FieldFailure.NotEnrolled -> "not-enrolled"
            is FieldFailure.AlreadyEnrolled -> "already-enrolled"
            is FieldFailure.NothingYet -> "nothing-yet"
            is FieldFailure.NotFound -> "not-found"
            is FieldFailure.Invalid -> "invalid"
            is FieldFailure.Denied -> "denied"
            is FieldFailure.Unfit -> "unfit"
            is FieldFailure.Photo -> "photo"
            is FieldFailure.File -> "file"
            is FieldFailure.FileNotWritten -> "file-not-written"
            is FieldFailure.Full -> "full"
            is FieldFailure.NewerStore -> "newer-store"
            is FieldFailure.CorruptStore -> "corrupt-store"
            is FieldFailure.Locked -> "locked"
            is FieldFailure.WrongPin -> "wrong-pin"
            is FieldFailure.PinWait -> "pin-wait"
            is FieldFailure.KeyLost -> "key-lost"
            is FieldFailure.KeyUnavailable -> "key-unavailable"
            is FieldFailure.NotEncrypting -> "not-encrypting"
            is FieldFailure.NoRecovery -> "no-recovery"
            is FieldFailure.WrongRecoveryCode -> "wrong-recovery-code"
            is FieldFailure.Busy -> "busy"
            is FieldFailure.Network -> "network"
            is FieldFailure.CodeUnknown -> "code-unknown"
            is FieldFailure.CodeUsed -> "code-used"
            is FieldFailure.CodeExpired -> "code-expired"
            is FieldFailure.CodeMalformed -> "code-malformed"
            is FieldFailure.WrongServer -> "wrong-server"
            is FieldFailure.UnknownDevice -> "unknown-device"
            is FieldFailure.Refused -> "refused"
            is FieldFailure.Cancelled -> "cancelled"
            is FieldFailure.Listener -> "listener"
            is FieldFailure.Unexpected -> "unexpected"
        }
