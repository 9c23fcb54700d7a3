package sanben.preview

import kotlinx.coroutines.runBlocking
import sanben.FieldValue
import sanben.NewMatter
import sanben.device.Device
import sanben.device.actOnMatter
import sanben.device.openMatter
import sanben.field.Moments
import java.nio.file.Path
import java.time.LocalDate
import java.util.UUID

private const val VOLUNTEER = "U170"
private const val OTHER_VOLUNTEER = "U183"

private fun said(text: String) = FieldValue.Text(text)

private fun many(count: Long) = FieldValue.Count(count)

/** What goes on beside the cases: a shift at the gate, a kiosk whose last pump is lent twice, a task, a leader's visit. */
fun Street.beside(
    me: Device,
    stores: Path,
) = runBlocking {
    val volunteer = device(stores.resolve(VOLUNTEER), VOLUNTEER)
    val other = device(stores.resolve(OTHER_VOLUNTEER), OTHER_VOLUNTEER)
    val today = LocalDate.now(Moments.STREET)
    val shift =
        volunteer.openMatter(
            NewMatter(
                "shift",
                mapOf(
                    "post" to said("南入口秩序岗"),
                    "from" to FieldValue.Time("06:00"),
                    "until" to FieldValue.Time("18:00"),
                    "needed" to many(2),
                ),
                point = "P011",
            ),
        )
    for ((act, time) in listOf("sign-in" to "06:05", "sign-out" to "11:30")) {
        volunteer.actOnMatter(shift, act, mapOf("who" to FieldValue.Person(VOLUNTEER), "time" to FieldValue.Time(time)))
    }
    volunteer.actOnMatter(shift, "sign-in", mapOf("who" to FieldValue.Person(OTHER_VOLUNTEER), "time" to FieldValue.Time("11:20")))
    val kiosk = volunteer.openMatter(NewMatter("kiosk", mapOf("title" to said("柳林小区志愿服务岗亭")), point = "P011"))
    for ((item, number) in listOf("打气筒" to 1L, "工具箱" to 2L)) {
        volunteer.actOnMatter(kiosk, "stock", mapOf("item" to said(item), "number" to many(number)))
    }
    volunteer.sync()
    other.sync()
    for ((tablet, to) in listOf(volunteer to "3号楼业主", other to "7号楼业主")) lend(tablet, kiosk, to, today)
    volunteer.sync()
    other.sync()
    me.openMatter(
        NewMatter(
            "task",
            mapOf("what" to said("清理南入口两侧小广告"), "until" to FieldValue.Day(today.plusDays(1))),
            point = "P011",
            person = Street.HEAD,
        ),
    )
    me.openMatter(NewMatter("leader-visit", mapOf("where" to said("柳林小区、农贸市场"))))
    me.sync()
    volunteer.close()
    other.close()
}

private suspend fun lend(
    tablet: Device,
    kiosk: UUID,
    to: String,
    until: LocalDate,
) = tablet.openMatter(
    NewMatter(
        "loan",
        mapOf("item" to said("打气筒"), "number" to many(1), "to" to said(to), "until" to FieldValue.Day(until)),
        about = kiosk,
    ),
)
