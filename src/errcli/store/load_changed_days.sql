-- load_changed_days: which UTC days have to be rolled up again?
-- grain:  one row per day with new events that is not noted yet
-- params: none
-- order:  none
INSERT INTO changed_days
SELECT DISTINCT utc_date(timestamp) AS date
FROM temp.arriving
ANTI JOIN known ON known.seq = arriving.seq
WHERE utc_date(timestamp) NOT IN (SELECT date FROM changed_days);
