package sanben.field

import DATA
import com.sun.jna.Callback
import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.Pointer
import com.sun.jna.ptr.PointerByReference
import org.junit.jupiter.api.Assumptions.abort
import java.nio.file.Path
import kotlin.io.path.deleteIfExists
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.moveTo
import kotlin.io.path.readText
import kotlin.test.assertEquals

/** The system's own SQLite: the core's is not to be called by others. */
@Suppress("ktlint:standard:function-naming", "FunctionName")
private interface Sqlite : Library {
    fun sqlite3_open(
        file: String,
        database: PointerByReference,
    ): Int

    fun sqlite3_exec(
        database: Pointer,
        sql: String,
        row: Row?,
        context: Pointer?,
        error: PointerByReference?,
    ): Int

    fun sqlite3_close(database: Pointer): Int
}

private fun interface Row : Callback {
    fun invoke(
        context: Pointer?,
        columns: Int,
        values: Pointer,
        names: Pointer,
    ): Int
}

/** A store as an older version wrote it: the schema of that version, made by its own migrations, with what today's holds. */
object OlderStore {
    private val migrations = (DATA.parent / "core" / "store" / "src" / "migrations").listDirectoryEntries().sorted()
    private val sqlite: Sqlite by lazy {
        try {
            Native.load("sqlite3", Sqlite::class.java)
        } catch (_: UnsatisfiedLinkError) {
            abort("this machine has no SQLite of its own")
        }
    }

    /** How many versions there have been. */
    val versions = migrations.size

    /** Turns a closed store back to a version. */
    fun turnBack(
        store: Path,
        version: Int,
    ) {
        val older = store / "older.db"
        open(older) {
            migrations.take(version).forEach { run(it.readText()) }
            run("ATTACH '${store / "sanben.db"}' AS newer")
            run("PRAGMA main.application_id = ${rows("PRAGMA newer.application_id").single()}")
            for (table in rows("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")) {
                val both = "pragma_table_info('$table', 'main') a JOIN pragma_table_info('$table', 'newer') b USING (name)"
                val columns = rows("SELECT '\"' || a.name || '\"' FROM $both").joinToString()
                run("INSERT OR REPLACE INTO main.$table ($columns) SELECT $columns FROM newer.$table")
            }
            // What can be made again it has in a form of its own.
            run("DELETE FROM main.meta WHERE key LIKE 'projection%'")
            run("DETACH newer; PRAGMA user_version = $version; PRAGMA journal_mode = WAL")
        }
        listOf("sanben.db", "sanben.db-wal", "sanben.db-shm").forEach { (store / it).deleteIfExists() }
        older.moveTo(store / "sanben.db")
    }

    /** Marks a closed store as one of a version that nobody has yet. */
    fun turnForward(store: Path) = open(store / "sanben.db") { run("PRAGMA user_version = 99") }

    private fun open(
        file: Path,
        work: Opened.() -> Unit,
    ) {
        val database = PointerByReference()
        assertEquals(0, sqlite.sqlite3_open("$file", database))
        try {
            Opened(database.value).work()
        } finally {
            sqlite.sqlite3_close(database.value)
        }
    }

    private class Opened(
        private val database: Pointer,
    ) {
        fun run(sql: String) {
            rows(sql)
        }

        /** The first column of each row. */
        fun rows(sql: String): List<String> {
            val found = mutableListOf<String>()
            val row =
                Row { _, _, values, _ ->
                    values.getPointer(0)?.let { found += it.getString(0) }
                    0
                }
            assertEquals(0, sqlite.sqlite3_exec(database, sql, row, null, null), sql)
            return found
        }
    }
}
