-- load_alike: which of the events that the engine has read say the same, but for digits in their longer texts?
-- grain:  alike: one row per event: seq; alike, a hash of what it says; looked_at: seq, the first of those that are alike
-- params: none
-- order:  none
-- Digits aside, twins say the same in their page, their input data and the beginning of their message.
CREATE OR REPLACE TEMP TABLE alike AS
SELECT
    arriving.seq,
    hash(
        twins.twin, arriving.error_type, arriving.error_code, arriving.user_message, arriving.technical, arriving.action,
        arriving.severity, arriving.recovery_method, arriving.recovery_user_action, arriving.release,
        arriving.fingerprint, arriving.previous_errors,
        -- blanks around a message do not count among twins, nor does what stands far behind
        strlen(arriving.error_message),
        CASE WHEN strlen(arriving.error_message) > 1000 THEN arriving.error_message END
    ) AS alike
FROM temp.arriving
JOIN mining_twins AS twins ON twins.seq = arriving.seq
WHERE arriving.plain;

CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT min(seq) AS seq
FROM alike
GROUP BY alike;
