-- twins_by_digits: which of the twins with digits that decide are equal in these, too?
-- grain:  one row per event, in mining_twins; none of the twins looked at is an example any more
-- params: none
-- order:  none
DELETE FROM example_shapes
WHERE example IN (SELECT seq FROM mining_unlike);

CREATE OR REPLACE TEMP TABLE mining_twins AS
SELECT
    twins.seq,
    twins.kind,
    hash(to_shape.message, to_shape.page, to_shape.workflow_id, to_shape.agent_id, to_shape.input_data) AS twin,
    true AS is_exact
FROM mining_twins AS twins
SEMI JOIN mining_unlike AS unlike ON unlike.twin = twins.twin
JOIN to_shape ON to_shape.seq = twins.seq;
