-- load_counts: how many staged events are to be stored, and how many lie at or before the prune horizon?
-- grain:  one row: stored, pruned
-- params: none
-- order:  none
SELECT
    (SELECT count(*) FROM fresh) AS stored,
    (SELECT count(*) FROM staged WHERE timestamp <= (SELECT max(horizon) FROM prunes)) AS pruned;
