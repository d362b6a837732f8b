-- twins_by_digits: which of the twins with digits that decide are equal in these, too?
-- grain:  one row per event: seq, twin, is_exact, as in twins.sql
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_twins AS
WITH unlike AS (
    SELECT twins.seq
    FROM mining_twins AS twins
    JOIN mining_chosen AS chosen ON chosen.twin = twins.twin
    JOIN mining_shapes AS shapes ON shapes.seq = chosen.seq
    WHERE shapes.by_digits AND NOT chosen.is_sure
)
SELECT seq, hash(message, page, workflow_id, agent_id, input_data) AS twin, true AS is_exact
FROM to_shape
SEMI JOIN unlike ON unlike.seq = to_shape.seq;
