-- load_counts: how many of the arriving events are to be stored, how many are duplicates, how many are folded?
-- grain:  one row: stored, duplicates, folded
-- params: none
-- order:  none
SELECT
    (SELECT count(*) FROM temp.arriving) - (SELECT count(*) FROM known) - (SELECT count(*) FROM folded) AS stored,
    (SELECT count(*) FROM known WHERE rule IS NULL) AS duplicates,
    (SELECT count(*) FROM folded) AS folded;
