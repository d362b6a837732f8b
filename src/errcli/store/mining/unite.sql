-- unite: which texts are equal now?
-- grain:  mining_texts: one row per distinct text of a type and code: text_id, group_id, text, events; mining_members: one
--         row per shape: shape_id, text_id
-- params: none
-- order:  none
-- A text that is new gets a number that no other has, and none had whose words are still there.
CREATE OR REPLACE TEMP TABLE mining_texts AS
WITH numbered AS (
    SELECT text_id FROM mining_renamed
    UNION ALL
    SELECT text_id FROM mining_waiting
    UNION ALL
    SELECT text_id FROM mining_read_words
)
SELECT
    CAST(
        coalesce(min(text_id) FILTER (WHERE NOT is_new), (SELECT max(text_id) FROM numbered) + row_number() OVER ())
        AS INTEGER
    ) AS text_id,
    group_id,
    text,
    CAST(sum(events) AS BIGINT) AS events
FROM mining_renamed
GROUP BY group_id, text;

CREATE OR REPLACE TEMP TABLE mining_members AS
SELECT members.shape_id, texts.text_id
FROM mining_members AS members
JOIN mining_renamed AS renamed ON renamed.text_id = members.text_id
JOIN mining_texts AS texts ON texts.group_id = renamed.group_id AND texts.text = renamed.text;
