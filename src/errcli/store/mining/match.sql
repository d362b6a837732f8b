-- match: which of the texts that wait have a template that was learned from the others?
-- grain:  one row per such text: text_id, template_id
-- params: parts, in how many the texts are cut; part, which of them, from 0
-- order:  none
-- What is no word of any template of its type and code is a value.
INSERT INTO mining_matched
WITH tokens AS (
    SELECT text_id, group_id, unnest(words) AS word, CAST(generate_subscripts(words, 1) AS INTEGER) AS place
    FROM (
        SELECT text_id, group_id, string_split(text, ' ') AS words
        FROM mining_waiting
        WHERE text_id % $parts = $part
    ) AS parted
    WHERE len(words) <= 200
),
templates AS (
    SELECT text_id, group_id, text
    FROM mining_texts
    WHERE contains(text, '<*>')
),
constants AS (
    SELECT DISTINCT group_id, unnest(string_split(text, ' ')) AS word
    FROM templates
),
outlines AS (
    SELECT
        tokens.text_id,
        tokens.group_id,
        regexp_replace(
            string_agg(
                CASE WHEN constants.word IS NULL THEN mining_emptied(tokens.word) ELSE tokens.word END,
                ' ' ORDER BY tokens.place
            ),
            e'<\\*>(?: \x01?<\\*>)+', '<*>', 'g'
        ) AS text
    FROM tokens
    LEFT JOIN constants ON constants.group_id = tokens.group_id AND constants.word = tokens.word
    GROUP BY tokens.text_id, tokens.group_id
)
SELECT outlines.text_id, templates.text_id AS template_id
FROM outlines
JOIN templates ON templates.group_id = outlines.group_id AND templates.text = outlines.text;
