-- load_events: add the fresh events to the store.
-- grain:  one row per fresh event
-- params: now
-- order:  by time, so that the zone maps of a window's columns leave out the rest of the file
INSERT INTO user_errors BY NAME
SELECT staged.* EXCLUDE (seq), CAST($now AS TIMESTAMPTZ) AS created_at
FROM staged
JOIN fresh ON fresh.seq = staged.seq
ORDER BY staged.timestamp, staged.seq;
