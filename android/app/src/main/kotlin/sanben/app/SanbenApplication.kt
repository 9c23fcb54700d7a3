package sanben.app

import android.app.Application
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import sanben.field.Shell
import kotlin.io.path.div

/** One shell for the life of the process; activities come and go. */
class SanbenApplication : Application() {
    val hands = Hands(this)
    lateinit var shell: Shell
        private set

    override fun onCreate() {
        super.onCreate()
        shell = Shell(noBackupFilesDir.toPath() / "sanben", hands, CoroutineScope(SupervisorJob() + Dispatchers.Default))
        shell.start()
        SyncWork.schedule(this)
    }
}
