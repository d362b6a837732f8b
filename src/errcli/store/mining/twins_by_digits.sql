-- twins_by_digits: which of the twins with digits that decide are equal in these, too?
-- grain:  one row per event, in mining_twins; none of the twins looked at is an example any more
-- params: none
-- order:  none
-- Their numbers have no gaps, so that who looks for one finds it by its place.
DELETE FROM example_shapes
WHERE example IN (SELECT seq FROM mining_unlike);

CREATE OR REPLACE TEMP TABLE mining_twins AS
WITH events AS (
    SELECT
        twins.seq, twins.kind, to_shape.message, to_shape.page, to_shape.workflow_id, to_shape.agent_id,
        CAST(to_shape.input_data AS VARCHAR) AS input_data
    FROM mining_twins AS twins
    SEMI JOIN mining_unlike AS unlike ON unlike.twin = twins.twin
    JOIN to_shape ON to_shape.seq = twins.seq
),
firsts AS (
    SELECT message, page, workflow_id, agent_id, input_data, row_number() OVER () AS twin
    FROM events
    GROUP BY message, page, workflow_id, agent_id, input_data
)
SELECT events.seq, events.kind, firsts.twin, true AS is_exact
FROM events
JOIN firsts
    ON firsts.message IS NOT DISTINCT FROM events.message
    AND firsts.page IS NOT DISTINCT FROM events.page
    AND firsts.workflow_id IS NOT DISTINCT FROM events.workflow_id
    AND firsts.agent_id IS NOT DISTINCT FROM events.agent_id
    AND firsts.input_data IS NOT DISTINCT FROM events.input_data;
