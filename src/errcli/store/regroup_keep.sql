-- regroup_keep: let events have their new shapes, and let what they had before lead to these.
-- grain:  changed_days: one row per UTC day with events that moved, and the newest
-- params: none
-- order:  none
UPDATE user_errors
SET shape_id = kind_shapes.shape_id
FROM regrouped_events AS moving
JOIN kind_shapes ON kind_shapes.kind = moving.kind
WHERE user_errors.rowid = moving.row_id;

-- What was mined may have been mined otherwise: it is mined anew, for which one changed day is enough.
UPDATE shape_patterns
SET errors = -1;

INSERT INTO changed_days
SELECT date
FROM (
    SELECT date FROM regrouped_events
    UNION
    SELECT date FROM pruned_stats WHERE shape_id IN (SELECT shape_id FROM shape_moves)
    UNION
    SELECT max(date) AS date
    FROM (SELECT utc_date(max(timestamp)) AS date FROM user_errors UNION ALL SELECT max(date) AS date FROM pruned_stats)
) AS days
WHERE date IS NOT NULL AND date NOT IN (SELECT date FROM changed_days);

UPDATE pruned_stats
SET shape_id = shape_moves.moved_to
FROM shape_moves
WHERE pruned_stats.shape_id = shape_moves.shape_id;

UPDATE shapes
SET moved_to = NULL, moved_seen = NULL
WHERE shape_id IN (SELECT moved_to FROM shape_moves);

UPDATE shapes
SET moved_to = shape_moves.moved_to, moved_seen = shape_moves.moved_seen
FROM shape_moves
WHERE shapes.shape_id = shape_moves.shape_id;

-- What led to a shape that has moved leads on.
UPDATE shapes
SET moved_to = shape_moves.moved_to
FROM shape_moves
WHERE shapes.moved_to = shape_moves.shape_id;
