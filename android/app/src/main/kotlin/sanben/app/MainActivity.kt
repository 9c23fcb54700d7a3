package sanben.app

import android.os.Build
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import kotlinx.coroutines.runBlocking
import sanben.field.Route
import sanben.field.Session
import sanben.field.ShellState
import sanben.ui.App

/** The window of the app: the screens, the way back, and when it is in front. */
class MainActivity : ComponentActivity() {
    private val app get() = application as SanbenApplication

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        // The system keeps a picture of the last screen for its list of apps, outside the encrypted store.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            setRecentsScreenshotEnabled(false)
        } else {
            window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        }
        app.hands.attach(this)
        setContent {
            val state by app.shell.state.collectAsState()
            (state as? ShellState.Working)?.let { Back(it.session) }
            Box(Modifier.fillMaxSize().safeDrawingPadding()) {
                App(app.shell, isSystemInDarkTheme()) { StoredPictures(it.device) }
            }
        }
    }

    /** Back to where a screen was opened from; at the root the system takes over. */
    @androidx.compose.runtime.Composable
    private fun Back(session: Session) {
        val stack by session.navigator.stack.collectAsState()
        BackHandler(stack != listOf(Route.Today)) { session.navigator.back() }
    }

    override fun onStart() {
        super.onStart()
        app.shell.wake()
    }

    override fun onStop() {
        // Short: it closes files. The system may end the process right after.
        runBlocking { app.shell.sleep() }
        super.onStop()
    }

    override fun onDestroy() {
        app.hands.detach(this)
        super.onDestroy()
    }
}
