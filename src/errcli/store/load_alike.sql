-- load_alike: which of the lines just read say the same, but for digits in their longer texts?
-- grain:  looked_at: one row per group of events that do: seq, of the first
-- params: first: the seq of the first line
-- order:  none
-- Digits aside, twins say the same in their page, their input data and the beginning of their message.
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT min(arriving.seq) AS seq
FROM temp.arriving
JOIN mining_twins AS twins ON twins.seq = arriving.seq
WHERE arriving.plain AND arriving.seq >= $first
GROUP BY
    twins.twin, error_type, error_code, user_message, technical, action, severity, recovery_method,
    recovery_user_action, release, fingerprint, previous_errors,
    -- among twins blanks around a message do not count, one of blanks gives way, and so does what stands far behind;
    -- and of where texts end, twins have a hash only
    strlen(error_message),
    strlen(page),
    starts_with(error_message, ' '),
    CASE WHEN strlen(error_message) > 1000 THEN error_message END;
