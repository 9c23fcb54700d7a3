package sanben.app

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.Manifest.permission.POST_NOTIFICATIONS
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.location.Location
import android.location.LocationManager
import android.net.Uri
import android.os.Build
import android.os.CancellationSignal
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.activity.result.contract.ActivityResultContracts.TakePicture
import androidx.core.content.FileProvider
import androidx.core.location.LocationManagerCompat
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import sanben.Fix
import sanben.field.Alarm
import sanben.field.Located
import sanben.field.Pictured
import sanben.field.Ports
import java.io.File
import java.io.IOException
import java.nio.file.Path
import java.util.UUID
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
import kotlin.coroutines.resume
import kotlin.io.path.isDirectory
import kotlin.io.path.name

/** What the phone can do for the app: camera, place, files. Asked for at a tap, and never a condition. */
class Hands(
    private val context: Context,
) : Ports {
    override val keystore = PhoneKeystore()
    private val alarms by lazy { Alarms(context) }
    private var asking: Asking? = null

    fun attach(activity: ComponentActivity) {
        asking = Asking(activity)
    }

    fun detach(activity: ComponentActivity) {
        if (asking?.activity === activity) asking = null
    }

    override suspend fun picture(): Pictured {
        val asking = asking ?: return Pictured.Cancelled
        val file = File(context.cacheDir, "pictures/${UUID.randomUUID()}.jpg")
        return try {
            withContext(Dispatchers.IO) { file.parentFile?.mkdirs() }
            val uri = FileProvider.getUriForFile(context, "${context.packageName}.files", file)
            // The system's own camera app takes it, so that no permission for the camera is needed.
            if (asking.picture.ask(uri) && file.length() > 0) Pictured.Taken(file.toPath()) else Pictured.Cancelled
        } catch (_: ActivityNotFoundException) {
            Pictured.Failed
        } catch (_: SecurityException) {
            Pictured.Denied
        }
    }

    override suspend fun place(): Located {
        val wanted = arrayOf(ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION)
        if (wanted.none(::granted)) asking?.permissions?.ask(wanted)
        if (wanted.none(::granted)) return Located.Denied
        val fix = withTimeoutOrNull(PATIENCE) { located() } ?: return Located.Nowhere
        return Located.At(Fix(fix.latitude, fix.longitude, fix.accuracy.toDouble()))
    }

    private fun granted(permission: String) = context.checkSelfPermission(permission) == PERMISSION_GRANTED

    @android.annotation.SuppressLint("MissingPermission")
    private suspend fun located(): Location? {
        val manager = context.getSystemService(LocationManager::class.java)
        val by = listOf(LocationManager.GPS_PROVIDER, LocationManager.NETWORK_PROVIDER)
        val provider = by.firstOrNull { manager.allProviders.contains(it) && manager.isProviderEnabled(it) } ?: return null
        return suspendCancellableCoroutine { waiting ->
            val stop = CancellationSignal()
            waiting.invokeOnCancellation { stop.cancel() }
            LocationManagerCompat.getCurrentLocation(manager, provider, stop, context.mainExecutor) { waiting.resume(it) }
        }
    }

    override suspend fun give(written: Path): Boolean {
        val asking = asking ?: return false
        val folder = written.isDirectory()
        val to = asking.keep.ask(if (folder) "${written.name}.zip" else written.name) ?: return false
        withContext(Dispatchers.IO) {
            val out = context.contentResolver.openOutputStream(to) ?: throw IOException("no such document")
            out.use { if (folder) written.toFile().zipInto(ZipOutputStream(it)) else written.toFile().inputStream().copyTo(it) }
        }
        return true
    }

    private fun File.zipInto(zip: ZipOutputStream) =
        zip.use {
            walk().filter { it.isFile }.forEach { file ->
                zip.putNextEntry(ZipEntry(file.relativeTo(this).path))
                file.inputStream().use { it.copyTo(zip) }
            }
        }

    override suspend fun receive(): Path? {
        val from = asking?.choose?.ask(arrayOf("*/*")) ?: return null
        return withContext(Dispatchers.IO) {
            val copy = File.createTempFile("received", null, context.cacheDir)
            context.contentResolver.openInputStream(from)?.use { source -> copy.outputStream().use(source::copyTo) }
            copy.toPath()
        }
    }

    override suspend fun remind(
        alarms: List<Alarm>,
        asking: Boolean,
    ): Boolean {
        val missing = !mayNotify(context) && Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU
        if (asking && missing) this.asking?.permissions?.ask(arrayOf(POST_NOTIFICATIONS))
        this.alarms.set(alarms)
        return mayNotify(context)
    }

    private companion object {
        const val PATIENCE = 15_000L
    }
}

/** What has to be asked through a window. Registered before it starts, as the system wants it. */
private class Asking(
    val activity: ComponentActivity,
) {
    val picture = Question(TakePicture(), false)
    val permissions = Question(RequestMultiplePermissions(), emptyMap())
    val keep = Question<String, Uri?>(CreateDocument("application/octet-stream"), null)
    val choose = Question<Array<String>, Uri?>(OpenDocument(), null)

    /** One question at a time; who asks again while one is open takes its place. */
    inner class Question<I, O>(
        contract: ActivityResultContract<I, O>,
        private val none: O,
    ) {
        private var waiting: CompletableDeferred<O>? = null
        private val launcher: ActivityResultLauncher<I> =
            activity.registerForActivityResult(contract) { answer -> waiting?.complete(answer) }

        suspend fun ask(question: I): O =
            withContext(Dispatchers.Main) {
                waiting?.complete(none)
                val answer = CompletableDeferred<O>()
                waiting = answer
                launcher.launch(question)
                answer.await()
            }
    }
}
