-- load_alike_suspects: which of the lines just read are twins of a suspect?
-- grain:  looked_at: one row per such event: seq
-- params: first: the seq of the first line
-- order:  none
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT arriving.seq
FROM temp.arriving
JOIN mining_twins AS twins ON twins.seq = arriving.seq
WHERE arriving.plain
    AND arriving.seq >= $first
    AND twins.twin IN (SELECT twin FROM mining_twins SEMI JOIN suspects ON suspects.seq = mining_twins.seq);
