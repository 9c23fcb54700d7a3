INSERT INTO case_row (
    n, id, home, point, community, standard, handler_unit, handler, answered, reporter, source, status, unmerged,
    open, disputed, due, late_before, late_after, reported, doubtful, active, times_found, photos, thumbnail,
    merged_into, lat, lon, description, words
) VALUES (
    :n, :id, :home, :point, :community, :standard, :handler_unit, :handler, :answered, :reporter, :source, :status,
    :unmerged, :open, :disputed, :due, :late_before, :late_after, :reported, :doubtful, :active, :times_found,
    :photos, :thumbnail, :merged_into, :lat, :lon, :description, :words
)
