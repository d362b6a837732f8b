-- regroup_events: whose messages are to be looked at anew, of some rows?
-- grain:  one row per event, seq being its row and 1; and, with the first rows, seq being negative, per shape of which only
--         counts are left
-- params: first, last: from which row to which; keep_names, whether events that a rule of the settings has named stay as
--         they are
-- order:  none
CREATE OR REPLACE TEMP TABLE regrouping AS
SELECT user_errors.rowid + 1 AS seq, user_errors.*
FROM user_errors
LEFT JOIN shapes ON shapes.shape_id = user_errors.shape_id
WHERE user_errors.rowid BETWEEN $first AND $last AND NOT ($keep_names AND coalesce(shapes.named_by = 'rule', false))
UNION ALL BY NAME
SELECT -shapes.shape_id AS seq, shapes.shape_id, shapes.error_type, shapes.error_code, shapes.shape AS error_message
FROM shapes
WHERE $first = 0
    AND shapes.named_by IS NULL
    AND shapes.shape_id IN (SELECT shape_id FROM pruned_stats)
    AND shapes.shape_id NOT IN (SELECT shape_id FROM user_errors WHERE shape_id IS NOT NULL);
