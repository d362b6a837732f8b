-- load_changed_days: which UTC days have to be rolled up again?
-- grain:  one row per day with fresh events that is not noted yet
-- params: none
-- order:  none
INSERT INTO changed_days
SELECT DISTINCT CAST(staged.timestamp AS DATE) AS date
FROM staged
JOIN fresh ON fresh.seq = staged.seq
WHERE CAST(staged.timestamp AS DATE) NOT IN (SELECT date FROM changed_days);
