-- load_folded: which arriving events are folded into another?
-- grain:  one row per such event: seq, its number in the file, its id and time, the errors it stands for, and the id of
--         the event that it is folded into
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE folded (
    seq         BIGINT,
    id          UUID,
    timestamp   TIMESTAMPTZ,
    occurrences INTEGER,
    into_id     UUID
);
