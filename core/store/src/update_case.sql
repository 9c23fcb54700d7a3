-- What no index holds.
UPDATE case_row SET
    standard = :standard,
    handler_unit = :handler_unit,
    answered = :answered,
    reporter = :reporter,
    source = :source,
    status = :status,
    unmerged = :unmerged,
    late_before = :late_before,
    late_after = :late_after,
    reported = :reported,
    doubtful = :doubtful,
    active = :active,
    times_found = :times_found,
    photos = :photos,
    thumbnail = :thumbnail,
    lat = :lat,
    lon = :lon,
    description = :description,
    words = :words
WHERE n = :n
