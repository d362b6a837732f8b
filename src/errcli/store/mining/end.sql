-- end: which template does each shape have?
-- grain:  one row per shape: shape_id, template
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mined AS
SELECT unnest(shapes) AS shape_id, mining_joined(text) AS template
FROM (FROM mining_texts UNION ALL FROM mining_waiting) AS texts;
