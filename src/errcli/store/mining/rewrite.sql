-- rewrite: what are the texts once the values that were found are taken out, and which of them are equal now?
-- grain:  mining_texts, as in begin
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mining_texts AS
WITH found AS (
    SELECT
        text_id,
        place,
        place + width - 1 AS last_place,
        coalesce(lag(place + width) OVER places, 1) AS from_place,
        lag(place) OVER places IS NULL AND lead(place) OVER places IS NULL AS is_only
    FROM mining_found
    WINDOW places AS (PARTITION BY text_id ORDER BY place)
),
parted AS (
    SELECT found.*, string_split(texts.text, ' ') AS words
    FROM mining_in_halves('mining_texts', text_id) AS texts
    JOIN found ON found.text_id = texts.text_id
),
parts AS (
    -- a value, and what is between it and the one before
    SELECT
        parted.text_id,
        parted.place,
        parted.is_only,
        array_to_string(
            list_append(parted.words[parted.from_place : parted.place - 1], first.lead || '<*>' || last.trail), ' '
        ) AS text,
        array_to_string(parted.words[parted.last_place + 1 :], ' ') AS rest
    FROM parted
    JOIN mining_vocabulary AS first ON first.word = parted.words[parted.place]
    JOIN mining_vocabulary AS last ON last.word = parted.words[parted.last_place]
),
together AS (
    -- most texts have one value: to put those of a text in their order takes long
    SELECT text_id, text, rest
    FROM parts
    WHERE is_only
    UNION ALL
    SELECT text_id, string_agg(text, ' ' ORDER BY place) AS text, arg_max(rest, place) AS rest
    FROM parts
    WHERE NOT is_only
    GROUP BY text_id
),
rewritten AS (
    SELECT
        text_id,
        regexp_replace(concat_ws(' ', text, nullif(rest, '')), e'<\\*>(?: \x01?<\\*>)+', '<*>', 'g') AS text
    FROM together
),
renamed AS (
    SELECT
        texts.* REPLACE (coalesce(rewritten.text, texts.text) AS text),
        coalesce(rewritten.text <> texts.text, false) AS is_new
    FROM mining_texts AS texts
    LEFT JOIN rewritten ON rewritten.text_id = texts.text_id
)
SELECT
    CAST(coalesce(min(text_id) FILTER (WHERE NOT is_new), nextval('mining_numbers')) AS INTEGER) AS text_id,
    group_id,
    text,
    CAST(sum(events) AS BIGINT) AS events,
    flatten(list(shapes)) AS shapes
FROM renamed
GROUP BY group_id, text;
