package sanben.field

import sanben.FieldFailure
import sanben.PersonView
import sanben.PointView
import sanben.Standard
import sanben.device.Device

/** The reference data by code, for showing names. A code without a name is shown as it is. */
data class Names(
    val me: PersonView?,
    val people: Map<String, PersonView>,
    val points: Map<String, PointView>,
    val standards: Map<String, Standard>,
    val units: Map<String, String>,
    val communities: List<String>,
) {
    fun person(code: String): String = people[code]?.name ?: me?.takeIf { it.code == code }?.name ?: code

    fun point(code: String): String = points[code]?.name ?: code

    fun standard(code: String): String = standards[code]?.name ?: code

    fun unit(code: String): String = units[code] ?: code

    companion object {
        val NONE = Names(null, emptyMap(), emptyMap(), emptyMap(), emptyMap(), emptyList())

        suspend fun read(device: Device): Names {
            val units = device.units()
            return Names(
                me =
                    try {
                        device.ownPerson()
                    } catch (_: FieldFailure.NothingYet) {
                        null
                    } catch (_: FieldFailure.NotEnrolled) {
                        null
                    },
                people = device.people().associateBy { it.code },
                points = device.points().associateBy { it.code },
                standards = device.standards().associateBy { it.code },
                units = units.associate { it.code to it.name },
                communities = units.filter { it.community }.map { it.code },
            )
        }
    }
}
