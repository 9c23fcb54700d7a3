package sanben.device

import sanben.FeatureForm
import sanben.FieldValue
import sanben.MatterDetail
import sanben.MatterPage
import sanben.MatterQuery
import sanben.NewMatter
import sanben.Tongue
import java.nio.file.Path
import java.util.UUID

/** What this person may open, each with its form. */
suspend fun Device.features(tongue: Tongue): List<FeatureForm> = call { features(tongue) }

suspend fun Device.openMatter(matter: NewMatter): UUID = call { openMatter(matter) }

/** Does something to a matter, with photo files by field; returns the event. */
suspend fun Device.actOnMatter(
    id: UUID,
    act: String,
    fields: Map<String, FieldValue>,
    photos: Map<String, List<Path>> = emptyMap(),
): UUID = call { actOnMatter(id, act, fields, photos.mapValues { (_, files) -> files.map(Path::toString) }) }

suspend fun Device.matters(
    query: MatterQuery,
    tongue: Tongue,
    after: String? = null,
): MatterPage = call { mattersPage(query, after, tongue) }

suspend fun Device.matter(
    id: UUID,
    tongue: Tongue,
): MatterDetail = call { matter(id, tongue) }
