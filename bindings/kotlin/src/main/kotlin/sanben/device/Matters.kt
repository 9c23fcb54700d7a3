package sanben.device

import sanben.FeatureForm
import sanben.FieldValue
import sanben.FilledBrief
import sanben.MatterDetail
import sanben.MatterDraft
import sanben.MatterPage
import sanben.MatterQuery
import sanben.NewMatter
import sanben.Period
import sanben.Tongue
import sanben.Uncovered
import java.nio.file.Path
import java.time.LocalDate
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

// Forms that save themselves, field by field.

/** Begins the form that opens a matter of this feature. */
suspend fun Device.draftMatter(feature: String): UUID = call { draftMatter(feature) }

/** Begins the form of an act on a matter. */
suspend fun Device.draftAct(
    matter: UUID,
    act: String,
): UUID = call { draftAct(matter, act) }

/** Saves one field, or a part of the header such as `@point`; `null` empties it. */
suspend fun Device.saveField(
    draft: UUID,
    name: String,
    value: FieldValue?,
) = call { matterDraftSet(draft, name, value) }

/** Takes a photo file into a field. The file is no longer needed afterwards. */
suspend fun Device.addFieldPhoto(
    draft: UUID,
    name: String,
    file: Path,
) = call { matterDraftPhoto(draft, name, file.toString()) }

suspend fun Device.matterDrafts(tongue: Tongue): List<MatterDraft> = call { matterDrafts(tongue) }

suspend fun Device.discardMatterDraft(draft: UUID) = call { matterDraftDiscard(draft) }

/** Opens the matter, or acts on it; returns the matter. */
suspend fun Device.submitMatterDraft(draft: UUID): UUID = call { submitMatterDraft(draft) }

// Briefs and coverage.

/** Puts the problems of a day, today by default, into its brief. */
suspend fun Device.fillWorkBrief(
    title: String,
    day: LocalDate? = null,
): FilledBrief = call { fillWorkBrief(title, day) }

/** Where in the grid something is lacking that a standard asks for in each node. */
suspend fun Device.uncovered(period: Period): List<Uncovered> = call { uncovered(period) }
