package sanben.preview

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.runBlocking
import sanben.device.Device
import sanben.field.Shell
import sanben.field.Users
import sanben.ui.App
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div

/** Where the preview keeps its street and its phone, so that what one does there is still there tomorrow. */
private val HOME: Path = Path(System.getProperty("user.home"), ".cache", "sanben", "preview")

/** The sources: the preview runs from within them. */
internal fun repository(): Path =
    generateSequence(Path("").toAbsolutePath()) { it.parent }.first { (it / "data" / "park").toFile().isDirectory }

/** A phone of somebody at the street: the inspector, then whoever is named. */
internal fun people(
    street: Street,
    root: Path,
    vararg persons: String,
) = runBlocking {
    val users = Users(root)
    for (person in persons) {
        if (users.all.value.any { it.person == person }) continue
        val folder = users.newFolder()
        Device.open(folder).use { device ->
            device.enrol(street.url, street.invite(person))
            device.sync()
            if (person == Street.INSPECTOR) {
                street.morning(device)
                street.beside(device, root.resolveSibling("beside"))
            }
            users.name(users.add(folder, person), device.ownPerson().name)
        }
    }
    users.all.value
        .find { it.person == persons.first() }
        ?.let(users::works)
}

fun main() {
    val street = Street(HOME.createDirectories() / "street".also { (HOME / it).createDirectories() }, repository())
    street.open()
    people(street, HOME / "phone", Street.INSPECTOR, Street.HEAD)
    val shell = Shell(HOME / "phone", Machine(street.photos, HOME / "given"), CoroutineScope(SupervisorJob() + Dispatchers.Default))
    shell.start()
    shell.wake()
    application {
        val closing = rememberCoroutineScope()
        Window(
            onCloseRequest = {
                runBlocking(closing.coroutineContext.minusKey(kotlinx.coroutines.Job)) { shell.sleep() }
                street.close()
                exitApplication()
            },
            state = rememberWindowState(width = 412.dp, height = 892.dp),
            title = "三本台账",
        ) {
            App(shell, isSystemInDarkTheme(), Letters.family()) { StorePictures(it.device) }
        }
    }
}
