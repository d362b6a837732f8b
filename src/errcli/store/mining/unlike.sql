-- unlike: of which twins do digits decide, so that the one that was looked at does not stand for all of them?
-- grain:  mining_unlike: one row per twin: twin, and seq of the one that was looked at; the answer: how many there are
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_unlike AS
SELECT chosen.twin, chosen.seq
FROM mining_chosen AS chosen
JOIN example_shapes AS shapes ON shapes.example = chosen.seq
WHERE shapes.by_digits AND NOT chosen.is_sure;
