-- chosen: of twins, which one is looked at, and what does it say?
-- grain:  mining_chosen: one row per twin: twin, seq of the first; is_sure, whether it stands for all of them;
--         mining_subjects: one row per chosen event: seq, message, and the columns that hold values
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_chosen AS
SELECT twin, min(seq) AS seq, bool_and(is_exact) OR count(*) = 1 AS is_sure
FROM mining_twins
GROUP BY twin;

CREATE OR REPLACE TEMP TABLE mining_subjects AS
SELECT
    to_shape.seq,
    mining_beginning(to_shape.message) AS message,
    to_shape.user_id, to_shape.session_id, to_shape.page, to_shape.workflow_id, to_shape.agent_id, to_shape.input_data
FROM to_shape
SEMI JOIN mining_chosen AS chosen ON chosen.seq = to_shape.seq;
