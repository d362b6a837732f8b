-- shape: what is left of texts when what looks like a value is taken out, too?
-- grain:  one row per text of mining_zeroed, in shaped: seq, shape; '' where there is no text
-- params: none
-- order:  none
-- Masks do not tell one digit from another, but for a status: of texts that differ in their digits alone, as most do that
-- are not equal, one is masked.
INSERT INTO shaped
WITH masked AS (
    SELECT
        zeroed,
        regexp_matches(zeroed, mining_status_pattern()) AS has_status,
        mining_masked(zeroed) AS shape
    FROM (SELECT DISTINCT zeroed FROM mining_zeroed)
)
SELECT
    texts.seq,
    coalesce(CASE WHEN masked.has_status THEN mining_masked(texts.text) ELSE masked.shape END, '') AS shape
FROM mining_zeroed AS texts
LEFT JOIN masked ON masked.zeroed = texts.zeroed;
