-- load_alike_suspects: which events are like a suspect?
-- grain:  looked_at: one row per such event: seq
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT seq
FROM alike
WHERE alike IN (SELECT alike FROM alike SEMI JOIN suspects ON suspects.seq = alike.seq);
