INSERT INTO case_row (
    n, id, home, point, community, standard, handler_unit, handler, answered, reporter, source, status, unmerged,
    open, disputed, due, late_before, late_after, reported, doubtful, active, times_found, photos, thumbnail,
    merged_into, lat, lon, description, words
) VALUES (
    :n, :id, :home, :point, :community, :standard, :handler_unit, :handler, :answered, :reporter, :source, :status,
    :unmerged, :open, :disputed, :due, :late_before, :late_after, :reported, :doubtful, :active, :times_found,
    :photos, :thumbnail, :merged_into, :lat, :lon, :description, :words
)
ON CONFLICT (n) DO UPDATE SET
    point = excluded.point,
    community = excluded.community,
    standard = excluded.standard,
    handler_unit = excluded.handler_unit,
    handler = excluded.handler,
    answered = excluded.answered,
    reporter = excluded.reporter,
    source = excluded.source,
    status = excluded.status,
    unmerged = excluded.unmerged,
    open = excluded.open,
    disputed = excluded.disputed,
    due = excluded.due,
    late_before = excluded.late_before,
    late_after = excluded.late_after,
    reported = excluded.reported,
    doubtful = excluded.doubtful,
    active = excluded.active,
    times_found = excluded.times_found,
    photos = excluded.photos,
    thumbnail = excluded.thumbnail,
    merged_into = excluded.merged_into,
    lat = excluded.lat,
    lon = excluded.lon,
    description = excluded.description,
    words = excluded.words
