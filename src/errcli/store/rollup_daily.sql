-- rollup_daily: bring daily_error_stats up to date for the days that changed.
-- grain:  one row per (date, user) of a changed day
-- params: none
-- order:  by date, then user_id
DELETE FROM daily_error_stats
WHERE date IN (SELECT date FROM changed_days);

INSERT INTO daily_error_stats BY NAME
SELECT *
FROM changed_daily_stats
ORDER BY date, user_id;
