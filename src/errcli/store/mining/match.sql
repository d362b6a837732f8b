-- match: which of the texts that wait have a template that was learned from the others?
-- grain:  one row per such text: text_id, template_id
-- params: parts, in how many the texts are cut; part, which of them, from 0
-- order:  none
-- What is no word of any template of its type and code is a value.
INSERT INTO mining_matched
WITH parted AS (
    SELECT *
    FROM (
        SELECT text_id, group_id, string_split(text, ' ') AS words
        FROM mining_waiting
        WHERE text_id % $parts = $part
    ) AS waiting
    WHERE len(words) <= 200
),
tokens AS (
    SELECT text_id, group_id, unnest(words) AS word, CAST(generate_subscripts(words, 1) AS INTEGER) AS place
    FROM parted
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
known AS (
    SELECT tokens.text_id, list(tokens.place) AS places
    FROM tokens
    SEMI JOIN constants ON constants.group_id = tokens.group_id AND constants.word = tokens.word
    GROUP BY tokens.text_id
),
outlines AS (
    SELECT
        parted.text_id,
        parted.group_id,
        regexp_replace(
            array_to_string(
                list_transform(
                    parted.words,
                    lambda word, place: CASE
                        WHEN list_contains(known.places, CAST(place AS INTEGER)) THEN word
                        ELSE mining_emptied(word)
                    END
                ),
                ' '
            ),
            e'<\\*>(?: \x01?<\\*>)+', '<*>', 'g'
        ) AS text
    FROM parted
    LEFT JOIN known ON known.text_id = parted.text_id
)
SELECT outlines.text_id, templates.text_id AS template_id
FROM outlines
JOIN templates ON templates.group_id = outlines.group_id AND templates.text = outlines.text;
