package sanben.field

import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import java.time.ZoneOffset
import java.time.format.TextStyle
import java.time.temporal.ChronoUnit
import java.util.Locale

/** Instants as a person on the street says them, in the street's zone. */
class Moments(
    private val texts: Texts,
    private val clock: Clock,
    private val zone: ZoneId = STREET,
) {
    fun now(): Instant = clock.instant()

    fun today(): LocalDate = LocalDate.ofInstant(now(), zone)

    fun time(): LocalTime = LocalTime.ofInstant(now(), zone)

    fun instant(
        day: LocalDate,
        time: LocalTime,
    ): Instant = day.atTime(time).atZone(zone).toInstant()

    fun dayOf(at: Instant): LocalDate = LocalDate.ofInstant(at, zone)

    /** `今天 07:16`, `昨天 17:00`, `3月20日 07:16`. */
    fun at(at: Instant): String {
        val local = at.atZone(zone)
        val clock = "%02d:%02d".format(local.hour, local.minute)
        return texts["moment.at", "day" to day(local.toLocalDate()), "time" to clock]
    }

    /** `3月20日 07:16`, whenever it is read. */
    fun dated(at: Instant): String {
        val local = at.atZone(zone)
        val day = texts["moment.day", "month" to local.monthValue, "day" to local.dayOfMonth]
        return texts["moment.at", "day" to day, "time" to clock(local.toLocalTime())]
    }

    fun day(day: LocalDate): String =
        when (ChronoUnit.DAYS.between(today(), day)) {
            0L -> {
                texts["moment.today"]
            }

            -1L -> {
                texts["moment.yesterday"]
            }

            1L -> {
                texts["moment.tomorrow"]
            }

            else -> {
                val key = if (day.year == today().year) "moment.day" else "moment.day-of-year"
                texts[key, "year" to day.year, "month" to day.monthValue, "day" to day.dayOfMonth]
            }
        }

    /** `3月20日 星期五`. */
    fun date(day: LocalDate): String {
        val weekday = day.dayOfWeek.getDisplayName(TextStyle.FULL, Locale.forLanguageTag(texts.language.tag))
        return texts["moment.date", "month" to day.monthValue, "day" to day.dayOfMonth, "weekday" to weekday]
    }

    /** `2026年3月`. */
    fun month(day: LocalDate): String = texts["moment.month", "year" to day.year, "month" to day.monthValue]

    /** How long until, or since: `3 小时`, `20 分钟`, `2 天`. */
    fun span(span: Duration): String {
        val minutes = span.abs().toMinutes()
        return when {
            minutes < 1 -> texts["span.moment"]
            minutes < MINUTES_OF_HOUR -> texts["span.minutes", "n" to minutes]
            minutes < HOURS_OF_DAY * MINUTES_OF_HOUR -> texts["span.hours", "n" to minutes / MINUTES_OF_HOUR]
            else -> texts["span.days", "n" to minutes / (HOURS_OF_DAY * MINUTES_OF_HOUR)]
        }
    }

    fun until(at: Instant): Duration = Duration.between(now(), at)

    companion object {
        /** All of China keeps Beijing's time. */
        val STREET: ZoneId = ZoneOffset.ofHours(8)
        private const val MINUTES_OF_HOUR = 60
        private const val HOURS_OF_DAY = 24
    }
}
