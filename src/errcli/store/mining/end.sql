-- end: which template does each shape have?
-- grain:  one row per shape: shape_id, template
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mined AS
SELECT members.shape_id, mining_joined(texts.text) AS template
FROM (FROM mining_members UNION ALL FROM mining_waiting_members) AS members
JOIN (FROM mining_texts UNION ALL FROM mining_waiting) AS texts ON texts.text_id = members.text_id;
