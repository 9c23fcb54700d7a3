-- What the indexes hold, if any of it changed.
UPDATE case_row SET
    point = :point,
    community = :community,
    handler = :handler,
    open = :open,
    disputed = :disputed,
    due = :due,
    merged_into = :merged_into
WHERE n = :n
    AND (point, community, handler, open, disputed, due, merged_into)
        IS NOT (:point, :community, :handler, :open, :disputed, :due, :merged_into)
