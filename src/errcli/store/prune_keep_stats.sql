-- prune_keep_stats: keep the counts of the events that are about to go.
-- grain:  one row per (date, pattern, user, page, action) of them
-- params: horizon
-- order:  none
INSERT INTO pruned_stats BY NAME
FROM stats_of_events($horizon, false);
